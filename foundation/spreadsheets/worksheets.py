"""The rows of a worksheet, as a person sees them: what shows nothing is empty, values merged down stand in each row."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from ..text.invisible import is_blank
from .bounds import (
    HEAD_ROWS,
    LAST_COLUMN,
    LAST_ROW,
    MOST_COLUMNS,
    MOST_ELEMENTS,
    MOST_MERGED,
    MOST_ROWS,
    MOST_TEXT,
    NO_RESULT,
    Refused,
)
from .escapes import decode_escapes
from .formats import Format, show_number
from .quick import Odd, QuickSheet
from .workbooks import Parsing, SharedTexts

MERGED = re.compile(
    rb"""<(?:\w+:)?mergeCell\s[^>]{0,200}?ref\s*=\s*["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']"""
)
TRUE = ("1", "true", "on")
MOST_TOLD = 1_000
"""Hidden rows and columns whose numbers are kept."""

Row = tuple[int, list[str]]
Span = tuple[int, int, int, int]
"""First row, last row, first column, last column; the columns from 0."""


def column_of(letters: str) -> int:
    """The place of a column that spreadsheet programs call so; A is 0. Raises Refused where there is none."""
    place = 0
    for letter in letters:
        if not "A" <= letter <= "Z" or place > LAST_COLUMN:
            raise Refused("damaged")
        place = place * 26 + ord(letter) - 64
    if not 1 <= place <= LAST_COLUMN:
        raise Refused("damaged")
    return place - 1


class Worksheet:
    """One sheet of a workbook."""

    def __init__(
        self,
        *,
        data: bytes,
        name: str,
        state: str,
        is_active: bool,
        texts: SharedTexts,
        text_parts: Sequence[bytes],
        formats: list[Format | None],
        is_1904: bool,
        open_quickly: Callable[["Worksheet"], QuickSheet | None] = lambda _sheet: None,
    ) -> None:
        self.data, self.name, self.state, self.is_active = data, name, state, is_active
        self.texts, self.text_parts, self.formats, self.is_1904 = texts, text_parts, formats, is_1904
        self.open_quickly = open_quickly
        self.spans = read_spans(data)
        self.reading = Reading(self)

    def describe(self) -> dict[str, Any]:
        """What is shown of the sheet before one is chosen."""
        head: list[Row] = []
        refused = None
        try:
            head.extend(islice(self.rows(is_head=True), HEAD_ROWS))
        except Refused as problem:
            if problem.code == "damaged":
                raise
            refused = [problem.code, problem.values]
        last = head[-1][0] if head else 0
        return {
            "name": self.name,
            "state": self.state if self.state in ("hidden", "veryHidden") else "visible",
            "is_active": self.is_active,
            "row_count": self.data.count(b"<row") + self.data.count(b":row "),
            "head": head,
            "spans": [span for span in self.spans if span[0] <= last][:MOST_TOLD],
            "refused": refused,
        }

    def facts(self) -> dict[str, Any]:
        """What was noticed while its rows were read."""
        return {
            "formulas": self.reading.formulas,
            "hidden_rows": self.reading.hidden_rows,
            "hidden_columns": sorted(self.reading.hidden_columns & self.reading.used_columns),
        }

    def get_ready(self) -> None:
        """Do already what its rows need: it is the only sheet, and will be asked for."""
        quick = self.open_quickly(self)
        self.open_quickly = lambda _sheet: quick

    def rows(self, *, is_head: bool = False) -> Iterator[Row]:
        """Rows with something of their own in them, numbered as spreadsheet programs do."""
        self.reading = Reading(self)
        quick = None if is_head else self.open_quickly(self)
        found = self.reading.rows() if quick is None else self.rows_quickly(quick)
        for filled, row in enumerate(found, start=1):
            if filled > MOST_ROWS:
                raise Refused("too-long")
            yield row

    def rows_quickly(self, quick: QuickSheet) -> Iterator[Row]:
        """The same: the first row and those that merged cells reach down to from the XML, others by the library."""
        reading = self.reading
        merged = max((last for first, last, _left, _right in self.spans if last > first), default=0)
        done = 0
        for row in reading.rows():
            yield row
            done = row[0]
            if done >= merged and reading.shows_zeros and not reading.hidden_columns:
                break
        else:
            return
        try:
            for row in quick.rows(done):
                yield row
                done = row[0]
        except Odd:
            self.reading = reading = Reading(self)
            yield from (row for row in reading.rows() if row[0] > done)
        else:
            reading.formulas, reading.hidden_rows = quick.formulas, quick.hidden_rows[:MOST_TOLD]


def read_spans(data: bytes) -> list[Span]:
    """Merged cells. They stand behind the rows that need them."""
    found: list[Span] = []
    for match in MERGED.finditer(data, max(data.rfind(b"sheetData>"), data.rfind(b"sheetData/>"), 0)):
        first, last = int(match[2]), int(match[4])
        left, right = column_of(match[1].decode()), column_of(match[3].decode())
        if not (1 <= first <= last <= LAST_ROW and left <= right):
            raise Refused("damaged")
        found.append((first, last, left, right))
        if len(found) > MOST_MERGED:
            raise Refused("damaged")
    return sorted(found)


class Reading:
    """One run through a sheet."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.formulas = 0
        self.hidden_rows: list[int] = []
        self.hidden_columns: set[int] = set()
        self.used_columns: set[int] = set()
        self.shows_zeros = True
        self.found: list[Row] = []
        self.columns: dict[str, int] = {}
        self.elements = 0
        # of the row that is being read
        self.number = 0
        self.is_hidden = False
        self.cells: dict[int, str] = {}
        # of the cell
        self.column = -1
        self.kind = "n"
        self.style: Format | None = None
        self.pieces: list[str] = []
        self.has_formula = False
        self.is_wanted = False
        self.readings = 0
        # values merged down: those that begin below, and those that go on, by column
        self.begins: dict[int, list[tuple[int, int]]] = {}
        for first, last, left, _right in sheet.spans:
            if last > first:
                self.begins.setdefault(first, []).append((left, last))
        self.goes_on: dict[int, tuple[int, str]] = {}

    def rows(self) -> Iterator[Row]:
        for _step in Parsing(self.sheet.data, self.start, self.end, self.text).steps():
            yield from self.found
            self.found.clear()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            ref = attributes.get("r")
            if ref is None:
                self.column += 1
            else:
                letters = ref.rstrip("0123456789")
                column = self.columns.get(letters)
                if column is None:
                    column = self.columns[letters] = column_of(letters)
                self.column = column
            self.kind = attributes.get("t", "n")
            style = attributes.get("s")
            self.style = self.sheet.formats[int(style)] if style and self.sheet.formats else None
            self.pieces.clear()
            self.has_formula = False
        elif tag == "v" or (tag == "t" and not self.readings):
            self.is_wanted = True
        elif tag == "row":
            self.start_row(attributes)
        elif tag == "f":
            self.has_formula = True
        else:
            self.start_other(tag, attributes)

    def start_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r") or self.number + 1)
        if not self.number < number <= LAST_ROW:
            raise Refused("damaged")
        self.number = number
        self.is_hidden = attributes.get("hidden") in TRUE or (
            attributes.get("customHeight") in TRUE and float(attributes.get("ht", "1")) == 0
        )
        self.cells = {}
        self.column = -1
        self.elements = 0

    def start_other(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise Refused("damaged")
        if tag == "rPh":
            self.readings += 1
        elif tag == "col":
            if attributes.get("hidden") in TRUE or float(attributes.get("width", "9")) == 0:
                last = min(int(attributes["max"]), MOST_COLUMNS)
                self.hidden_columns.update(range(int(attributes["min"]) - 1, last))
        elif tag == "sheetView":
            self.shows_zeros = attributes.get("showZeros", "1") in TRUE

    def text(self, piece: str) -> None:
        if self.is_wanted and len(self.pieces) < MOST_TEXT:
            self.pieces.append(piece[: 2 * MOST_TEXT])

    def end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self.is_wanted = False
        elif tag == "c":
            self.end_cell()
        elif tag == "row":
            self.end_row()
        elif tag == "rPh":
            self.readings -= 1

    def end_cell(self) -> None:
        raw = "".join(self.pieces) if self.pieces else ""
        if self.has_formula:
            self.formulas += 1
        if not raw:
            if not self.has_formula or self.kind == "str":
                return
            shown = NO_RESULT
        elif self.kind == "n":
            shown = self.show_number(raw)
        elif self.kind == "s":
            shown = self.sheet.texts[int(raw)]
        elif self.kind == "b":
            shown = "TRUE" if raw in TRUE else "FALSE"
        else:  # a formula's text, a text of its own, an error, a day
            shown = decode_escapes(raw)[:MOST_TEXT]
        if not shown or (not shown.isalnum() and is_blank(shown)):
            return
        if self.style is not None and self.style.hides_text and self.kind in ("s", "str", "inlineStr"):
            return
        if self.column >= MOST_COLUMNS:
            raise Refused("too-wide", row=self.number)
        self.cells[self.column] = shown

    def show_number(self, raw: str) -> str:
        if self.style is not None:
            shown = self.style.show(raw, is_1904=self.sheet.is_1904)
        else:
            shown = raw if raw.isascii() and raw.isdigit() and len(raw) < 16 else show_number(raw)
        return "" if shown == "0" and not self.shows_zeros else shown

    def end_row(self) -> None:
        cells, number = self.cells, self.number
        for column, last in self.begins.get(number, ()):
            if column in cells:
                self.goes_on[column] = (last, cells[column])
        if not cells:
            return
        if self.is_hidden and len(self.hidden_rows) < MOST_TOLD:
            self.hidden_rows.append(number)
        self.used_columns.update(cells)
        if self.goes_on:
            for column, (last, value) in list(self.goes_on.items()):
                if last < number:
                    del self.goes_on[column]
                else:
                    cells.setdefault(column, value)
        self.found.append((number, [cells.get(column, "") for column in range(max(cells) + 1)]))
