"""Prices in the administration."""

from .lists import PriceListAdmin
from .tables import PriceTableAdmin, TaxRateAdmin, with_separators

__all__ = ["PriceListAdmin", "PriceTableAdmin", "TaxRateAdmin", "with_separators"]
