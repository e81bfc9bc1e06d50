"""Amounts, discounts and tax: the only rounding (R10, R11, R14)."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.engine.rules.r10_renewal_amount import renewal_amount
from pricing.engine.rules.r11_addition_amount import addition_amount
from pricing.engine.rules.r14_tax import tax_on
from pricing.engine.values import PriceRank, PriceTable, Product, Programme, RankBasis, TaxRounding
from pricing.engine.yen import round_yen

DOWN, HALF_UP, UP = TaxRounding.DOWN, TaxRounding.HALF_UP, TaxRounding.UP
SINGLE = Programme("P", "P", RankBasis.OWN_QUANTITY)
MARKED = Product("X", "X", SINGLE, is_multi_year_discountable=True)
NOT_MARKED = Product("X", "X", SINGLE)
RANK = PriceRank("A", 1, 333, 667)
TABLE = PriceTable("X", 1, (RANK,), MappingProxyType({2: Decimal("2.5"), 3: Decimal(8)}))


@pytest.mark.parametrize(
    ("numerator", "denominator", "down", "half_up", "up"),
    [
        (0, 10, 0, 0, 0),
        (1, 10, 0, 0, 1),
        (4, 10, 0, 0, 1),
        (5, 10, 0, 1, 1),
        (9, 10, 0, 1, 1),
        (10, 10, 1, 1, 1),
        (14, 10, 1, 1, 2),
        (15, 10, 1, 2, 2),
        (1, 3, 0, 0, 1),
        (2, 3, 0, 1, 1),
        (10**30 + 1, 2, 10**30 // 2, 10**30 // 2 + 1, 10**30 // 2 + 1),
    ],
)
def test_round_yen(numerator: int, denominator: int, down: int, half_up: int, up: int):
    assert round_yen(numerator, denominator) == down
    assert round_yen(numerator, denominator, DOWN) == down
    assert round_yen(numerator, denominator, HALF_UP) == half_up
    assert round_yen(numerator, denominator, UP) == up


@given(st.integers(0, 10**15), st.integers(0, 20_000), st.sampled_from(list(TaxRounding)))
def test_tax_is_rounded_as_decimal_rounds(subtotal: int, hundredths: int, rounding: TaxRounding):
    percent = Decimal(hundredths).scaleb(-2)
    with localcontext() as context:
        context.prec = 60
        exact = subtotal * percent / 100
        how = {DOWN: ROUND_FLOOR, HALF_UP: ROUND_HALF_UP, UP: ROUND_CEILING}[rounding]
        expected = int(exact.to_integral_value(how))
    total = tax_on(subtotal, percent, rounding)
    assert (total.percent, total.subtotal, total.tax) == (percent, subtotal, expected)
    assert type(total.tax) is int


@pytest.mark.parametrize(
    ("product", "years", "percent", "before", "amount"),
    [
        (NOT_MARKED, 1, None, 2_331, 2_331),
        (NOT_MARKED, 3, None, 6_993, 6_993),
        (MARKED, 1, None, 2_331, 2_331),
        (MARKED, 2, Decimal("2.5"), 4_662, 4_545),  # 4,545.45
        (MARKED, 3, Decimal(8), 6_993, 6_433),  # 6,433.56
        (MARKED, 4, None, 9_324, 9_324),
    ],
)
def test_a_renewal_of_seven(product: Product, years: int, percent: Decimal | None, before: int, amount: int):
    decision = renewal_amount(product=product, table=TABLE, rank=RANK, quantity=7, years=years)
    assert (decision.renewal_price, decision.addition_price, decision.quantity, decision.years) == (333, None, 7, years)
    assert (decision.discount_percent, decision.before_discount, decision.amount) == (percent, before, amount)
    assert type(decision.amount) is int


@pytest.mark.parametrize(
    ("product", "years", "percent", "before", "amount"),
    [
        (NOT_MARKED, 1, None, 4_669, 4_669),
        (NOT_MARKED, 3, None, 9_331, 9_331),  # 7 × (667 + 333 × 2)
        (MARKED, 1, None, 4_669, 4_669),
        (MARKED, 2, Decimal("2.5"), 7_000, 6_825),  # 7 × (667 + 333)
        (MARKED, 3, Decimal(8), 9_331, 8_584),  # 8,584.52
    ],
)
def test_an_addition_of_seven(product: Product, years: int, percent: Decimal | None, before: int, amount: int):
    decision = addition_amount(product=product, table=TABLE, rank=RANK, quantity=7, years=years)
    assert (decision.renewal_price, decision.addition_price, decision.quantity, decision.years) == (333, 667, 7, years)
    assert (decision.discount_percent, decision.before_discount, decision.amount) == (percent, before, amount)
    assert type(decision.amount) is int


def test_a_discount_of_everything_leaves_nothing():
    table = PriceTable("X", 1, (RANK,), {2: Decimal(100)})
    assert renewal_amount(product=MARKED, table=table, rank=RANK, quantity=7, years=2).amount == 0
