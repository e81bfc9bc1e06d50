"""The new support period (R1, R2)."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.engine.rules.r01_term import possible_years
from pricing.engine.rules.r02_support_period import last_day, term_after, term_starting
from pricing.engine.values import Product, Programme, RankBasis

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2999, 12, 31))
YEARS = st.integers(1, 6)
ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("old_end", "years", "term_from", "term_until"),
    [
        (date(2025, 2, 28), 3, date(2025, 3, 1), date(2028, 2, 29)),
        (date(2028, 2, 28), 1, date(2028, 2, 29), date(2029, 2, 28)),
        (date(2028, 2, 28), 4, date(2028, 2, 29), date(2032, 2, 28)),
        (date(2028, 2, 29), 1, date(2028, 3, 1), date(2029, 2, 28)),
        (date(2028, 2, 29), 4, date(2028, 3, 1), date(2032, 2, 29)),
        (date(2027, 1, 30), 1, date(2027, 1, 31), date(2028, 1, 30)),
        (date(2027, 1, 31), 1, date(2027, 2, 1), date(2028, 1, 31)),
        (date(2027, 3, 30), 1, date(2027, 3, 31), date(2028, 3, 30)),
        (date(2027, 3, 31), 6, date(2027, 4, 1), date(2033, 3, 31)),
        (date(2027, 12, 31), 1, date(2028, 1, 1), date(2028, 12, 31)),
        (date(2096, 2, 28), 4, date(2096, 2, 29), date(2100, 2, 28)),  # 2100 is no leap year
        (date(1999, 2, 28), 1, date(1999, 3, 1), date(2000, 2, 29)),  # 2000 was one
    ],
)
def test_the_period_follows_the_old_expiry(old_end: date, years: int, term_from: date, term_until: date):
    term = term_after(old_end, years)
    assert (term.follows, term.years, term.term_from, term.term_until) == (old_end, years, term_from, term_until)


def test_a_period_from_the_quotes_date_begins_that_very_day():
    term = term_starting(date(2027, 1, 15), 2)
    assert (term.follows, term.years) == (None, 2)
    assert (term.term_from, term.term_until) == (date(2027, 1, 15), date(2029, 1, 14))


@pytest.mark.parametrize(
    ("most_years", "possible"),
    [
        ((), [1, 2, 3, 4, 5, 6]),
        ((6,), [1, 2, 3, 4, 5, 6]),
        ((6, 3), [1, 2, 3]),
        ((5, 3, 4), [1, 2, 3]),
        ((1, 6), [1]),
        ((9,), [1, 2, 3, 4, 5, 6]),
    ],
)
def test_the_shortest_programme_says_for_how_long_products_can_be_renewed_together(
    most_years: tuple[int, ...], possible: list[int]
):
    products = [
        Product(f"P{most}", "", Programme(f"G{most}", "", RankBasis.OWN_QUANTITY, most_years=most))
        for most in most_years
    ]
    assert list(possible_years(products)) == possible


@given(DAYS, YEARS)
def test_the_next_day_is_the_corresponding_date_or_the_first_after_it(term_from: date, years: int):
    following = last_day(term_from, years) + ONE_DAY
    assert following.year == term_from.year + years
    if (term_from.month, term_from.day) != (2, 29) or calendar.isleap(following.year):
        assert (following.month, following.day) == (term_from.month, term_from.day)
    else:
        assert (following.month, following.day) == (3, 1)


@given(DAYS, YEARS)
def test_years_one_by_one_end_where_they_end_in_one_go(old_end: date, years: int):
    """Except from 29 February, whose corresponding date is lost after the first year."""
    in_one_go = term_after(old_end, years)
    if (in_one_go.term_from.month, in_one_go.term_from.day) == (2, 29):
        return
    end = old_end
    for _ in range(years):
        end = term_after(end, 1).term_until
    assert end == in_one_go.term_until
