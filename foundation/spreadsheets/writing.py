"""Sheets of a workbook, written row by row. Texts stay texts, whatever they begin with."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

TEXT, NUMBER, PERCENT, DAY = "@", "#,##0", "0.00", "yyyy-mm-dd"
Column = tuple[str, str, int]
"""Head, number format, width in characters."""


class SheetWriter:
    """One sheet with a frozen head and filters. A cell of each column is used again and again: that is three times as
    fast as making them anew."""

    def __init__(self, book: Workbook, title: str, columns: Sequence[Column]) -> None:
        self.sheet: Any = book.create_sheet(title[:31])
        self.sheet.freeze_panes = "A2"
        # On paper: across, all columns on one page, the head on each.
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = True
        self.sheet.page_setup.orientation, self.sheet.page_setup.fitToHeight = "landscape", 0
        self.sheet.print_title_rows = "1:1"
        self.count = 1
        self.cells: list[Any] = []
        for index, (_head, form, width) in enumerate(columns, start=1):
            self.sheet.column_dimensions[get_column_letter(index)].width = width
            cell: Any = WriteOnlyCell(self.sheet)
            cell.number_format = form
            self.cells.append(cell)
        heads = []
        for head, _form, _width in columns:
            cell = WriteOnlyCell(self.sheet, head)
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            heads.append(cell)
        self.sheet.append(heads)

    def add(self, values: Iterable[object]) -> None:
        for cell, value in zip(self.cells, values, strict=True):
            if isinstance(value, str):  # a text that begins with = is no formula
                cell._value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("", value)[:32_767], "s"
            elif isinstance(value, date):
                cell._value, cell.data_type = value, "d"
            else:
                cell._value, cell.data_type = value, "n"
        self.sheet.append(self.cells)
        self.count += 1

    def end(self) -> None:
        self.sheet.auto_filter.ref = f"A1:{get_column_letter(len(self.cells))}{self.count}"
