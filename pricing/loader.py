"""Database rows become engine values, and price tables rows again: the only module that knows both."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import DateField, Q, QuerySet
from django.utils.translation import override

from foundation.kept_query import KeptQuery, Later
from licensing.models import Holding as HoldingRow
from licensing.models import Product as ProductRow
from licensing.models import Programme as ProgrammeRow
from licensing.models.licenses import EVERYBODY, name_segment, plain_segment
from licensing.queries import products_by_code

from .engine.values import (
    ANYBODY,
    RANK_COLUMNS,
    TABLE_COLUMNS,
    Addition,
    EndOfSale,
    Holding,
    HoldingChoice,
    PriceRank,
    PriceTable,
    PriceTables,
    Product,
    Programme,
    RankBasis,
    RenewalRequest,
    Segment,
    TaxRounding,
    columns_of,
)
from .models import Asked, AskedHolding, MultiYearDiscount, PriceList, TaxRate
from .models import EndOfSale as EndOfSaleRow
from .models import PriceRank as PriceRankRow
from .models import PriceTable as PriceTableRow
from .queries import last_changes_of_products, lists_around, price_lists_around, published_lists, renamings_of

AT_ONCE = 2_000
"""Rows that go to the database in one statement."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What is in force on a day, as rows and as engine values."""

    price_list: PriceList | None
    next_price_list: PriceList | None
    """The published list that takes effect next (R15)."""
    tables: PriceTables


def load_prices(*, on: date) -> Prices:
    """The published price list in force on the day, and the tax rates (R13). Two queries once a list is known."""
    return _prices_of(*price_lists_around(on=on), load_tax_rates(on=on))


def load_prices_of_days(*, days: Iterable[date]) -> dict[date, Prices]:
    """The same for many days: two queries however many there are, once the lists are known."""
    published = published_lists()
    taxes = list(TaxRate.objects.filter(withdrawn_on__isnull=True).order_by("effective_on"))
    return {
        day: _prices_of(
            *lists_around(published, on=day),
            {rate.category: rate.percent for rate in taxes if rate.effective_on <= day},
        )
        for day in days
    }


def _prices_of(price_list: PriceList | None, following: PriceList | None, taxes: dict[str, Decimal]) -> Prices:
    renamings = renamings_of(price_list) if price_list else 0
    tables = published_tables(price_list, renamings) if price_list else {}
    ended = published_ends(price_list, renamings) if price_list else {}
    name, name_en = (price_list.name, price_list.name_en) if price_list else ("", "")
    return Prices(price_list, following, PriceTables(name, tables, taxes, ended, price_list_en=name_en))


def load_tax_rates(*, on: date) -> dict[str, Decimal]:
    """Percent by tax category, as in force on the day."""
    return {category: percent for category, percent in _TAX_RATES.rows(on=on)}


def _tax_rates() -> QuerySet[TaxRate, Any]:
    rates = TaxRate.objects.filter(effective_on__lte=Later("on", DateField()), withdrawn_on__isnull=True)
    return rates.order_by("effective_on").values_list("category", "percent")


_TAX_RATES = KeptQuery(_tax_rates)


def load_tables(*, price_list: PriceList) -> dict[str, PriceTable]:
    """A list's price tables by product code, read afresh. Three queries."""
    return {table.product_code: table for _list, table in _table_values(Q(price_list=price_list))}


def load_product_tables(*, product: ProductRow, price_lists: Iterable[PriceList]) -> dict[int, PriceTable]:
    """One product's price tables by the lists' row numbers. Three queries."""
    return dict(_table_values(Q(product=product, price_list__in=list(price_lists))))


def _table_values(which: Q) -> list[tuple[int, PriceTable]]:
    """Some tables, each with its list's row number. Read as bare columns: as rows a whole list takes three times as
    long.
    """
    rows = PriceTableRow.objects.filter(which)
    ranks: defaultdict[int, list[PriceRank]] = defaultdict(list)
    of_ranks = PriceRankRow.objects.filter(price_table__in=rows.values("pk")).order_by("from_quantity")
    for table_pk, rank, *columns in of_ranks.values_list("price_table_id", "rank", *RANK_COLUMNS):
        ranks[table_pk].append(PriceRank(rank, **dict(zip(RANK_COLUMNS, columns, strict=True))))
    discounts: defaultdict[int, dict[int, Decimal]] = defaultdict(dict)
    of_discounts = MultiYearDiscount.objects.filter(price_table__in=rows.values("pk")).order_by("years")
    for table_pk, years, percent in of_discounts.values_list("price_table_id", "years", "percent"):
        discounts[table_pk][years] = percent
    return [
        (list_pk, PriceTable(product_code=code, ranks=tuple(ranks[pk]), multi_year_discounts=discounts[pk],
                             **dict(zip(TABLE_COLUMNS, columns, strict=True))))
        for pk, list_pk, code, *columns in rows.values_list("pk", "price_list_id", "product__code", *TABLE_COLUMNS)
    ]  # fmt: skip


def table_value(row: PriceTableRow) -> PriceTable:
    """One product's table, its ranks and discounts prefetched or read now, as the engine sees it."""
    return PriceTable(
        product_code=row.product.code,
        ranks=tuple(
            PriceRank(rank.rank, **columns_of(rank, RANK_COLUMNS))
            for rank in sorted(row.ranks.all(), key=lambda rank: rank.from_quantity)
        ),
        multi_year_discounts={discount.years: discount.percent for discount in row.multi_year_discounts.all()},
        **columns_of(row, TABLE_COLUMNS),
    )


@dataclass(frozen=True, slots=True)
class TableRows:
    """Price tables as rows that are not saved yet."""

    tables: list[PriceTableRow] = field(default_factory=list)
    ranks: list[PriceRankRow] = field(default_factory=list)
    discounts: list[MultiYearDiscount] = field(default_factory=list)

    def add(self, table: PriceTable, *, price_list: PriceList, product: ProductRow) -> None:
        """The table as one of the list's. List and product may be unsaved until `save`."""
        row = PriceTableRow(price_list=price_list, product=product, **columns_of(table, TABLE_COLUMNS))
        self.tables.append(row)
        for rank in table.ranks:
            self.ranks.append(PriceRankRow(price_table=row, rank=rank.rank, **columns_of(rank, RANK_COLUMNS)))
        for years, percent in table.multi_year_discounts.items():
            self.discounts.append(MultiYearDiscount(price_table=row, years=years, percent=percent))

    def save(self) -> None:
        """Write all of them, many at once."""
        PriceTableRow.objects.bulk_create(self.tables, batch_size=AT_ONCE)
        PriceRankRow.objects.bulk_create(self.ranks, batch_size=AT_ONCE)
        MultiYearDiscount.objects.bulk_create(self.discounts, batch_size=AT_ONCE)


def published_tables(price_list: PriceList, renamings: int | None = None) -> dict[str, PriceTable]:
    """The tables of a published list by product code. Raises ValueError for a draft: it may change at any moment."""
    if price_list.published_at is None:
        raise ValueError(f"{price_list.name} is not published")
    return _published_tables(price_list.pk, price_list.published_at, _renamings() if renamings is None else renamings)


def load_ends(*, price_list: PriceList) -> dict[str, EndOfSale]:
    """What a list says is not sold any more, by product code, read afresh. One query."""
    rows = EndOfSaleRow.objects.filter(price_list=price_list).select_related("product", "successor__programme")
    return {
        row.product.code: EndOfSale(row.since_on, product_value(row.successor) if row.successor else None)
        for row in rows
    }


def published_ends(price_list: PriceList, renamings: int | None = None) -> dict[str, EndOfSale]:
    """What a published list says is not sold any more. Raises ValueError for a draft."""
    if price_list.published_at is None:
        raise ValueError(f"{price_list.name} is not published")
    return _published_ends(price_list.pk, price_list.published_at, _renamings() if renamings is None else renamings)


@lru_cache(maxsize=8)
def _published_ends(price_list_pk: int, published_at: datetime, _renamings: int) -> dict[str, EndOfSale]:
    """Read once per process, as its tables are."""
    return load_ends(price_list=PriceList.objects.get(pk=price_list_pk, published_at=published_at))


@lru_cache(maxsize=8)
def _published_tables(price_list_pk: int, published_at: datetime, _renamings: int) -> dict[str, PriceTable]:
    """A published list never changes, so its tables are read once per process, and again when a product was renamed."""
    return load_tables(price_list=PriceList.objects.get(pk=price_list_pk, published_at=published_at))


def _renamings() -> int:
    """Grows whenever a product gets another code, for nothing leaves the history: tables are found by codes."""
    return last_changes_of_products().values_list("history_id", flat=True).first() or 0


def forget_published_tables() -> None:
    """Read published tables again. For tests, where rows go and their numbers come back."""
    _published_tables.cache_clear()
    _published_ends.cache_clear()


def product_value(row: ProductRow) -> Product:
    """A product row, its programme loaded, as the engine sees it."""
    return Product(
        code=row.code,
        name=row.name,
        programme=programme_value(row.programme),
        is_multi_year_discountable=row.is_multi_year_discountable,
        tax_category=row.tax_category,
        name_en=row.name_en,
        segment=None if plain_segment(row.segment) == EVERYBODY else segment_value(row.segment),
        unit=row.unit,
        unit_en=row.unit_en,
    )


def programme_value(row: ProgrammeRow) -> Programme:
    """A programme row as the engine sees it."""
    return Programme(
        code=row.code,
        name=row.name,
        rank_basis=RankBasis(row.rank_basis),
        most_years=row.most_years,
        late_renewal_days=row.late_renewal_days,
        name_en=row.name_en,
    )


@lru_cache(maxsize=256)
def segment_value(segment: str) -> Segment | None:
    """A customer's segment, or the one that a product is made for; None where none is known (R19)."""
    name = plain_segment(segment)
    if not name:
        return None
    with override("en"):
        return Segment(name, name_segment(name))


def holding_values(rows: Iterable[HoldingRow]) -> list[Holding]:
    """Holding rows, product and programme loaded, as the engine sees them; the key is the row's number."""
    return [Holding(str(row.pk), product_value(row.product), row.quantity, row.support_expires_on) for row in rows]


def load_price_tables(*, price_list: PriceList, on: date) -> PriceTables:
    """A list's tables, a draft's too, with the tax rates of a day: as if the list were in force on it."""
    tables, ends = load_tables(price_list=price_list), load_ends(price_list=price_list)
    return PriceTables(price_list.name, tables, load_tax_rates(on=on), ends, price_list_en=price_list.name_en)


def load_products(*, codes: Iterable[str], loaded: Iterable[ProductRow] = ()) -> dict[str, Product]:
    """By each of the codes: the product that has it, or had it before. `loaded` are those that are there already, each
    with its programme; one query for the others, two where there are former codes.
    """
    rows = {row.code: row for row in loaded}
    if missing := set(codes) - set(rows):
        rows |= products_by_code(missing)
    return {code: product_value(row) for code, row in rows.items()}


def asked_codes(asked: Asked) -> set[str]:
    """The codes of all products in a golden case."""
    return {row["product"] for row in [*asked["holdings"], *asked["additions"]]}


def asked_request(*, asked: Asked, products: Mapping[str, Product], name: str, on: date) -> RenewalRequest:
    """What a golden case asks, on a day; the rows' positions are the keys. Raises KeyError for an unknown product."""
    return RenewalRequest(
        license_id=name,
        on=on,
        years=asked["years"],
        is_reduced=asked["is_reduced"],
        holdings=tuple(
            HoldingChoice(
                Holding(f"h{position}", products[row["product"]], row["quantity"], _expiry(row, on)),
                row["renewal_quantity"],
            )
            for position, row in enumerate(asked["holdings"])
        ),
        additions=tuple(
            Addition(f"a{position}", products[row["product"]], row["quantity"])
            for position, row in enumerate(asked["additions"])
        ),
        tax_rounding=TaxRounding(asked["tax_rounding"]),
        customer_segment=ANYBODY,
    )


def asked_of(request: RenewalRequest) -> Asked:
    """A request as a golden case asks it: support expires as many days after its day as it did."""
    return {
        "years": request.years,
        "is_reduced": request.is_reduced,
        "tax_rounding": request.tax_rounding.value,
        "holdings": [
            {
                "product": choice.holding.product.code,
                "quantity": choice.holding.quantity,
                "renewal_quantity": choice.renewal_quantity,
                "expires_in_days": (choice.holding.support_expires_on - request.on).days,
            }
            for choice in request.holdings
        ],
        "additions": [
            {"product": addition.product.code, "quantity": addition.quantity}
            for addition in request.additions
            if addition.quantity
        ],
    }


def _expiry(row: AskedHolding, on: date) -> date:
    fixed = row.get("expires_on")
    return date.fromisoformat(fixed) if fixed else on + timedelta(days=row["expires_in_days"])
