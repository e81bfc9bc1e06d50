"""Which rank a quantity reaches, and what a price table may be (R5, R9)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.engine.rules.r05_own_quantity import reached_rank
from pricing.engine.rules.r07_additions import decide_sum
from pricing.engine.values import PriceRank, PriceTable

from .sample_tables import sample_tables

THRESHOLDS = st.lists(st.integers(1, 3_000), min_size=1, max_size=10, unique=True).map(sorted)


def table_of(thresholds: list[int]) -> PriceTable:
    return PriceTable("X", 1, tuple(PriceRank(f"R{start}", start, 100, 200) for start in thresholds))


@pytest.mark.parametrize(
    ("code", "quantity", "rank"),
    [
        ("SMP-CC", 4, None),
        ("SMP-CC", 5, "A"),
        ("SMP-CC", 24, "A"),
        ("SMP-CC", 25, "B"),
        ("SMP-CC", 1_999, "G"),
        ("SMP-CC", 2_000, "H"),
        ("SMP-CC", 10**12, "H"),
        ("SMP-IW", 24, None),
        ("SMP-IW", 25, "B"),
        ("SMP-DS", 0, None),
        ("SMP-DS", 1, "A"),
        ("SMP-DS", -1, None),
    ],
)
def test_the_rank_that_a_quantity_reaches(code: str, quantity: int, rank: str | None):
    reached = reached_rank(sample_tables().tables[code], quantity)
    assert (reached.rank if reached else None) == rank


def test_a_table_without_ranks_reaches_none():
    assert reached_rank(PriceTable("X", 1, ()), 10**12) is None


@given(THRESHOLDS, st.integers(-10, 4_000))
def test_the_reached_band_is_the_last_that_begins_at_or_below(thresholds: list[int], quantity: int):
    reached = reached_rank(table_of(thresholds), quantity)
    begun = [start for start in thresholds if start <= quantity]
    assert (reached.from_quantity if reached else None) == (max(begun) if begun else None)


@given(THRESHOLDS, st.integers(0, 4_000), st.integers(0, 4_000))
def test_more_never_reaches_a_lower_band(thresholds: list[int], quantity: int, more: int):
    table = table_of(thresholds)
    fewer, most = reached_rank(table, quantity), reached_rank(table, quantity + more)
    assert (fewer.from_quantity if fewer else 0) <= (most.from_quantity if most else 0)


@pytest.mark.parametrize("thresholds", [(10, 5), (5, 5), (1, 10, 9)])
def test_bands_out_of_order_cannot_be_written(thresholds: tuple[int, ...]):
    ranks = tuple(PriceRank(str(place), start, 100, None) for place, start in enumerate(thresholds))
    with pytest.raises(ValueError, match="ranks must ascend by from_quantity, each threshold once"):
        PriceTable("X", 1, ranks)


def test_a_rank_code_cannot_stand_twice():
    with pytest.raises(ValueError, match="a rank code stands twice"):
        PriceTable("X", 1, (PriceRank("A", 1, 100, None), PriceRank("A", 10, 90, None)))


@pytest.mark.parametrize(
    ("on", "expiries", "is_summed", "earliest"),
    [
        (date(2027, 3, 30), [date(2027, 3, 31)], True, date(2027, 3, 31)),
        (date(2027, 3, 31), [date(2027, 3, 31)], True, date(2027, 3, 31)),
        (date(2027, 4, 1), [date(2027, 3, 31)], False, date(2027, 3, 31)),
        (date(2027, 4, 1), [date(2027, 6, 30), date(2027, 3, 31)], False, date(2027, 3, 31)),
        (date(2027, 4, 1), [], False, None),
    ],
)
def test_until_when_additions_are_summed(on: date, expiries: list[date], is_summed: bool, earliest: date | None):
    decision = decide_sum(on=on, expiries=expiries)
    assert (decision.is_summed, decision.earliest_expiry) == (is_summed, earliest)
