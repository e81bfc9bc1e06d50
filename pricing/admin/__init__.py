"""Prices in the administration."""

from .batches import BatchAdmin
from .lists import PriceListAdmin
from .tables import PriceTableAdmin, with_separators
from .taxes import TaxRateAdmin

__all__ = ["BatchAdmin", "PriceListAdmin", "PriceTableAdmin", "TaxRateAdmin", "with_separators"]
