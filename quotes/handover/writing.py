"""Files of orders: text in the encoding that is asked for, or a workbook. No text in them is ever a formula."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from foundation.spreadsheets.cp932 import as_cp932, find_equals, unknown_to_cp932
from foundation.spreadsheets.escapes import escape_formula
from foundation.spreadsheets.writing import DAY, NUMBER, PERCENT, TEXT, SheetWriter

from .fields import Row
from .layouts import Column, Layout, kind_of, plain, with_reductions

FORMATS = {"text": TEXT, "number": NUMBER, "percent": PERCENT, "day": DAY}


@dataclass(frozen=True, slots=True)
class Unknown:
    """A character that cp932 has no equal for: in which quote, in which column."""

    quote_number: str
    head: str
    character: str

    @property
    def code_point(self) -> str:
        return " ".join(f"U+{ord(char):04X}" for char in self.character)


def unknown_characters(rows: Sequence[Row], layout: Layout) -> list[Unknown]:
    """What the file could not hold, each once for a quote and column. Empty where its encoding holds everything."""
    if layout.encoding != "cp932":
        return []
    heads = [Unknown("", column.head, character) for column in layout.columns for character in _lost(column.head)]
    found = [
        Unknown(row["quote_number"], column.head, character)
        for row in rows
        for column in layout.columns
        for character in _lost(plain(column.read(row), layout))
    ]
    return list(dict.fromkeys([*heads, *found]))


def write_orders(rows: Sequence[Row], layout: Layout) -> bytes:
    """The file. Where `unknown_characters` are left, each is 〓 in it: whoever calls has asked."""
    return _workbook(rows, layout) if layout.ending == "xlsx" else _text(rows, layout)


def _lost(text: str) -> list[str]:
    return [] if text.isascii() else unknown_to_cp932(text)


def _text(rows: Sequence[Row], layout: Layout) -> bytes:
    is_cp932 = layout.encoding == "cp932"

    def cell(value: Any) -> str:
        text = plain(value, layout)
        if not isinstance(value, str):
            return text  # digits, also below zero
        return escape_formula(find_equals(text) if is_cp932 else text)

    rows = with_reductions(rows) if layout.is_slip else rows
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=layout.delimiter, lineterminator="\r\n")
    writer.writerow([cell(column.head) for column in layout.columns])
    writer.writerows([cell(column.read(row)) for column in layout.columns] for row in rows)
    text = stream.getvalue()
    return as_cp932(text) if is_cp932 else text.encode(layout.encoding)


def _workbook(rows: Sequence[Row], layout: Layout) -> bytes:
    book = Workbook(write_only=True)
    sheet = SheetWriter(book, _("Orders"), [_head(column) for column in layout.columns])
    for row in rows:
        sheet.add(column.read(row) for column in layout.columns)
    sheet.end()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(column: Column) -> tuple[str, str, int]:
    kind = kind_of(column)
    return column.head, FORMATS[kind], 24 if kind == "text" else 14
