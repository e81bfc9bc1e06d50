"""R22: holdings that another quote settles already."""

from ..problems import Problem, warning
from ..values import LEAST_YEARS, MOST_YEARS, HoldingChoice, QuotedElsewhere, each_product_once
from ..wording import Rule, both
from .r02_support_period import term_after
from .r03_quoted import Quoted

R22 = Rule("R22", both("Quoted twice", "見積の重複"))

ALREADY_QUOTED = warning(
    R22,
    "already-quoted",
    en="Quote {number} for the same support is still open: {products}.",
    ja="{products} は、見積 {number} で見積中です。",
)
ALREADY_ORDERED = warning(
    R22,
    "already-ordered",
    en="The new support period is ordered already, by quote {number}: {products}.",
    ja="{products} の新サポート期間は、見積 {number} で受注済みです。",
)


def warn_of_other_quotes(quoted: Quoted) -> list[Problem]:
    """Other quotes of what is renewed or discontinued here: the ordered ones first, each once, by their numbers."""
    by_quote: dict[tuple[bool, str, str], list[HoldingChoice]] = {}
    for choice in quoted.request.holdings:
        if choice.renewal_quantity is None:
            continue
        for other in choice.elsewhere:
            if not other.is_ordered or _overlaps(choice, other, quoted.request.years):
                by_quote.setdefault((not other.is_ordered, other.number, other.key), []).append(choice)
    problems = []
    for (is_open, number, key), choices in sorted(by_quote.items(), key=lambda item: item[0]):
        facts = {"number": number, "key": key, "products": each_product_once(one.holding.product for one in choices)}
        places = tuple(dict.fromkeys(f"holding:{one.holding.key}" for one in choices))
        problems.append(Problem(ALREADY_QUOTED if is_open else ALREADY_ORDERED, places, facts))
    return problems


def _overlaps(choice: HoldingChoice, other: QuotedElsewhere, years: int) -> bool:
    """Whether an ordered period and the new one share a day. What is discontinued stays so without an end."""
    expired = choice.holding.support_expires_on
    if other.term_until is not None and other.term_until <= expired:
        return False
    if not choice.renewal_quantity or not LEAST_YEARS <= years <= MOST_YEARS:  # such a term is refused (R1)
        return True
    return other.term_from <= term_after(expired, years).term_until
