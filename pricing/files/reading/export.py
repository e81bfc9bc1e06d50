"""Price lists out, as XLSX or CSV, in the columns in which they are read in."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, pairwise

import tablib
from django.utils.translation import gettext as _

from licensing.models import Product

from ...engine.values import RANK_COLUMNS, TABLE_COLUMNS, PriceTable, columns_of
from .columns import YEARS
from .ended import Ended
from .facts import fact_fields, facts_of, label_of
from .resource import PriceRow, PriceRowResource


def price_rows(tables: Iterable[PriceTable], products: Mapping[str, Product], *, is_sample: bool) -> Iterator[PriceRow]:
    """A row per rank. What the product has once: the minimum stands on each of its rows, discounts on its first."""
    for table in tables:
        product = products[table.product_code]
        ends = [higher.from_quantity - 1 for _lower, higher in pairwise(table.ranks)]
        for position, rank in enumerate(table.ranks):
            discounts = table.multi_year_discounts if position == 0 else {}
            columns = columns_of(table, TABLE_COLUMNS) | columns_of(rank, RANK_COLUMNS)
            columns |= {f"discount_{years}": discounts.get(years) for years in YEARS}
            yield PriceRow(
                product_code=product.code,
                product_name=product.name,
                programme=product.programme.code,
                rank=rank.rank,
                to_quantity=ends[position] if position < len(ends) else None,
                is_sample=is_sample,
                **columns,
            )


def end_rows(ended: Mapping[str, Ended], products: Mapping[str, Product], *, is_sample: bool) -> Iterator[PriceRow]:
    """A row per product that is not sold any more, without prices."""
    for code, end in sorted(ended.items()):
        product = products[code]
        yield PriceRow(
            product_code=code,
            product_name=product.name,
            programme=product.programme.code,
            ended_on=end.since_on,
            successor=end.successor,
            is_sample=is_sample,
        )


def make_dataset(
    tables: Iterable[PriceTable],
    products: Mapping[str, Product],
    *,
    is_sample: bool,
    ended: Mapping[str, Ended] | None = None,
) -> tablib.Dataset:
    """The file's table, what is not sold any more at its end. Only sample prices say that they are."""
    resource = PriceRowResource()
    columns = [name for name in resource.fields if is_sample or name != "is_sample"]
    rows = chain(
        price_rows(tables, products, is_sample=is_sample), end_rows(ended or {}, products, is_sample=is_sample)
    )
    dataset = resource.export(rows, export_fields=columns)
    return _with_facts(dataset, products)


def _with_facts(dataset: tablib.Dataset, products: Mapping[str, Product]) -> tablib.Dataset:
    """Behind the prices what else is known of products, on the first row of each: an empty portal can make them."""
    names = list(fact_fields())
    nothing = ("",) * len(names)
    rows, before = [], ""
    for row in dataset:
        rows.append((*row, *(nothing if row[0] == before else facts_of(products[row[0]]))))
        before = row[0]
    found = tablib.Dataset(*rows, headers=[*dataset.headers, *map(label_of, names)])
    found.title = _("Price list")
    return found
