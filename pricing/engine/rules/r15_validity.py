"""R15: until when a quote is valid. The days are found where it is calculated; here is what its own terms must keep."""

from datetime import date

from ..problems import Problem, refusal
from ..wording import Rule, both

R15 = Rule("R15", both("Validity of a quote", "見積有効期限"))

VALIDITY_PASSED = refusal(
    R15,
    "validity-passed",
    en="The quote is to be valid until {until:day}, which is before its day, {on:day}.",
    ja="見積有効期限が {until:day} で、見積日 {on:day} より前です。",
)


def check_validity(until: date | None, *, on: date) -> list[Problem]:
    """The last day by the quote's own terms is not before the quote's day; None: it has none."""
    if until is None or until >= on:
        return []
    return [Problem(VALIDITY_PASSED, ("validity",), {"until": until, "on": on})]
