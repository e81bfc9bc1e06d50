"""Prices in the administration."""

from .batches import BatchAdmin
from .golden import GoldenCaseAdmin
from .lists import PriceListAdmin
from .tables import PriceTableAdmin, with_separators
from .taxes import TaxRateAdmin

__all__ = ["BatchAdmin", "GoldenCaseAdmin", "PriceListAdmin", "PriceTableAdmin", "TaxRateAdmin", "with_separators"]
