"""Price lists in versions, their price tables and ranks, tax rates, and work done in the background."""

from .batches import Batch, BatchItem
from .events import PriceListEvent
from .lists import MOST_YEN, MultiYearDiscount, PriceList, PriceRank, PriceTable, TaxRate

__all__ = [
    "MOST_YEN",
    "Batch",
    "BatchItem",
    "MultiYearDiscount",
    "PriceList",
    "PriceListEvent",
    "PriceRank",
    "PriceTable",
    "TaxRate",
]
