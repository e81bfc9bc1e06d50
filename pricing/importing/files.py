"""Spreadsheets in, within bounds: bytes become rows of texts, or a refusal that says what is wrong.

Nothing in a file is trusted. Sizes are checked before anything is unpacked, XML is looked through without being kept
before openpyxl reads it, and rows come one by one. openpyxl reads XML through defusedxml, which refuses entities.
"""

import csv
import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from xml.parsers import expat

import openpyxl
from django.utils.translation import gettext as _

from .cells import NO_RESULT

logger = logging.getLogger(__name__)

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 120 * 1024 * 1024
"""Of all parts of a workbook together, in bytes; 40,000 rows of prices are about 40 MB."""
MOST_ROWS = 60_000
"""With something in them."""
MOST_EMPTY_ROWS = 1_100_000
MOST_COLUMNS = 500
MOST_PARTS = 1_000
MOST_ELEMENTS = 20 * MOST_COLUMNS
"""Of XML, in one row or one shared text."""
SMALL_PART = 1024 * 1024
"""A part of a workbook up to this size, in bytes, does no harm however it is made."""
MOST_TEXT = 1_000
"""Characters of a cell that are kept."""

ESCAPED = ("=", "+", "-", "@", "\t", "\r", "'")
"""What a text in a CSV may not begin with, lest a spreadsheet program calculates: it gets an apostrophe before it."""

NULL = re.compile("\0")
NEVER_TEXT = {"cp932": re.compile("[\0\x80-\x9f\uf8f0-\uf8ff]")}
"""What only comes out of bytes that were no text in the encoding."""
Row = tuple[int, list[str]]
"""A row's number as spreadsheet programs show it, and the texts of its cells."""


class FileRefused(Exception):
    """The file cannot be read. The text says why to a person, and what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file."""

    name: str
    """Empty: a CSV has no names."""
    row_count: int
    """About how many rows it has: for telling the progress."""
    read: Callable[[], Iterator[Row]]
    """Rows from the top; raises FileRefused where one cannot be read."""
    formula_count: int = 0


@dataclass(slots=True)
class Scan:
    """What was seen while looking through a part of a workbook."""

    rows: int = 0
    formulas: set[str] = field(default_factory=set)
    """Positions, such as B7."""


def open_file(data: bytes) -> list[Sheet]:
    """The tables of a CSV or XLSX file. Raises FileRefused where it is none, or larger than the bounds."""
    check_head(data)
    if data[:4] == b"PK\x03\x04":
        return _open_workbook(data)
    text = _decode(data)
    return [Sheet("", data.count(b"\n") + 1, lambda: _bounded(_read_csv(text)))]


def check_size(size: int) -> None:
    """Raises FileRefused where a file of so many bytes is too large to be read at all."""
    if size > MOST_BYTES:
        raise FileRefused(
            _("The file is larger than %(size)s MB. Remove what is not prices, such as pictures, and try again.")
            % {"size": MOST_BYTES // 1024 // 1024}
        )


def check_head(data: bytes) -> None:
    """Look at the size and the first bytes only. Raises FileRefused where the file cannot be a table."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise FileRefused(_("The file is empty. Choose the file with the prices."))
    check_size(len(data))
    if data[:4] == b"PK\x03\x04":
        return
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise FileRefused(
            _("This is an old Excel file, or one with a password. Save it as XLSX (Excel workbook) without password.")
        )
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return
    if data[:4] in (b"%PDF", b"\x89PNG", b"\xff\xd8\xff\xe0", b"GIF8") or b"\0" in data[:4096]:
        raise FileRefused(_("This is neither an XLSX nor a CSV file. Save the table as XLSX or CSV and upload that."))
    if data.lstrip()[:5].lower() in (b"<?xml", b"<html", b"<!doc"):
        raise FileRefused(_("This is a web page or XML, not a spreadsheet. Save the table as XLSX or CSV."))


# --- CSV ------------------------------------------------------------------------------------------------------


def _decode(data: bytes) -> str:
    """UTF-8 with or without its mark, what Excel calls Unicode text, or cp932."""
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp932"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not NEVER_TEXT.get(encoding, NULL).search(text):
            return text
    raise FileRefused(
        _("The characters of this file cannot be read. Save it as CSV in UTF-8 or Shift_JIS (cp932), or as XLSX.")
    )


def _read_csv(text: str) -> Iterator[Row]:
    head = "".join(islice(io.StringIO(text), 20))
    delimiter = max(",\t;", key=head.count)
    lines = _narrow_lines(text, delimiter)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            yield number, [_unescape(cell) for cell in cells]
            number = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused(
            _("Row %(row)s cannot be read: a quotation mark is open or out of place. Is the file complete?")
            % {"row": number}
        ) from error


def _narrow_lines(text: str, delimiter: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if line.count(delimiter) >= MOST_COLUMNS:
            raise FileRefused(_say_too_wide(number))
        yield line


def _unescape(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ESCAPED and len(cell) > 1 else cell


# --- XLSX -----------------------------------------------------------------------------------------------------


def _open_workbook(data: bytes) -> list[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.bin" in names or "[Content_Types].xml" not in names:
                raise FileRefused(_("This is not an XLSX workbook. Save the table as XLSX or CSV and upload that."))
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise FileRefused(
                    _("Unpacked, this workbook is larger than %(size)s MB. Copy the prices into a new workbook.")
                    % {"size": MOST_UNPACKED // 1024 // 1024}
                )
            scans = {
                part.filename: _scan(archive, part.filename)
                for part in parts
                if part.file_size > SMALL_PART or part.filename.startswith("xl/worksheets/sheet")
            }
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            sheets = []
            for sheet in book.worksheets:
                path = sheet._worksheet_path
                scan = scans.get(path) or _scan(archive, path)
                sheets.append(_sheet(sheet, scan))
    except FileRefused:
        raise
    except Exception as error:  # openpyxl raises whatever a broken file leads it to
        logger.info("a workbook was refused: %r", error)
        raise FileRefused(_say_damaged()) from error
    return sheets


def _sheet(sheet: Any, scan: Scan) -> Sheet:
    return Sheet(sheet.title, scan.rows, lambda: _bounded(_read_rows(sheet, scan.formulas)), len(scan.formulas))


def _scan(archive: zipfile.ZipFile, name: str) -> Scan:
    """Look through a part of a workbook without keeping it. Raises FileRefused where reading it would need too much."""
    scan, elements, cells, position = Scan(), 0, 0, ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal elements, cells, position
        elements += 1
        tag = tag.rpartition(":")[2]
        if tag == "c":
            cells += 1
            position = attributes.get("r", "")
            if cells > MOST_COLUMNS:
                raise FileRefused(_say_too_wide(scan.rows))
        elif tag == "row":
            scan.rows += 1
            elements = cells = 0
        elif tag == "si":
            elements = 0
        elif tag == "f":
            scan.formulas.add(position)
        if elements > MOST_ELEMENTS and name != "xl/styles.xml":
            raise FileRefused(_say_damaged())

    def refuse_doctype(*_arguments: object) -> None:
        raise FileRefused(_say_damaged())

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse_doctype
    with archive.open(name) as part:
        if name.endswith((".xml", ".rels")):
            parser.ParseFile(part)
    return scan


def _read_rows(sheet: Any, formulas: set[str]) -> Iterator[Row]:
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    try:
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            if len(cells) > MOST_COLUMNS:
                raise FileRefused(_say_too_wide(number))
            yield number, [_text_of(cell, formulas) for cell in cells]
    except FileRefused:
        raise
    except Exception as error:
        logger.info("a sheet was refused: %r", error)
        raise FileRefused(_say_damaged()) from error


def _text_of(cell: Any, formulas: set[str]) -> str:
    """What a person sees in the cell, nearly: numbers without separators, a percentage with its sign."""
    value = cell.value
    if value is None:
        return NO_RESULT if formulas and getattr(cell, "row", None) and cell.coordinate in formulas else ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        number = Decimal(f"{value:.15g}")  # as many digits as spreadsheet programs show
        if value < 100 and "%" in cell.number_format:
            return f"{(number * 100).normalize():f}%"
        return f"{number:f}"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else repr(value)


# --- Both -----------------------------------------------------------------------------------------------------


def _bounded(rows: Iterator[Row]) -> Iterator[Row]:
    """Only rows with something in them, and not too many."""
    filled = 0
    for count, (number, cells) in enumerate(rows):
        if count > MOST_EMPTY_ROWS:
            raise FileRefused(_say_too_long())
        if not any(cells):
            continue
        if len(cells) > MOST_COLUMNS:
            raise FileRefused(_say_too_wide(number))
        filled += 1
        if filled > MOST_ROWS:
            raise FileRefused(_say_too_long())
        yield number, [cell[:MOST_TEXT] for cell in cells]


def _say_damaged() -> str:
    return _("The workbook is damaged or incomplete. Open it in a spreadsheet program, save it as XLSX, and try again.")


def _say_too_wide(row: int) -> str:
    return _("Row %(row)s has more than %(most)s columns. Keep only the columns with prices, and upload again.") % {
        "row": row,
        "most": MOST_COLUMNS,
    }


def _say_too_long() -> str:
    return _("The file has more than %(most)s rows. Remove rows that are not prices, and upload it again.") % {
        "most": f"{MOST_ROWS:,}"
    }
