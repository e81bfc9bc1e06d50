"""Workbooks of many rows: cell by cell what the other writer makes of the same, and nothing lost on the way."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from foundation.spreadsheets.sheets import SheetOfRows, write_workbook
from foundation.spreadsheets.writing import DAY, NUMBER, PERCENT, TEXT, Column, SheetWriter

COLUMNS: list[Column] = [("お客様", TEXT, 30), ("満了日", DAY, 13), ("前", NUMBER, 14), ("率", PERCENT, 12)]
ROWS: list[list[object]] = [
    ["=1+1", date(2027, 3, 31), 1_234_567, Decimal("10.50")],
    ["0123", None, None, None],
    ["a\nb\x0b", date(1999, 1, 1), 0, Decimal("-0.01")],
    ["", date(2028, 2, 29), -5, 9_999_999_999.99],
    ["㈱" * 20_000, None, 2**40, 0],
]


def by_openpyxl(rows: list[list[object]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = SheetWriter(book, "一覧", COLUMNS)
    for row in rows:
        sheet.add(row)
    sheet.end()
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def cells(content: bytes) -> list[list[Any]]:
    """Value, kind and number format of each cell that holds something."""
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    return [
        [(cell.value, cell.data_type, cell.number_format) if cell.value is not None else None for cell in row]
        for row in sheet.iter_rows()
    ]


def paper(content: bytes) -> list[Any]:
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    return [
        sheet.title,
        sheet.freeze_panes,
        sheet.auto_filter.ref,
        sheet.print_title_rows,
        sheet.page_setup.orientation,
        sheet.page_setup.fitToHeight,
        sheet.sheet_properties.pageSetUpPr.fitToPage,
        [int(sheet.column_dimensions[letter].width) for letter in "ABCD"],
        [cell.font.b for cell in sheet[1]],
    ]


def test_cell_by_cell_the_same_as_by_openpyxl() -> None:
    ours, theirs = write_workbook([SheetOfRows("一覧", COLUMNS, ROWS)]), by_openpyxl(ROWS)
    assert cells(ours) == cells(theirs)
    assert paper(ours) == paper(theirs)


def test_a_sheet_without_rows_has_its_head() -> None:
    content = write_workbook([SheetOfRows("一", COLUMNS, []), SheetOfRows("二", COLUMNS, ROWS)])
    assert [cell and cell[0] for cell in cells(content)[0]] == [head for head, _form, _width in COLUMNS]
    assert load_workbook(BytesIO(content)).sheetnames == ["一", "二"]


def test_what_the_rows_raise_comes_out() -> None:
    class Stopped(Exception):
        pass

    def rows() -> Iterator[list[object]]:
        yield ROWS[0]
        raise Stopped

    with pytest.raises(Stopped):
        write_workbook([SheetOfRows("一", COLUMNS, rows())])
