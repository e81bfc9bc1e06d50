"""A request as its page shows it: everything needed to decide, from what is frozen in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from licensing.models import User
from pricing.costs.margins import LineMargin, MarginTotals, Rate, line_margins
from pricing.engine.rules.r20_offered_price import percent_off

from ..issue.approved import OWN
from ..issue.thresholds import say_passed
from ..models import ApprovalRequest


@dataclass(frozen=True)
class ShownLine:
    """One line: what it costs by the list, and at what it is offered; yen, tax excluded."""

    line: Mapping[str, Any]
    list_amount: int
    margin: LineMargin | None
    """None for those who see none."""

    @property
    def reduction(self) -> int:
        return int(self.list_amount - self.line["amount"])

    @property
    def percent(self) -> str:
        """Of the list amount, two decimals."""
        return f"{percent_off(self.list_amount, self.line['amount'])}"


def lines_of(request: ApprovalRequest, margins: MarginTotals | None) -> list[ShownLine]:
    lines = request.document["lines"]
    return [
        ShownLine(line, line["offer"]["list_amount"] if "offer" in line else line["amount"], margin)
        for line, margin in zip(lines, margins.lines[: len(lines)] if margins else [None] * len(lines), strict=True)
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


def reasons_of(request: ApprovalRequest, user: User) -> list[str]:
    """Which thresholds are passed, in sentences for the user."""
    return [say_passed(one, with_margins=user.sees_margins) for one in request.passed]


def margins_of(request: ApprovalRequest, user: User) -> MarginTotals | None:
    """What is left of it by the cost rates of the day on which it was asked; None for those who see no margins, and
    where there was no rate.
    """
    if not (user.sees_margins and request.rates):
        return None
    on = request.asked_at.astimezone(timezone.get_default_timezone()).date()
    kept = request.rates
    rates = {code: Rate(Decimal(text), "product", on) for code, text in kept.items() if not code.startswith(OWN)}
    costs = [kept.get(f"{OWN}{at}") for at in range(len(request.document.get("free_lines", ())))]
    return line_margins(request.document, rates, [None if cost is None else int(cost) for cost in costs])
