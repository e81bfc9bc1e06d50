"""Prices in the administration."""

from .costs.admin import CostRateAdmin
from .golden.admin import GoldenCaseAdmin
from .lists.admin.lists import PriceListAdmin
from .lists.admin.tables import PriceTableAdmin
from .taxes.admin import TaxRateAdmin

__all__ = ["CostRateAdmin", "GoldenCaseAdmin", "PriceListAdmin", "PriceTableAdmin", "TaxRateAdmin"]
