"""Where fewer licenses cost more: found by division, and the same as by walking every quantity."""

from decimal import Decimal
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.engine.paradox import Band, bands_of, find_paradoxes
from pricing.engine.rules.r05_own_quantity import reached_rank
from pricing.engine.rules.r10_renewal_amount import renewal_amount
from pricing.engine.values import PriceRank, PriceTable, Product, Programme, RankBasis
from tests.examples import MANY_TIMES, examples

from .sample_tables import sample_products, sample_tables
from .strategies import PERCENTS, tables_of

SINGLE = Programme("P", "P", RankBasis.OWN_QUANTITY)
PRODUCT = Product("P1", "P1", SINGLE, is_multi_year_discountable=True)


def table_of(*ranks: tuple[str, int, int], minimum: int = 1, **discounts: str) -> PriceTable:
    found = tuple(PriceRank(code, start, price, None) for code, start, price in ranks)
    return PriceTable("P1", minimum, found, {int(name[1:]): Decimal(text) for name, text in discounts.items()})


def walk(product: Product, table: PriceTable, years: int) -> dict[int, tuple[int, int]]:
    """Every paradox quantity by brute force, with what is cheaper: the larger quantity, and its amount."""
    if not table.ranks:
        return {}
    begin = max(table.minimum_quantity, table.ranks[0].from_quantity)
    end = max(begin, table.ranks[-1].from_quantity)
    amounts = {}
    for quantity in range(begin, end + 1):
        rank = reached_rank(table, quantity)
        assert rank is not None
        amounts[quantity] = renewal_amount(
            product=product, table=table, rank=rank, quantity=quantity, years=years
        ).amount
    found = {}
    for quantity, amount in amounts.items():
        larger = [(other, n) for n, other in amounts.items() if n > quantity]
        if larger and min(larger)[0] < amount:
            best, kept = min(larger)
            found[quantity] = (kept, best)
    return found


@pytest.mark.soak
@pytest.mark.timeout(120 * MANY_TIMES)
@examples(40)
@given(st.data())
def test_the_same_as_walking_every_quantity(data: st.DataObject) -> None:
    table = data.draw(tables_of("P1", data.draw(st.booleans()), None, data.draw(st.sampled_from([30, 999]))))
    years = data.draw(st.integers(1, 6))
    product = Product("P1", "P1", SINGLE, data.draw(st.booleans()))
    found = {
        quantity: (paradox.kept_quantity, paradox.kept_amount)
        for paradox in find_paradoxes(product, table, years)
        for quantity in range(paradox.first, paradox.last + 1)
    }
    assert found == walk(product, table, years)


@pytest.mark.soak
@pytest.mark.timeout(120 * MANY_TIMES)
@examples(40)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=4, unique=True), PERCENTS, st.integers(1, 30), st.data())
def test_the_figures_are_those_of_the_quantities(
    starts: list[int], percent: Decimal, minimum: int, data: st.DataObject
) -> None:
    prices = data.draw(st.lists(st.integers(1, 500), min_size=len(starts), max_size=len(starts)))
    ranks = [(code, start, price) for code, start, price in zip("ABCD", sorted(starts), prices, strict=False)]
    table = table_of(*ranks, minimum=minimum, y3=str(percent))
    for paradox in find_paradoxes(PRODUCT, table, 3):
        for quantity, amount in (
            (paradox.first, paradox.first_amount),
            (paradox.last, paradox.last_amount),
            (paradox.kept_quantity, paradox.kept_amount),
        ):
            rank = reached_rank(table, quantity)
            assert rank is not None
            assert renewal_amount(product=PRODUCT, table=table, rank=rank, quantity=quantity, years=3).amount == amount
        assert paradox.first_amount > paradox.kept_amount
        assert paradox.first >= minimum
        assert reached_rank(table, paradox.last) == paradox.rank
        assert reached_rank(table, paradox.kept_quantity) == paradox.kept_rank


def test_the_worked_example_of_the_rules() -> None:
    """E4: 99 SMP-CC cost more than 100."""
    [*_, paradox] = [
        paradox
        for paradox in find_paradoxes(sample_products()["SMP-CC"], sample_tables().tables["SMP-CC"], 1)
        if paradox.rank.rank == "C"
    ]
    assert (paradox.first, paradox.last, paradox.last_amount) == (89, 99, 215_820)
    assert (paradox.kept_rank.rank, paradox.kept_quantity, paradox.kept_amount) == ("D", 100, 192_000)


def test_just_as_much_is_no_paradox() -> None:
    table = table_of(("A", 1, 100), ("B", 10, 90))
    assert find_paradoxes(PRODUCT, table, 1) == ()
    [paradox] = find_paradoxes(PRODUCT, table_of(("A", 1, 100), ("B", 10, 89)), 1)
    assert (paradox.first, paradox.last, paradox.first_amount, paradox.kept_amount) == (9, 9, 900, 890)


def test_a_rank_further_up_may_be_the_cheapest_to_keep() -> None:
    table = table_of(("A", 1, 100), ("B", 10, 95), ("C", 12, 50))
    assert [(paradox.first, paradox.last, paradox.kept_quantity) for paradox in find_paradoxes(PRODUCT, table, 1)] == [
        (7, 9, 12),
        (10, 11, 12),
    ]


def test_what_the_minimum_rules_out_is_no_quantity() -> None:
    table = table_of(("A", 1, 100), ("B", 10, 50), ("C", 20, 49), minimum=15)
    assert bands_of(table) == (Band(table.ranks[1], 15, 19), Band(table.ranks[2], 20, None))
    assert find_paradoxes(PRODUCT, table, 1) == ()


def test_rounding_after_a_discount_counts() -> None:
    """For 2 years, less 75 %: 7 cost 10.5 yen, rounded down to as much as 10 cost."""
    table = table_of(("A", 1, 3), ("B", 10, 2), y2="75")
    told = [(one.first, one.first_amount, one.kept_amount) for y in (1, 2) for one in find_paradoxes(PRODUCT, table, y)]
    assert told == [(7, 21, 20), (8, 12, 10)]


@pytest.mark.parametrize("years", [1, 2, 6])
def test_the_sample_list_as_walked(years: int) -> None:
    for code, table in sample_tables().tables.items():
        product = sample_products()[code]
        if table.ranks[-1].from_quantity > 1000:
            continue  # the walk compares each quantity with all larger ones
        found = {n for p in find_paradoxes(product, table, years) for n in range(p.first, p.last + 1)}
        assert found == set(walk(product, table, years))


def test_long_bands_take_no_longer() -> None:
    table = table_of(("A", 1, 99_999_999), ("B", 2_000_000_000, 1))
    started = perf_counter()
    [paradox] = find_paradoxes(PRODUCT, table, 6)
    assert (paradox.first, paradox.last) == (21, 1_999_999_999)
    assert perf_counter() - started < 0.5
