"""Large workbooks go by python-calamine: what comes out is what the look at the XML gives, or that look itself."""

import io
from collections import deque
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from foundation.spreadsheets import quick
from foundation.spreadsheets.files import LIBRARY, FileRefused, open_file
from foundation.spreadsheets.workbooks import open_workbook

from .books import make_book, rows_of

ROWS: list[list[Any]] = [
    ["名前", "数", "日", "メモ"],
    ["青空　商事", 10, date(2027, 3, 31), "  前後 "],
    [None, None, None, None],
    ["緑\n建設", 1.5, datetime(2027, 3, 31, 9, 30), "=1+1"],
    ["0012", 0, date(2028, 2, 29), "\u200b"],
    ["", -3, None, "x" * 1_200],
    ["大", 1e15, 0.1 + 0.2, "&<>"],
]


def book(*rows: list[Any], formats: str = "yyyy/m/d", change: Any = lambda sheet: None) -> bytes:
    made = Workbook()
    sheet = made.active
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
            if isinstance(value, date):
                cell.number_format = formats
    change(sheet)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


@pytest.fixture(autouse=True)
def _also_small_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "LEAST_BYTES", 0)


def read(data: bytes, folder: str = LIBRARY) -> tuple[list[Any], dict[str, Any], bool]:
    """The rows of the first sheet, what was noticed, and whether the library read it."""
    (sheet, *_others) = open_workbook(data, folder)
    is_quick = sheet.open_quickly(sheet) is not None
    return list(sheet.rows()), sheet.facts(), is_quick


def hide(sheet: Any) -> None:
    sheet.row_dimensions[4].hidden = True


def merge(sheet: Any) -> None:
    sheet["A2"], sheet["A3"] = "縦", None
    sheet.merge_cells("A2:A3")
    sheet["B3"] = 1


@pytest.mark.parametrize("formats", ["yyyy/m/d", "yyyy-mm-dd", '[$-411]ggge"年"m"月"d"日"', "ge.m.d", "m/d/yyyy h:mm"])
@pytest.mark.parametrize("change", [lambda sheet: None, hide, merge], ids=["plain", "hidden", "merged"])
def test_the_same_comes_out(formats: str, change: Any) -> None:
    data = book(*ROWS, formats=formats, change=change)
    *slowly, was_quick = read(data, "")
    *quickly, is_quick = read(data)
    assert quickly == slowly
    assert (was_quick, is_quick) == (False, True)


@pytest.mark.parametrize(
    "sheet",
    [
        rows_of('<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1"><v>1</v></c></row>'),
        rows_of('<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>'),
        rows_of('<row r="1"><c r="A1"><f>1+1</f><v></v></c></row>'),
        rows_of('<row r="1"><c r="A1"><f>1+1</f></c></row>'),
        rows_of('<row r="1"><c r="A1" t="inlineStr"><is><t>a_x000D_b</t></is></c></row>'),
        rows_of("<row><c><v>1</v></c></row>"),
        rows_of('<row r="1"><c r="A1"><v>1</v></c></row><row r="1000000"><c r="A1000000"><v>1</v></c></row>'),
        rows_of('<row r="1"><c r="XFD1"><v>1</v></c></row>'),
        rows_of("<row r='1'><c r='A1' t='b'><v>1</v></c></row>"),
    ],
)
def test_what_only_the_xml_tells_is_not_asked_of_the_library(sheet: str) -> None:
    (table,) = open_workbook(make_book(sheet), LIBRARY)
    assert table.open_quickly(table) is None


def test_percentages_and_parts_of_formats_are_looked_at_in_the_xml() -> None:
    def percent(sheet: Any) -> None:
        sheet["B2"].number_format = "0%"

    rows, _facts, is_quick = read(book(*ROWS, change=percent))
    assert (is_quick, rows[1][1][1]) == (False, "1000%")


@pytest.mark.parametrize(
    ("place", "value", "form", "shown"),
    [
        ("C2", date(2027, 3, 1), 'yyyy"年"m"月"', "2027-03"),
        ("B2", 12, "0000000", "0000012"),
        ("B2", 12, '#,##0"千円"', "12 千円"),
    ],
)
def test_so_are_formats_that_change_what_is_meant(place: str, value: object, form: str, shown: str) -> None:
    def change(sheet: Any) -> None:
        sheet[place], sheet[place].number_format = value, form

    rows, _facts, is_quick = read(book(*ROWS, change=change))
    assert (is_quick, shown in rows[1][1]) == (False, True)


def test_from_what_turns_up_all_the_same_the_xml_is_read() -> None:
    def time(sheet: Any) -> None:
        sheet["C5"], sheet["C5"].number_format = 0.5, "yyyy/m/d h:mm"

    data = book(*ROWS, change=time)
    *slowly, _was_quick = read(data, "")
    *quickly, is_quick = read(data)
    assert (quickly, is_quick) == (slowly, True)


def test_a_formula_with_its_result_is_counted() -> None:
    data = make_book(
        rows_of('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><f>A1+1</f><v>2</v></c></row>')
    )
    assert read(data) == ([(1, ["1"]), (2, ["2"])], {"formulas": 1, "hidden_rows": [], "hidden_columns": []}, True)


def test_the_reading_process_reads_a_large_one() -> None:
    """As the asking side sees it; more rows than usual are refused unless it said that there may be."""
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 70_001))
    with open_file(make_book(rows_of(rows))) as found:
        assert [number for number, _cells in found.read(found.sheets[0], most=150_000)] == list(range(1, 70_001))
    with open_file(make_book(rows_of(rows))) as found, pytest.raises(FileRefused):
        deque(found.read(found.sheets[0]), maxlen=0)


def test_empty_columns_before_the_first_one_count() -> None:
    data = book(*[[None, None, *row] for row in ROWS])
    *slowly, _was_quick = read(data, "")
    *quickly, is_quick = read(data)
    assert (quickly, is_quick) == (slowly, True)
    assert {tuple(cells[:2]) for _number, cells in quickly[0]} == {("", "")}
