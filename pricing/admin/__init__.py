"""Prices in the administration."""

from .golden import GoldenCaseAdmin
from .lists import PriceListAdmin
from .tables import PriceTableAdmin, with_separators
from .taxes import TaxRateAdmin

__all__ = ["GoldenCaseAdmin", "PriceListAdmin", "PriceTableAdmin", "TaxRateAdmin", "with_separators"]
