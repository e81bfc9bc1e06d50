"""What the sample sells: products, price lists and tax rates."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from licensing.models import Product, Programme, User
from pricing.lists.operations.publish import publish
from pricing.models import MultiYearDiscount, PriceList, PriceRank, PriceTable, TaxRate

from ._sample_days import first_of_month
from ._sample_files import Rows


def load_products(data: dict[str, Any], prices: Rows) -> dict[str, Product]:
    programmes = {row["code"]: Programme(**row) for row in data["programmes"]}
    Programme.objects.bulk_create(programmes.values())
    first_rows = {row["product_code"]: row for row in reversed(prices)}
    products = {
        code: Product(
            code=code,
            name=row["product_name"],
            name_en=data["english"][code][0],
            programme=programmes[row["programme"]],
            segment=row["segment"],
            unit=row["unit"],
            unit_en=data["english"][code][1],
            is_multi_year_discountable=code in data["multi_year_discounts"],
        )
        for code, row in sorted(first_rows.items())
    }
    Product.objects.bulk_create(products.values())
    return products


def load_tax_rates(rows: Iterable[Mapping[str, Any]]) -> None:
    TaxRate.objects.bulk_create(
        TaxRate(
            category=rate.get("category", "standard"),
            effective_on=rate["effective_on"],
            percent=Decimal(rate["percent"]),
        )
        for rate in rows
    )


def load_price_list(
    version: dict[str, Any],
    prices: Rows,
    products: dict[str, Product],
    discounts: dict[str, dict[str, str]],
    *,
    by: User,
    now: datetime,
) -> None:
    effective_on = first_of_month(timezone.localdate(now), version["months"])
    price_list = PriceList.objects.create(
        name=f"{effective_on.year}年{effective_on.month}月版（サンプル）", effective_on=effective_on, is_sample=True
    )
    tables, ranks, multi_year = [], [], []
    for code, rows in groupby(prices, key=lambda row: row["product_code"]):
        bands = list(rows)
        check_bands(bands)
        minimum = int(bands[0]["min_renew_qty"])
        table = PriceTable(price_list=price_list, product=products[code], minimum_quantity=minimum)
        tables.append(table)
        ranks += [
            PriceRank(
                price_table=table,
                rank=band["rank"],
                from_quantity=int(band["qty_from"]),
                renewal_price=scale(band["renew_unit_price"], version["percent"]),
                addition_price=scale(band["add_unit_price"], version["percent"]),
            )
            for band in bands
        ]
        multi_year += [
            MultiYearDiscount(price_table=table, years=int(years), percent=Decimal(percent))
            for years, percent in discounts.get(code, {}).items()
        ]
    PriceTable.objects.bulk_create(tables)
    PriceRank.objects.bulk_create(ranks)
    MultiYearDiscount.objects.bulk_create(multi_year)
    announced = datetime.combine(effective_on - timedelta(days=14), time(10), timezone.get_default_timezone())
    publish(price_list=price_list, by=by, now=min(announced, now))


def check_bands(bands: Rows) -> None:
    """One product's bands follow each other without a gap; then `qty_to` says nothing that `qty_from` does not."""
    ends = [int(lower["qty_to"]) + 1 == int(higher["qty_from"]) for lower, higher in pairwise(bands)]
    minimums = {band["min_renew_qty"] for band in bands}
    if not all(ends) or bands[-1]["qty_to"] or len(minimums) != 1:
        raise CommandError(f"price_table.csv: the bands of {bands[0]['product_code']} do not fit together.")


def scale(price: str, percent: int) -> int:
    """The price times the percentage, rounded down to 10 yen."""
    return int(price) * percent // 1000 * 10
