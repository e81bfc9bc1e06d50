"""The columns of a price file, and the names by which they are found."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from foundation.spreadsheets.heads import header_key, stack_names
from foundation.text.typed import half_width

from ...engine.values import LEAST_YEARS, MOST_YEARS
from .facts import fact_names

YEARS = range(LEAST_YEARS + 1, MOST_YEARS + 1)
"""Of multi-year discounts (R10)."""

LABELS: dict[str, Promise] = {
    "product_code": _("Product code"),
    "product_name": _("Product name"),
    "programme": _("Programme"),
    "minimum_quantity": _("Minimum at renewal"),
    "rank": _("Rank"),
    "from_quantity": _("From quantity"),
    "to_quantity": _("To quantity"),
    "renewal_price": _("Renewal price"),
    "addition_price": _("Addition price"),
    **{f"discount_{years}": format_lazy(_("{years}-year discount %"), years=years) for years in YEARS},
    "ended_on": _("Not sold since"),
    "successor": _("Successor"),
    "is_sample": _("Sample prices"),
}
"""What stands above each column of an exported file, in its order."""

NAMES: dict[str, tuple[str, ...]] = {
    "product_code": ("製品コード", "商品コード", "品番", "型番", "コード", "product code", "code", "product", "sku"),
    "product_name": ("製品名", "商品名", "品名", "製品", "product name", "name"),
    "programme": ("プログラム", "プログラム名", "programme", "program", "licensing programme"),
    "minimum_quantity": (
        "更新時の最低購入本数", "更新時最低購入本数", "最低購入本数", "最低購入本数(更新時)", "最低購入数",
        "最低購入数量", "最低本数", "最低数量", "更新時最低数量", "minimum at renewal", "minimum", "minimum quantity",
        "min renew qty", "min qty", "minimum purchase quantity",
    ),
    "rank": ("価格ランク", "ランク", "price rank", "rank"),
    "from_quantity": (
        "数量から", "数量(から)", "数量（自）", "数量下限", "本数から", "開始数量", "開始本数", "下限", "から", "自",
        "from quantity", "from", "qty from", "quantity from",
        "数量", "本数", "数量範囲", "本数範囲", "数量帯", "数量区分", "ライセンス数",
        "購入数量", "購入本数", "保有数量",
        "範囲", "quantity", "quantity range", "qty", "range", "band", "licenses",
    ),
    "to_quantity": (
        "数量まで", "数量(まで)", "数量（至）", "数量上限", "本数まで", "終了数量", "終了本数", "上限", "まで", "至",
        "to quantity", "to", "qty to", "quantity to",
    ),
    "renewal_price": (
        "更新単価", "更新価格", "更新", "renewal price", "renewal unit price", "renew unit price", "renewal",
    ),
    "addition_price": (
        "追加単価", "追加価格", "追加", "新規・追加単価", "addition price", "addition unit price",
        "add unit price", "addition",
    ),
    **{
        f"discount_{years}": (
            f"{years}年割引率%", f"{years}年", f"{years}年割引", f"{years}年割引率", f"複数年割引{years}年",
            f"複数年割引率{years}年", f"{years}-year discount", f"{years} years", f"{years} year",
            f"{years} years discount", f"discount {years}", f"discount {years} years",
            f"multi year discount {years}", f"multi year {years}",
        )
        for years in YEARS
    },
    "ended_on": (
        "販売終了日", "販売終了", "販売終了年月日", "販売終了予定日", "終売日", "終売", "販売停止日", "販売中止日",
        "提供終了日", "取扱終了日", "廃番日", "EOS", "not sold since", "end of sale", "end of sales",
        "end of sale date", "eos date",
        "discontinued on", "discontinued",
    ),
    "successor": (
        "後継製品", "後継製品コード", "後継品", "後継品番", "後継商品", "後継商品コード", "後継", "代替製品", "代替品",
        "移行先", "移行先製品", "successor", "successor code", "successor product", "replacement", "replaced by",
    ),
    "is_sample": ("サンプル価格", "サンプル", "is sample", "sample prices", "sample"),
}  # fmt: skip
KNOWN_BUT_UNUSED = ("セグメント", "区分", "対象", "segment", "単位", "unit", "備考", "note", "notes", "remarks")
"""Columns that have nothing to do with prices: nobody needs to be told that they are not read."""
NEEDED = ("product_code", "minimum_quantity", "rank", "from_quantity", "renewal_price", "addition_price")


_KEYS = {header_key(name): column for column, names in NAMES.items() for name in (*names, column)}
_UNUSED = {header_key(name) for name in KNOWN_BUT_UNUSED}
_BRACKETED = re.compile(r"[(\[<【][^)\]>】]*[)\]>】]")


@cache
def _keys() -> dict[str, str]:
    return {header_key(name): column for name, column in fact_names().items()} | _KEYS


@lru_cache(maxsize=1_000)
def find_column(text: str) -> str | None:
    """The column that a name above it means; what stands in brackets, as （税抜）, counts only where it must."""
    keys = _keys()
    column = keys.get(header_key(text))
    if column is None:
        column = keys.get(header_key(_BRACKETED.sub("", half_width(text))))
    return column


def is_unused(text: str) -> bool:
    """Whether nobody expects the column to be read."""
    return header_key(text) in _UNUSED or not header_key(text)


def find_columns(cells: Sequence[str]) -> tuple[dict[str, int], dict[str, list[int]]]:
    """The place of each column in a row of names, and those that stand there more than once."""
    places: dict[str, list[int]] = {}
    for index, text in enumerate(cells):
        column = find_column(text)
        if column is not None:
            places.setdefault(column, []).append(index)
    return {column: found[0] for column, found in places.items()}, {
        column: found for column, found in places.items() if len(found) > 1 and column in LABELS
    }


def is_header(columns: Mapping[str, int]) -> bool:
    """Whether a row holds names of columns: not every name needs to be right for that."""
    return "product_code" in columns and sum(1 for name in columns if name in LABELS) >= 4


def join_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """One name for each column from several rows; a name above several columns holds for all of them."""
    if len(rows) == 1:
        return list(rows[0])
    names = []
    for own in stack_names(rows):
        tries = ["".join(own), *reversed(own)]
        names.append(next((text for text in tries if find_column(text)), " ".join(own)))
    return names
