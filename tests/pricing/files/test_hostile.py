"""Files that are no price files, or are made to do harm: a clear refusal, soon, and in little memory."""

import io
import zipfile
from collections import deque

import pytest
from django.utils import translation
from openpyxl.xml import DEFUSEDXML

from foundation.spreadsheets.bounds import MOST_COLUMNS, Refused
from foundation.spreadsheets.child import open_tables
from foundation.spreadsheets.files import open_file
from pricing.files.reading import MOST_BYTES, MOST_ROWS, FileRefused, read_prices
from tests.examples import MANY_TIMES

from .workbooks import HEAD, SHEET, make_csv, make_products, make_xlsx, part_of, with_part

GOOD = make_xlsx([HEAD.split(","), ["SMP-1", 5, "A", 5, None, 2600, 5200]])
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet_with(rows: bytes, before: bytes = b"") -> bytes:
    xml = b'<?xml version="1.0"?>' + before + b"<worksheet " + NAMESPACE + b"><sheetData>" + rows
    return with_part(GOOD, SHEET, xml + b"</sheetData></worksheet>")


def bomb() -> bytes:
    """240 MB of nothing, in 240 KB."""
    return with_part(GOOD, SHEET, b" " * 240 * 1024 * 1024)


def zip_with(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


def flip(data: bytes, position: int) -> bytes:
    return data[:position] + bytes([data[position] ^ 255]) + data[position + 1 :]


DAMAGED = "The workbook is damaged or incomplete."
NOT_A_TABLE = "This is neither an XLSX nor a CSV file."
HOSTILE = {
    "nothing": (b"", "The file is empty."),
    "only spaces": (b"\xef\xbb\xbf \r\n", "The file is empty."),
    "too large": (b"a" * (MOST_BYTES + 1), "The file is larger than 10 MB."),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, NOT_A_TABLE),
    "a PDF": (b"%PDF-1.7\n1 0 obj", NOT_A_TABLE),
    "a program": (b"\x7fELF\x02\x01\x01\0\0\0", NOT_A_TABLE),
    "old Excel": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 500,
        "This is an old Excel file (.xls).",
    ),
    "a web page": (b"<html><body><table>", "This is a web page or XML, not a spreadsheet."),
    "another zip": (zip_with("a.txt"), "This is not an XLSX workbook."),
    "a binary workbook": (zip_with("[Content_Types].xml", "xl/workbook.bin"), "This is a binary workbook (.xlsb)."),
    "an empty workbook": (zip_with("[Content_Types].xml"), DAMAGED),
    "a truncated workbook": (GOOD[: len(GOOD) // 2], DAMAGED),
    "a flipped byte": (flip(GOOD, GOOD.index(SHEET.encode()) + 60), DAMAGED),
    "a zip bomb": (bomb(), "Unpacked, this workbook is larger than 200 MB."),
    "many parts": (
        zip_with("[Content_Types].xml", *(f"xl/{number}" for number in range(1001))),
        "Unpacked, this workbook is larger than 200 MB.",
    ),
    "a million columns": (
        sheet_with(b'<row r="1">' + b"<c><v>1</v></c>" * 1_000_000 + b"</row>"),
        "Row 1 has more than",
    ),
    "columns far out": (
        sheet_with(b'<row r="1"><c r="XFD1"><v>1</v></c></row>'),
        "Row 1 has more than 500 columns.",
    ),
    "elements without end": (sheet_with(b'<row r="1"><c>' + b"<is/>" * 300_000 + b"</c></row>"), DAMAGED),
    "a document type": (sheet_with(b"", before=b'<!DOCTYPE x [<!ENTITY a "b">]>'), DAMAGED),
    "broken XML": (with_part(GOOD, SHEET, b"<worksheet><sheetData><row>"), DAMAGED),
    "rows far down": (
        sheet_with(b'<row r="99999999999"><c/></row>'),
        DAMAGED,
    ),
    "a million columns of CSV": (b"a," * 1_000_000, f"Row 1 has more than {MOST_COLUMNS} columns."),
    "wrong encoding": ("製品コード".encode("euc-jp") + b"\xff\xff", "The characters of this file cannot be read."),
    "broken UTF-16": (b"\xff\xfea", "The characters of this file cannot be read."),
    "an open quotation mark": (make_csv('SMP-1,5,"A,5,,2600,5200'), "Row 2 cannot be read: a quotation mark"),
    "no names of columns": (b"1,2,3\n4,5,6\n", "No row with the names of the columns was found."),
}


def refusal_of(data: bytes) -> str:
    with translation.override("en"), pytest.raises(FileRefused) as refused:
        read_prices(data, products=make_products("SMP-1"), before={})
    return str(refused.value)


@pytest.mark.parametrize(("data", "reason"), list(HOSTILE.values()), ids=list(HOSTILE))
def test_it_is_refused_in_clear_words(data, reason):
    assert refusal_of(data).startswith(reason)


def test_the_same_file_unharmed_is_read():
    found = read_prices(GOOD, products=make_products("SMP-1"), before={})
    assert (found.error_count, found.row_count, list(found.tables)) == (0, 1, ["SMP-1"])
    assert part_of(GOOD, SHEET)


def test_entities_are_refused_below_the_own_look_too():
    assert DEFUSEDXML


def test_too_many_rows():
    with translation.override("en"), open_file(make_csv(*["a"] * (MOST_ROWS + 1), head="a")) as book:
        rows = book.read(book.sheets[0])
        with pytest.raises(FileRefused, match=r"^The file has more than 60,000 rows\."):
            deque(rows, maxlen=0)


@pytest.mark.soak
@pytest.mark.timeout(120 * MANY_TIMES)
def test_any_byte_flipped_is_read_or_refused():
    """Nothing but a refusal comes out of a broken file. Every seventh byte here, each of them in `make soak`."""
    for position in range(0, len(GOOD), 7 if MANY_TIMES == 1 else 1):
        try:
            for table in open_tables(flip(GOOD, position)):
                table.describe()
                list(table.rows())
        except Refused:
            continue


def test_what_the_file_says_of_its_size_is_not_believed():
    xml = part_of(GOOD, SHEET).replace(b'ref="A1:G2"', b'ref="A1:A1"')
    assert b'ref="A1:A1"' in xml
    found = read_prices(with_part(GOOD, SHEET, xml), products=make_products("SMP-1"), before={})
    assert (found.error_count, list(found.tables)) == (0, ["SMP-1"])


def test_a_long_text_is_cut():
    with open_file(make_csv(f"{'x' * 50_000},5,A,5,,2600,5200")) as book:
        rows = list(book.read(book.sheets[0]))
    assert len(rows[1][1][0]) == 1000
