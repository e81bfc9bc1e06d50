"""How each program wants the fields: its own columns first, every other field of the record behind them.

弥生販売 reads text in cp932 with tabs, one line for a row, from a row that is said when it is imported: here from the
second. freee販売 reads CSV with heads; the rows of one order follow one another under one 受注まとめ番号.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from .fields import FIELDS, Row

LINE_OR_TAB = re.compile(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file. `name`: the field whose value it has just as it is; empty for what is put together."""

    head: str
    name: str
    read: Callable[[Row], Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of file."""

    name: str
    words: Any
    ending: str
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    day: str = "%Y-%m-%d"
    is_one_line: bool = False
    """Whether line ends and tabs within a text become a space: the program takes them for the next row or column."""
    columns: Sequence[Column] = ()
    is_slip: bool = False
    """Whether its rows must add up to the subtotal: a reduction on the whole quote is a row of its own."""


def _field(head: str, name: str) -> Column:
    return Column(head, name, lambda row: row[name])


def _empty(head: str) -> Column:
    return Column(head, "", lambda row: "")


def slip_quantity(row: Row) -> tuple[int, str, int]:
    """Quantity, unit and price of a slip, on which the one times the other is the amount: the price is for the whole
    term. Where it does not come out in whole yen, one lot at the amount.
    """
    quantity, amount = row["quantity"], row["amount"]
    return (quantity, row["unit"], amount // quantity) if amount % quantity == 0 else (1, "式", amount)


def with_reductions(rows: Sequence[Row]) -> list[Row]:
    """The rows, and behind those of each order that was reduced as a whole (R20) what that takes off, below zero: a row
    for each tax rate, so that the program comes to the record's sum and tax of every rate.
    """
    found: list[Row] = []
    for _number, order in groupby(rows, key=lambda row: row["quote_number"]):
        own = list(order)
        found += own
        if own[-1]["reduction"]:
            found += _reductions(own)
    return found


def _reductions(own: Sequence[Row]) -> list[Row]:
    """Of one order. Where its record does not say under which rate its lines are, one row without a rate."""
    shares = _shares(own)
    if sum(share for _row, share in shares) != own[0]["reduction"]:
        shares = [({**own[0], "tax_percent": None, "rate_subtotal": None, "rate_tax": None}, own[0]["reduction"])]
    return [
        {
            **{name: None if field.of_line else row[name] for name, field in FIELDS.items()},
            "product_name": "値引き" if len(shares) == 1 else f"値引き（消費税{row['tax_percent']:f}％対象）",
            "quantity": 1,
            "unit": "式",
            "amount": -share,
            "line_number": number,
        }
        for number, (row, share) in enumerate(shares, start=own[-1]["line_number"] + 1)
    ]


def _shares(own: Sequence[Row]) -> list[tuple[Row, int]]:
    """A row under each tax rate, and what of the reduction falls on it: what is offered less what is taxed."""
    under: dict[Decimal | None, list[Row]] = {}
    for row in own:
        under.setdefault(row["tax_percent"], []).append(row)
    shares = [
        (rows[0], sum(row["amount"] for row in rows) - (rows[0]["rate_subtotal"] or 0)) for rows in under.values()
    ]
    return [(row, share) for row, share in shares if share]


def _remark(row: Row) -> str:
    """What a slip has no column for: license ID, kind, quantity and term."""
    if row["term_from"] is None:
        return ""
    term = f"{row['term_from']:%Y/%m/%d}～{row['term_until']:%Y/%m/%d}"
    return f"{row['license_id']} {row['kind']} {row['quantity']}{row['unit']} {term}"


_LINE = (
    Column("数量", "", lambda row: slip_quantity(row)[0]),
    Column("単位", "", lambda row: slip_quantity(row)[1]),
    Column("単価", "", lambda row: slip_quantity(row)[2]),
)


def _yayoi(name: str, words: Any, day: str) -> Layout:
    columns = (
        _field("伝票日付", day),
        _field("伝票番号", "quote_number"),
        _empty("得意先コード"),
        _field("得意先名", "customer_name"),
        _field("件名", "subject"),
        _field("先方注文番号", "order_number"),
        _field("行番号", "line_number"),
        _field("商品コード", "product_code"),
        _field("商品名", "product_name"),
        *_LINE,
        _field("金額", "amount"),
        _field("税率", "tax_percent"),
        Column("備考", "", _remark),
    )
    return Layout(name, words, "txt", "cp932", "\t", "%Y/%m/%d", True, _with_the_rest(columns), True)


def _freee() -> Layout:
    columns = (
        _field("受注まとめ番号", "quote_number"),
        _field("案件名称", "subject"),
        _field("顧客名称", "customer_name"),
        _field("受注日", "ordered_on"),
        Column("連携元番号", "", lambda row: row["quote_number"]),
        _field("摘要", "product_name"),
        *_LINE,
        _field("税率", "tax_percent"),
        Column("明細備考", "", _remark),
        Column("社内メモ", "", lambda row: " ".join(filter(None, (row["quote_number"], row["order_number"])))),
    )
    return Layout(
        "freee", _("freee販売: orders (CSV)"), "csv", day="%Y/%m/%d", columns=_with_the_rest(columns), is_slip=True
    )


def _with_the_rest(columns: Sequence[Column]) -> tuple[Column, ...]:
    """These, and every field that they do not have, by its Japanese name: nothing has to be typed anew."""
    there, heads = {column.name for column in columns}, {column.head for column in columns}
    with override("ja"):
        rest = [(str(field.words), field.name) for field in FIELDS.values() if field.name not in there]
    return (*columns, *(_field(f"{head}（記録）" if head in heads else head, name) for head, name in rest))


def layouts(own: Sequence[tuple[str, str]]) -> dict[str, Layout]:
    """Every kind of file by name. `own`: the reseller's columns, field and head."""
    table = tuple(_field(head, name) for name, head in own)
    given = (
        _yayoi("yayoi-quote", _("弥生販売: quotes (text)"), "issued_on"),
        _yayoi("yayoi-order", _("弥生販売: orders (text)"), "ordered_on"),
        _yayoi("yayoi-sale", _("弥生販売: sales (text)"), "ordered_on"),
        _freee(),
        Layout("xlsx", _("Own table: XLSX"), "xlsx", columns=table),
        Layout("csv", _("Own table: CSV, UTF-8"), "csv", columns=table),
        Layout("cp932", _("Own table: CSV, Shift_JIS (cp932)"), "csv", "cp932", columns=table),
    )
    return {layout.name: layout for layout in given}


def kind_of(column: Column, row: Row | None = None) -> str:
    """How the column's values are written: that of its field; what is put together is text or a number by its value."""
    if column.name:
        return FIELDS[column.name].kind
    return "number" if row is not None and isinstance(column.read(row), int) else "text"


def plain(value: Any, layout: Layout) -> str:
    """A value in a text file: days as the program reads them, percentages without zeros that say nothing."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime(layout.day)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    text = str(value)
    return LINE_OR_TAB.sub(" ", text) if layout.is_one_line else text
