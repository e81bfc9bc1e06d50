"""Price lists in versions, their price tables and ranks, tax rates, golden cases, and work done in the background."""

from .costs import CostRate
from .events import PriceListEvent
from .golden import Asked, AskedHolding, GoldenAcceptance, GoldenCase, GoldenChange, GoldenLine, GoldenResult
from .imports import ImportedTable, ImportProblem, PriceImport
from .lists import MOST_YEN, EndOfSale, MultiYearDiscount, PriceList, PriceRank, PriceTable, TaxRate

__all__ = [
    "MOST_YEN",
    "Asked",
    "AskedHolding",
    "CostRate",
    "EndOfSale",
    "GoldenAcceptance",
    "GoldenCase",
    "GoldenChange",
    "GoldenLine",
    "GoldenResult",
    "ImportProblem",
    "ImportedTable",
    "MultiYearDiscount",
    "PriceImport",
    "PriceList",
    "PriceListEvent",
    "PriceRank",
    "PriceTable",
    "TaxRate",
]
