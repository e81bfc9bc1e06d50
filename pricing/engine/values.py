"""The words of renewal pricing as values: what goes into `price_renewal`.

Yen are whole `int`, tax excluded unless said; percentages are `Decimal`; days are dates in Japan, inclusive.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

Yen = int
"""Whole yen."""


class RankBasis(Enum):
    """How a programme decides price ranks."""

    OWN_QUANTITY = "own_quantity"
    """Each product by its own rank quantity (R5)."""
    LARGEST_PRODUCT = "largest_product"
    """All of the programme's products by the largest one's rank quantity (R6)."""


class TaxRounding(Enum):
    """How a fraction of a yen of tax is rounded (R14)."""

    DOWN = "down"
    HALF_UP = "half_up"
    UP = "up"


LEAST_YEARS = 1
"""The shortest term of a renewal (R1)."""
MOST_YEARS = 6
"""The longest term of any renewal (R1)."""


@dataclass(frozen=True, slots=True)
class Programme:
    """A licensing programme as pricing sees it: how ranks are decided, how long and how late may be renewed."""

    code: str
    """What tells programmes apart: products of different codes never share a rank (R6)."""
    name: str
    """As sentences call it; a programme's name stands nowhere in code."""
    rank_basis: RankBasis
    most_years: int = MOST_YEARS
    """The longest term of its products; only what is less than `MOST_YEARS` counts (R1)."""
    late_renewal_days: int | None = None
    """How many days after the expiry a renewal is still possible; None: no last day is known (R13)."""
    name_en: str = ""
    """The name in English texts; empty: `name` stands there too."""

    @property
    def english(self) -> str:
        """What English sentences call it."""
        return self.name_en or self.name


@dataclass(frozen=True, slots=True)
class Segment:
    """区分: a kind of end user, such as 官公庁 or 教育. The same where the names are the same (R19)."""

    name: str
    name_en: str = field(default="", compare=False)
    """The name in English texts; empty: `name` stands there too."""


ANYBODY = Segment("")
"""The segment of no customer in particular: whatever is asked only for its price, no product is meant for others."""


@dataclass(frozen=True, slots=True)
class Product:
    """A product as pricing sees it."""

    code: str
    name: str
    programme: Programme
    is_multi_year_discountable: bool = False
    """Only such a product's multi-year discount counts (R10)."""
    tax_category: str = "standard"
    name_en: str = ""
    """The name in English texts; empty: `name` stands there too."""
    segment: Segment | None = None
    """For whom alone the product is made; None: for everybody (R19)."""
    unit: str = ""
    """What is counted: 本, クライアント …; no rule asks for it."""
    unit_en: str = ""
    """The unit in English texts; empty: `unit` stands there too."""

    def called(self, language: str) -> str:
        """The name in the language."""
        return self.name_en if language == "en" and self.name_en else self.name

    def counted_in(self, language: str) -> str:
        """The unit in the language."""
        return self.unit_en if language == "en" and self.unit_en else self.unit


def each_product_once(products: Iterable[Product]) -> tuple[Product, ...]:
    """Without repetition, by code."""
    return tuple(sorted({product.code: product for product in products}.values(), key=lambda product: product.code))


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


TABLE_COLUMNS: Mapping[str, str] = {"minimum_quantity": "minimum"}
"""What a price table says once: the names of its columns, and the short ones by which histories keep them.

A column has one name in `PriceTable`, in the database and in price files. Whatever reads, writes, copies or compares
price tables goes through these columns and names none of its own.
"""
RANK_COLUMNS: Mapping[str, str] = {"from_quantity": "from", "renewal_price": "renewal", "addition_price": "addition"}
"""The same of `PriceRank`: what a price table says of each rank."""
PRICES = ("renewal_price", "addition_price")
"""Those of them that are prices in yen."""


def columns_of(source: object, names: Iterable[str]) -> dict[str, Any]:
    """Columns by name, of whatever has them: a value, a row of the database, a row of a file."""
    return {name: getattr(source, name) for name in names}


@dataclass(frozen=True, slots=True)
class EndOfSale:
    """販売終了: a price list says that a product is not sold any more, neither renewed nor added (R9)."""

    since_on: date
    """The first day on which it is not sold."""
    successor: Product | None = None
    """What takes its place, where the list names one."""


@dataclass(frozen=True, slots=True)
class PriceTables:
    """All that is in force on one day: the price list's tables and the tax rates (R13)."""

    price_list: str
    """The name that quotes cite; empty where no price list is in force."""
    tables: Mapping[str, PriceTable]
    """By product code."""
    tax_rates: Mapping[str, Decimal]
    """Percent by tax category."""
    ended: Mapping[str, EndOfSale] = field(default_factory=dict)
    """By product code: what the list has taken out of sale."""
    price_list_en: str = ""
    """What the price list is called in English; empty: as `price_list`."""

    @property
    def told_name(self) -> str | Mapping[str, str]:
        """The list's name for sentences: by language where there are two."""
        return {"en": self.price_list_en, "ja": self.price_list} if self.price_list_en else self.price_list


@dataclass(frozen=True, slots=True)
class Holding:
    """保有: a quantity of a product with one support expiry (the last day of support, inclusive)."""

    key: str
    """What names the holding in problems and lines; unique among the request's holdings and additions."""
    product: Product
    quantity: int
    support_expires_on: date


@dataclass(frozen=True, slots=True)
class QuotedElsewhere:
    """Another quote of the same holding, and the period for which it settles what becomes of it (R22)."""

    number: str
    """Unique among those of one reseller, as all of a request are."""
    is_ordered: bool
    """Else it is open: issued, and still valid."""
    term_from: date
    term_until: date | None
    """None: without an end, where that quote discontinues the holding."""
    key: str = ""
    """By which whoever asks finds it; no rule looks at it."""


@dataclass(frozen=True, slots=True)
class OfferedPrice:
    """提示価格: at what a line is offered instead of its list amount (R20). One of the two is said."""

    percent: Decimal | None = None
    """How much less, in percent of the list amount."""
    amount: Yen | None = None
    """What the line comes to, tax excluded."""


@dataclass(frozen=True, slots=True)
class FreeLine:
    """自由明細: a line of the reseller's own, such as 設定作業費: in no rank, priced by the reseller alone (R23)."""

    key: str
    """What names the line in problems; unique among the free lines of the quote."""
    description: str
    quantity: int
    price: Yen
    """Of one, tax excluded."""
    tax_category: str
    unit_cost: Yen | None = field(default=None, repr=False)
    """What one costs the reseller itself, tax excluded. No rule and no sentence reads it: it goes to the margins."""


@dataclass(frozen=True, slots=True)
class HoldingChoice:
    """What the customer wants of one holding."""

    holding: Holding
    renewal_quantity: int | None
    """None: left out of this quote. 0: discontinued. Else renewed; counts only with reduced renewal (R3)."""
    elsewhere: tuple[QuotedElsewhere, ...] = ()
    """Every other quote of the holding that is open or ordered (R22)."""
    offered: OfferedPrice | None = None
    """At what it is offered; None: at the list amount (R20)."""


@dataclass(frozen=True, slots=True)
class Addition:
    """追加: more licenses of a product, held already or not."""

    key: str
    """What names the addition in problems and lines; unique among the request's holdings and additions."""
    product: Product
    quantity: int
    offered: OfferedPrice | None = None
    """At what it is offered; None: at the list amount (R20)."""


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
    customer_segment: Segment | None = None
    """The customer's segment; None: not known. `ANYBODY`: it is asked for nobody in particular (R19)."""

    def __post_init__(self) -> None:
        keys = [choice.holding.key for choice in self.holdings] + [addition.key for addition in self.additions]
        if len(set(keys)) != len(keys):
            raise ValueError("a key stands twice among the holdings and additions")
