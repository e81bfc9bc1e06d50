"""R2: the new support period."""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from ..decision import decision
from ..step import StepKind
from ..wording import Rule, both

R2 = Rule("R2", both("New support period", "新サポート期間"))

TERM = StepKind(
    R2,
    "term",
    both(
        "{years:years} from the day after the expiry on {follows:day}", "満了日 {follows:day} の翌日から{years:years}間"
    ),
    result="{term_from:day} – {term_until:day}",
)

_DAY = timedelta(days=1)


@decision
class TermDecision:
    """A support period, both days inclusive, and the day it was counted from."""

    years: int
    follows: date | None
    """The old support expiry that the period follows; None: it starts on the quote's date (R11)."""
    term_from: date
    term_until: date


@lru_cache(maxsize=4096)
def term_after(support_expires_on: date, years: int) -> TermDecision:
    """The period that follows an old expiry: it begins the day after."""
    term_from = support_expires_on + _DAY
    return TermDecision(years, support_expires_on, term_from, last_day(term_from, years))


def term_starting(on: date, years: int) -> TermDecision:
    """The period of an addition that follows no renewed holding: it begins on the quote's date (R11)."""
    return TermDecision(years, None, on, last_day(on, years))


def last_day(term_from: date, years: int) -> date:
    """The last day of a period of whole years.

    The day before the corresponding date; where that date does not exist (29 February), the last day of
    that month (Civil Code art. 143).
    """
    year = term_from.year + years
    if term_from.day > monthrange(year, term_from.month)[1]:
        return date(year, term_from.month, monthrange(year, term_from.month)[1])
    return term_from.replace(year=year) - _DAY
