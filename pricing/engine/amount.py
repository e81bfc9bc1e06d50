"""Amounts and tax: unit price x quantity x years, discount, tax. The only rounding there is (R10, R11, R14)."""

from decimal import Decimal
from functools import lru_cache

from .decision import decision
from .values import PriceRank, PriceTable, Product, TaxRounding, Yen


@decision
class AmountDecision:
    """How one line's amount came about; yen, tax excluded."""

    renewal_price: Yen
    """Per license per year."""
    addition_price: Yen | None
    """Per license for the first year; None for a renewal."""
    quantity: int
    years: int
    before_discount: Yen
    discount_percent: Decimal | None
    amount: Yen

    @property
    def further_years(self) -> int:
        """The years of an addition at the renewal price, after the first."""
        return self.years - 1


@decision
class TaxTotal:
    """The sum of the lines under one tax rate, and the tax on it."""

    percent: Decimal
    subtotal: Yen
    tax: Yen


def round_yen(numerator: int, denominator: int, rounding: TaxRounding = TaxRounding.DOWN) -> Yen:
    """A fraction of whole numbers, neither negative, as whole yen."""
    whole, rest = divmod(numerator, denominator)
    if not rest or rounding is TaxRounding.DOWN:
        return whole
    return whole + 1 if rounding is TaxRounding.UP else whole + (2 * rest >= denominator)


def renewal_amount(product: Product, table: PriceTable, rank: PriceRank, quantity: int, years: int) -> AmountDecision:
    """Renewal price x quantity x years, less a multi-year discount (R10)."""
    return _discounted(product, table, rank.renewal_price, None, quantity, years, rank.renewal_price * quantity * years)


def addition_amount(
    product: Product, table: PriceTable, rank: PriceRank, addition_price: Yen, quantity: int, years: int
) -> AmountDecision:
    """Quantity x (addition price + renewal price x (years - 1)), less a multi-year discount (R11)."""
    before = quantity * (addition_price + rank.renewal_price * (years - 1))
    return _discounted(product, table, rank.renewal_price, addition_price, quantity, years, before)


def _discounted(
    product: Product,
    table: PriceTable,
    renewal_price: Yen,
    addition_price: Yen | None,
    quantity: int,
    years: int,
    before: Yen,
) -> AmountDecision:
    percent = table.multi_year_discounts.get(years) if product.is_multi_year_discountable else None
    amount = before
    if percent is not None:
        numerator, denominator = _fraction(100 - percent)
        amount = round_yen(before * numerator, denominator)
    return AmountDecision(renewal_price, addition_price, quantity, years, before, percent, amount)


def tax_on(subtotal: Yen, percent: Decimal, rounding: TaxRounding) -> TaxTotal:
    """The tax on the sum of all lines of one rate (R14)."""
    numerator, denominator = _fraction(percent)
    return TaxTotal(percent, subtotal, round_yen(subtotal * numerator, denominator, rounding))


@lru_cache(maxsize=256)
def _fraction(percent: Decimal) -> tuple[int, int]:
    """A percentage as a fraction of whole numbers."""
    numerator, denominator = percent.as_integer_ratio()
    return numerator, denominator * 100
