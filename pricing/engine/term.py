"""The new support period (R1, R2)."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from .decision import decision
from .values import LEAST_YEARS, MOST_YEARS, Product, Programme

_DAY = timedelta(days=1)


@decision
class TermDecision:
    """A support period, both days inclusive, and the day it was counted from."""

    years: int
    follows: date | None
    """The old support expiry that the period follows; None: it starts on the quote's date (R11)."""
    term_from: date
    term_until: date


def shorter_programmes(products: Iterable[Product]) -> list[Programme]:
    """The programmes of the products that cannot be renewed for `MOST_YEARS`, each once, by code (R1)."""
    shorter = [product.programme for product in products if product.programme.most_years < MOST_YEARS]
    return sorted({programme.code: programme for programme in shorter}.values(), key=lambda programme: programme.code)


def possible_years(products: Iterable[Product]) -> range:
    """The terms for which the products can be renewed together (R1)."""
    most = min([programme.most_years for programme in shorter_programmes(products)], default=MOST_YEARS)
    return range(LEAST_YEARS, most + 1)


@lru_cache(maxsize=4096)
def term_after(support_expires_on: date, years: int) -> TermDecision:
    """The period that follows an old expiry: it begins the day after (R2)."""
    term_from = support_expires_on + _DAY
    return TermDecision(years, support_expires_on, term_from, last_day(term_from, years))


def term_starting(on: date, years: int) -> TermDecision:
    """The period of an addition that follows no renewed holding: it begins on the quote's date (R11)."""
    return TermDecision(years, None, on, last_day(on, years))


def last_day(term_from: date, years: int) -> date:
    """The last day of a period of whole years.

    The day before the corresponding date; where that date does not exist (29 February), the last day of
    that month (R2; Civil Code art. 143).
    """
    year = term_from.year + years
    if term_from.day > monthrange(year, term_from.month)[1]:
        return date(year, term_from.month, monthrange(year, term_from.month)[1])
    return term_from.replace(year=year) - _DAY
