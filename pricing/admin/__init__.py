"""Prices in the administration."""

from .batches import BatchAdmin
from .lists import PriceListAdmin
from .tables import PriceTableAdmin, TaxRateAdmin, with_separators

__all__ = ["BatchAdmin", "PriceListAdmin", "PriceTableAdmin", "TaxRateAdmin", "with_separators"]
