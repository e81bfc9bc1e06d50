"""The words of renewal pricing as values: what goes into `price_renewal`.

Yen are whole `int`, tax excluded unless said; percentages are `Decimal`; days are dates in Japan, inclusive.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

Yen = int
"""Whole yen."""


class RankBasis(Enum):
    """How a programme decides price ranks."""

    OWN_QUANTITY = "own_quantity"
    """Each product by its own rank quantity (R5)."""
    LARGEST_PRODUCT = "largest_product"
    """All of the programme's products by the largest one's rank quantity (R6, TRSL)."""


class TaxRounding(Enum):
    """How a fraction of a yen of tax is rounded (R14)."""

    DOWN = "down"
    HALF_UP = "half_up"
    UP = "up"


@dataclass(frozen=True, slots=True)
class Product:
    """A product as pricing sees it."""

    code: str
    name: str
    rank_basis: RankBasis
    is_multi_year_discountable: bool = False
    """Only such a product's multi-year discount counts (R10)."""
    tax_category: str = "standard"
    name_en: str = ""
    """The name in English texts; empty: `name` stands there too."""


@dataclass(frozen=True, slots=True)
class PriceRank:
    """A band of quantities with its unit prices, in yen per license per year, tax excluded."""

    rank: str
    from_quantity: int
    renewal_price: Yen
    addition_price: Yen | None
    """For the first year of an added license; None: the product cannot be added at this rank."""


@dataclass(frozen=True, slots=True)
class PriceTable:
    """What one product costs. `ranks` ascend by `from_quantity`; each holds until the next begins."""

    product_code: str
    minimum_quantity: int
    """更新時の最低購入本数 (R8)."""
    ranks: tuple[PriceRank, ...]
    multi_year_discounts: Mapping[int, Decimal] = field(default_factory=dict)
    """Percent by number of years."""
    thresholds: tuple[int, ...] = field(init=False, repr=False, compare=False)
    """From which quantity each of the ranks holds."""
    rank_by_code: Mapping[str, PriceRank] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        thresholds = tuple(rank.from_quantity for rank in self.ranks)
        if thresholds != tuple(sorted(set(thresholds))):
            raise ValueError(f"{self.product_code}: ranks must ascend by from_quantity, each threshold once")
        rank_by_code = {rank.rank: rank for rank in self.ranks}
        if len(rank_by_code) != len(self.ranks):
            raise ValueError(f"{self.product_code}: a rank code stands twice")
        object.__setattr__(self, "thresholds", thresholds)
        object.__setattr__(self, "rank_by_code", rank_by_code)


@dataclass(frozen=True, slots=True)
class PriceTables:
    """All that is in force on one day: the price list's tables and the tax rates (R13)."""

    price_list: str
    """The name that quotes cite; empty where no price list is in force."""
    tables: Mapping[str, PriceTable]
    """By product code."""
    tax_rates: Mapping[str, Decimal]
    """Percent by tax category."""


@dataclass(frozen=True, slots=True)
class Holding:
    """保有: a quantity of a product with one support expiry (the last day of support, inclusive)."""

    key: str
    """What names the holding in problems and lines; unique among the request's holdings and additions."""
    product: Product
    quantity: int
    support_expires_on: date


@dataclass(frozen=True, slots=True)
class HoldingChoice:
    """What the customer wants of one holding."""

    holding: Holding
    renewal_quantity: int | None
    """None: left out of this quote. 0: discontinued. Else renewed; counts only with reduced renewal (R3)."""


@dataclass(frozen=True, slots=True)
class Addition:
    """追加: more licenses of a product, held already or not."""

    key: str
    """What names the addition in problems and lines; unique among the request's holdings and additions."""
    product: Product
    quantity: int


@dataclass(frozen=True, slots=True)
class RenewalRequest:
    """One renewal of one license ID, ready to be priced."""

    license_id: str
    on: date
    """The quote's date, Japan time (R13)."""
    years: int
    is_reduced: bool
    """減数更新 was declared (R12)."""
    holdings: tuple[HoldingChoice, ...]
    """Every holding of the license ID, also those left out."""
    additions: tuple[Addition, ...] = ()
    tax_rounding: TaxRounding = TaxRounding.DOWN

    def __post_init__(self) -> None:
        keys = [choice.holding.key for choice in self.holdings] + [addition.key for addition in self.additions]
        if len(set(keys)) != len(keys):
            raise ValueError("a key stands twice among the holdings and additions")
