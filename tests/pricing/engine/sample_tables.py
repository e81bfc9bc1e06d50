"""The sample price list as engine values, for tests that need no database."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from pricing.engine.values import PriceRank, PriceTable, PriceTables, Product, Programme, RankBasis, Segment

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "sample" / "price_table.csv"
PRICE_LIST = "見本価格表"
PROGRAMMES: Mapping[str, Programme] = MappingProxyType(
    {
        "TRSL": Programme("TRSL", "TRSL", RankBasis.LARGEST_PRODUCT),
        "通常": Programme("通常", "通常", RankBasis.OWN_QUANTITY, name_en="Standard"),
    }
)
EVERYBODY = "一般"
TAX_RATES: Mapping[str, Decimal] = MappingProxyType({"standard": Decimal(10)})
MULTI_YEAR_DISCOUNTS: Mapping[str, Mapping[int, Decimal]] = {
    "SMP-WM": {2: Decimal(3), 3: Decimal(8), 4: Decimal(10), 5: Decimal(12), 6: Decimal(12)},
}


@lru_cache(maxsize=1)
def sample_products() -> Mapping[str, Product]:
    """Every product of the sample price list, by code."""
    return MappingProxyType(
        {
            code: Product(
                code=code,
                name=rows[0]["product_name"],
                programme=PROGRAMMES[rows[0]["programme"]],
                is_multi_year_discountable=code in MULTI_YEAR_DISCOUNTS,
                segment=None if rows[0]["segment"] == EVERYBODY else Segment(rows[0]["segment"]),
            )
            for code, rows in _rows_by_product().items()
        }
    )


@lru_cache(maxsize=1)
def sample_tables() -> PriceTables:
    """The sample price list with today's tax rate."""
    tables = {
        code: PriceTable(
            product_code=code,
            minimum_quantity=int(rows[0]["min_renew_qty"]),
            ranks=tuple(
                PriceRank(
                    rank=row["rank"],
                    from_quantity=int(row["qty_from"]),
                    renewal_price=int(row["renew_unit_price"]),
                    addition_price=int(row["add_unit_price"]) if row["add_unit_price"] else None,
                )
                for row in sorted(rows, key=lambda row: int(row["qty_from"]))
            ),
            multi_year_discounts=MULTI_YEAR_DISCOUNTS.get(code, {}),
        )
        for code, rows in _rows_by_product().items()
    }
    return PriceTables(PRICE_LIST, MappingProxyType(tables), TAX_RATES)


def _rows_by_product() -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["product_code"]].append(row)
    return dict(rows)
