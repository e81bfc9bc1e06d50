"""Which of a reseller's thresholds a quote passes, and by how much (R20). Reads only.

Compared is exactly, yen with yen: what 11.458 % is rounded to never decides. A quote needs approval where it lies above
a threshold, not where it just reaches it.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from licensing.models import Reseller
from pricing.engine.quote import QuotePricing

Passed = dict[str, Any]
"""One threshold that is passed, as JSON: `kind`, `limit`, `value`, and yen by which it is passed (`over`)."""

REDUCTION, AMOUNT = "reduction", "amount"


def has_thresholds(reseller: Reseller) -> bool:
    """Whether anything of this reseller can need approval."""
    return reseller.approval_reduction is not None or reseller.approval_amount is not None


def passed_thresholds(reseller: Reseller, pricing: QuotePricing) -> list[Passed]:
    """What the quote passes of the reseller's thresholds; nothing where it is refused."""
    if pricing.is_refused:
        return []
    found: list[Passed] = []
    limit, list_subtotal = reseller.approval_reduction, pricing.list_subtotal
    reduction = pricing.given_away
    if limit is not None and is_above_percent(reduction, list_subtotal, limit):
        at_limit = int(list_subtotal * limit // 100)
        found.append(
            {
                "kind": REDUCTION,
                "limit": _plain(limit),
                "limit_yen": at_limit,
                "value": _plain(pricing.percent_off),
                "value_yen": reduction,
                "over": reduction - at_limit,
            }
        )
    amount = reseller.approval_amount
    if amount is not None and pricing.total > amount:
        found.append({"kind": AMOUNT, "limit": amount, "value": pricing.total, "over": pricing.total - amount})
    return found


def is_above_percent(part: int, whole: int, percent: Decimal) -> bool:
    """Whether `part` is more than so many percent of `whole`, without rounding."""
    return part * 100 > percent * whole


def say_passed(passed: Mapping[str, Any]) -> str:
    """One of them as a sentence, in the reader's language."""
    told = {name: f"{value:,}" if isinstance(value, int) else value for name, value in passed.items()}
    if passed["kind"] == REDUCTION:
        text = _(
            "The reduction of %(value)s %% (¥%(value_yen)s) is ¥%(over)s above the threshold of %(limit)s %% "
            "(¥%(limit_yen)s)."
        )
        return text % told
    return _("The total of ¥%(value)s is ¥%(over)s above the threshold of ¥%(limit)s.") % told


def _plain(percent: Decimal) -> str:
    text = f"{percent:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
