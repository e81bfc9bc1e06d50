"""Whole yen: the only rounding there is (R10, R11, R14)."""

from decimal import Decimal
from functools import lru_cache

from .values import TaxRounding, Yen


def round_yen(numerator: int, denominator: int, rounding: TaxRounding = TaxRounding.DOWN) -> Yen:
    """A fraction of whole numbers, neither negative, as whole yen."""
    whole, rest = divmod(numerator, denominator)
    if not rest or rounding is TaxRounding.DOWN:
        return whole
    return whole + 1 if rounding is TaxRounding.UP else whole + (2 * rest >= denominator)


def percent_of(amount: Yen, percent: Decimal, rounding: TaxRounding = TaxRounding.DOWN) -> Yen:
    """So many percent of the amount, as whole yen."""
    numerator, denominator = fraction_of(percent)
    return round_yen(amount * numerator, denominator, rounding)


@lru_cache(maxsize=256)
def fraction_of(percent: Decimal) -> tuple[int, int]:
    """A percentage as a fraction of whole numbers."""
    numerator, denominator = percent.as_integer_ratio()
    return numerator, denominator * 100
