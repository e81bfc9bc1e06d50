"""Rows of a large worksheet of the common kind, read by python-calamine: three times as fast as our look at the XML.

It is asked only after the bounds of the file are checked, and only where its answer is what a person sees: neither
percentages, sections of number formats, errors, escapes nor formulas without a result are in the sheet. What turns up
all the same is `Odd`; from that row on the sheet is read by `worksheets`.
"""

import importlib.util
import io
import re
import sys
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from ..text.invisible import is_blank
from .bounds import MOST_TEXT
from .formats import show_number

LEAST_BYTES = 262_144
"""Of a sheet's XML: smaller ones are read sooner than the library is loaded."""
MOST_CELLS = 5_000_000
"""Of the rectangle that the library lays out before it gives the first row; 120 MB."""
MOST_KNOWN = 100_000
ROW = re.compile(rb"<row\s([^>]{0,500})>")
NUMBER = re.compile(rb'(?:^|\s)r="(\d{1,7})"')
HIDDEN = re.compile(rb'(?:^|\s)hidden="(?:1|true|on)"')
HEIGHT = re.compile(rb'(?:^|\s)ht="0*(?:\.0*)?"')
FORMULA = re.compile(rb"<f[\s>/]")
UNCALCULATED = re.compile(rb"(?:</f>|<f[^<>]{0,1000}/>)\s*(?:<v\s*/>|<v>\s*</v>|</c>)")
WIDE = re.compile(rb'<c r="[A-Z]{2}')
FAR = re.compile(rb'<c r="(?:[A-Z]{3}|[B-Z][A-Z])')
NO_TEXT_OR_NUMBER = re.compile(rb't="[bed]"')
ESCAPE = b"_x"
APOSTROPHE = b"='"
"""Around values of attributes: then nothing of the above would be found. Who writes so does it from the beginning."""


class Odd(Exception):
    """Something that only the XML itself tells."""


class QuickSheet:
    """A worksheet that is plain enough; `None` from `open_quickly` where it is not."""

    def __init__(self, sheet: Any, rows: list[bytes], formulas: int) -> None:
        self.sheet, self.formulas = sheet, formulas
        self.hidden_rows = [
            int(found[1])
            for row in rows
            if (HIDDEN.search(row) or (b"customHeight" in row and HEIGHT.search(row))) and (found := NUMBER.search(row))
        ]
        self.shown = Shown({"": ""})

    def rows(self, after: int) -> Iterator[tuple[int, list[str]]]:
        """Rows with something in them below the one of that number. Raises Odd instead of a row that is not plain."""
        shown = self.shown.__getitem__
        before = [""] * (self.sheet.start[1] if self.sheet.start else 0)  # the library leaves out empty columns there
        for number, values in enumerate(self.sheet.iter_rows(), start=1):
            if number <= after:
                continue
            cells = [*before, *map(shown, values)]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                yield number, cells


class Shown(dict[Any, str]):
    """Cells' values as a person sees them; the same value comes again and again. Raises Odd for what is not plain."""

    def __missing__(self, value: Any) -> str:
        kind = value.__class__
        if kind is str:
            shown = "" if not value.isalnum() and is_blank(value) else value[:MOST_TEXT]
        elif kind is float:
            shown = str(int(value)) if value.is_integer() and abs(value) < 1e15 else show_number(repr(value))
        elif kind is date and value.year > 1900:
            shown = value.isoformat()
        elif kind is datetime and value.year > 1900 and not value.microsecond:
            shown = value.isoformat(sep=" ")
        else:
            raise Odd
        if len(self) > MOST_KNOWN:
            self.clear()
        self[value] = shown
        return shown


def open_quickly(data: bytes, position: int, worksheet: Any, folder: str) -> QuickSheet | None:
    """The worksheet at this place of the workbook, if all that it holds is plain. `folder`: of the library."""
    xml: bytes = worksheet.data
    if not folder or len(xml) < LEAST_BYTES or worksheet.is_1904:
        return None
    if any(style is not None and not style.is_common for style in worksheet.formats):
        return None
    if APOSTROPHE in xml[:LEAST_BYTES] or NO_TEXT_OR_NUMBER.search(xml):
        return None
    if ESCAPE in xml or any(ESCAPE in part for part in worksheet.text_parts):
        return None
    formulas = len(FORMULA.findall(xml)) if b"<f" in xml else 0
    if formulas and UNCALCULATED.search(xml):
        return None
    rows = ROW.findall(xml)
    numbers = [int(found[1]) for row in rows if (found := NUMBER.search(row))]
    if not numbers or len(numbers) != xml.count(b"<row") or numbers != sorted(set(numbers)):
        return None
    is_wide = WIDE.search(xml) is not None
    if (is_wide and FAR.search(xml)) or numbers[-1] * (52 if is_wide else 26) > MOST_CELLS:
        return None
    try:
        book = load_library(folder).CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = book.get_sheet_by_index(position)
    except MemoryError:
        raise
    except BaseException as error:  # whatever it stumbles over; a panic of Rust is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return None
    return QuickSheet(sheet, rows, formulas)


def load_library(folder: str) -> Any:
    """python-calamine alone: this process has no packages."""
    if "python_calamine" not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            "python_calamine", f"{folder}/__init__.py", submodule_search_locations=[folder]
        )
        if spec is None or spec.loader is None:
            raise ImportError(folder)
        module = importlib.util.module_from_spec(spec)
        sys.modules["python_calamine"] = module
        spec.loader.exec_module(module)
    return sys.modules["python_calamine"]
