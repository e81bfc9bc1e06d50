"""Whole workbooks of many rows, written by a library that needs a tenth of the time. Texts stay texts, whatever they
begin with.

Rows are given as they are made, so none of them is kept. Each sheet has a frozen head and filters; on paper it lies
across, with all columns on one page and the head on each.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from rustpy_xlsxwriter import Format, write_worksheets

from .writing import Column

MOST_CHARACTERS = 32_767
"""Of a cell."""


@dataclass(frozen=True, slots=True)
class SheetOfRows:
    """A sheet with its columns, whose heads are each another, and its rows."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Iterable[object]]

    @property
    def name(self) -> str:
        return self.title[:31]


def write_workbook(sheets: Sequence[SheetOfRows]) -> bytes:
    """The workbook. What the rows raise while they are made comes out as it is."""
    file = BytesIO()
    failed: list[BaseException] = []
    names = [sheet.name for sheet in sheets]
    head = Format().set_bold().set_text_wrap().set_align("top")
    paper = {"landscape": True, "fit_to_pages": (1, 0), "repeat_rows": 0}
    try:
        write_worksheets(
            [(sheet.name, _records(sheet, failed)) for sheet in sheets],
            file,
            freeze_panes={"general": {"row": 1, "col": 0}},
            header_format=dict.fromkeys(names, head),
            column_widths={sheet.name: [float(width) for _head, _form, width in sheet.columns] for sheet in sheets},
            column_formats={
                sheet.name: [Format().set_num_format(form) for _head, form, _width in sheet.columns] for sheet in sheets
            },
            autofilter=dict.fromkeys(names, True),
            page_setup=dict.fromkeys(names, paper),
        )
    except BaseException:
        if failed:
            raise failed[0] from None
        raise
    if failed:
        raise failed[0]
    return file.getvalue()


def _records(sheet: SheetOfRows, failed: list[BaseException]) -> Iterator[dict[str, Any]]:
    heads = [head for head, _form, _width in sheet.columns]
    record: dict[str, Any] = {}
    try:
        for row in sheet.rows:
            record = dict(zip(heads, map(_plain, row), strict=True))
            yield record
        if not record:  # the library knows columns by their rows only
            yield dict.fromkeys(heads)
    except Exception as error:
        failed.append(error)
        raise


def _plain(value: Any) -> Any:
    """A cell as the library takes it: no character that would break the file, none for an empty text."""
    if value.__class__ is not str:
        return value
    if value.isprintable() and len(value) < MOST_CHARACTERS:
        return value or None
    return ILLEGAL_CHARACTERS_RE.sub("", value)[:MOST_CHARACTERS] or None
