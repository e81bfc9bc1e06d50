"""A request as its page shows it: everything needed to decide, from what is frozen in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pricing.engine.rules.r20_offered_price import percent_off

from ..issue.thresholds import say_passed
from ..models import ApprovalRequest


@dataclass(frozen=True)
class ShownLine:
    """One line: what it costs by the list, and at what it is offered; yen, tax excluded."""

    line: Mapping[str, Any]
    list_amount: int

    @property
    def reduction(self) -> int:
        return int(self.list_amount - self.line["amount"])

    @property
    def percent(self) -> str:
        """Of the list amount, two decimals."""
        return f"{percent_off(self.list_amount, self.line['amount'])}"


def lines_of(request: ApprovalRequest) -> list[ShownLine]:
    return [
        ShownLine(line, line["offer"]["list_amount"] if "offer" in line else line["amount"])
        for line in request.document["lines"]
    ]


def sums_of(request: ApprovalRequest) -> dict[str, Any]:
    """From the list to the total."""
    offers = request.document.get("offers") or {}
    return {
        "list_subtotal": request.list_subtotal,
        "lines_reduction": request.given_away - offers.get("reduction", 0),
        "free": sum(line["amount"] for line in request.document.get("free_lines", ())),
        "reduction": offers.get("reduction", 0),
        "percent": percent_off(request.list_subtotal, request.list_subtotal - request.given_away),
        "off": request.given_away,
        "taxes": request.document["tax_totals"],
        "total": request.total,
    }


def reasons_of(request: ApprovalRequest) -> list[str]:
    """Which thresholds are passed, in sentences."""
    return [say_passed(one) for one in request.passed]
