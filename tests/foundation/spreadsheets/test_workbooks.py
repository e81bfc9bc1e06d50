"""A sheet is read as a person sees it, and numbered as spreadsheet programs number it."""

import io

import pytest
from openpyxl import Workbook

from foundation.spreadsheets.bounds import NO_RESULT, Refused
from foundation.spreadsheets.files import open_file
from foundation.spreadsheets.formats import read_format, show_day
from foundation.spreadsheets.refusals import say
from foundation.spreadsheets.workbooks import open_workbook

from .books import STRICT, STRICT_RELATIONS, make_book, rows_of, styles_of, text_cell


def rows(data: bytes, position: int = 0) -> list[tuple[int, list[str]]]:
    return list(open_workbook(data)[position].rows())


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_what_shows_nothing_is_empty():
    """Formulas whose result is the empty text, spaces of every width, invisible characters, colours, formats."""
    blank = "".join(
        text_cell(f"{column}2", text)
        for column, text in zip("ABCD", (" ", "\u3000\xa0", "\u200b", "\ufeff"), strict=True)
    )
    data = make_book(
        rows_of(
            '<row r="1"><c r="A1" t="str"><f>IF(B1="","",B1)</f><v></v></c><c r="B1"><v>5</v></c></row>',
            f'<row r="2">{blank}</row>',
            '<row r="3"><c r="A3" s="1"/><c r="XFD3" s="1"/></row>',
            '<row r="4"><c r="A4" s="1"><v>7</v></c><c r="B4" s="2"><v>0</v></c><c r="C4" s="2"><v>3</v></c></row>',
            '<row r="1048576" s="1" customFormat="1"><c r="A1048576" s="1"/></row>',
        ),
        styles=styles_of(";;;", "0;-0;;@"),
    )
    assert rows(data) == [(1, ["", "5"]), (4, ["", "", "3"])]
    [sheet] = open_workbook(data)
    list(sheet.rows())
    assert sheet.facts()["formulas"] == 1


def test_only_a_formula_that_was_never_calculated_has_no_result():
    data = make_book(
        rows_of('<row r="1"><c r="A1"><f>1+1</f></c><c r="B1"><f>2</f><v/></c><c r="C1"><f>3</f><v>3</v></c></row>')
    )
    assert rows(data) == [(1, [NO_RESULT, NO_RESULT, "3"])]


def test_zeros_that_a_sheet_does_not_show_are_empty():
    data = make_book(
        '<sheetViews><sheetView showZeros="0"/></sheetViews>' + rows_of("<row><c><v>0</v></c><c><v>1</v></c></row>")
    )
    assert rows(data) == [(1, ["", "1"])]


def test_rows_and_cells_have_the_numbers_that_they_have_in_a_spreadsheet_program():
    data = make_book(
        rows_of(
            "<row><c><v>1</v></c></row>",
            '<row r="5"><c r="C5"><v>2</v></c><c><v>3</v></c></row>',
            "<row><c><v>4</v></c></row>",
        )
    )
    assert rows(data) == [(1, ["1"]), (5, ["", "", "2", "3"]), (6, ["4"])]


def test_values_merged_down_stand_in_every_row_that_has_something_of_its_own():
    book = Workbook()
    for row in (["SMP-1", "A", 1], [None, "B", 2], [None, None, None], ["x", "C", 3]):
        book.active.append(row)
    book.active.merge_cells("A1:A3")
    book.active.merge_cells("B4:C4")
    assert rows(saved(book)) == [(1, ["SMP-1", "A", "1"]), (2, ["SMP-1", "B", "2"]), (4, ["x", "C"])]
    assert open_workbook(saved(book))[0].spans == [(1, 3, 0, 0), (4, 4, 1, 2)]


def test_escapes_and_readings():
    texts = (
        "<si><t>更新_x000D_\n単価</t></si>"
        "<si><r><t>東</t></r><r><t>京</t></r><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si>"
        "<si><t>_x005F_x000D_</t></si><si><t>_xD83D__xDE00__xD800_</t></si>"
    )
    cells = "".join(f'<c t="s"><v>{index}</v></c>' for index in range(4))
    assert rows(make_book(rows_of(f"<row>{cells}</row>"), texts=texts)) == [
        (1, ["更新\r\n単価", "東京", "_x000D_", "😀\ufffd"])
    ]


@pytest.mark.parametrize(
    ("code", "raw", "shown"),
    [
        ("General", "8", "8"),
        ("0%", "0.08", "8%"),
        ("0.0%", "0.035", "3.5%"),
        ("[Red]0%", "0.08", "8%"),
        ("0%;[Red]-0%", "-0.08", "-8%"),
        ("[>=1]0;0%", "0.08", "8%"),
        ("[>=1]0;0%", "8", "8"),
        (r"0\%", "8", "8"),
        ('0"%"', "8", "8"),
        ('0"割引%"', "8", "8"),
        ("0_%", "8", "8"),
        ("0*%", "8", "8"),
        ("0％", "8", "8"),
        ("[$%-411]0", "8", "8"),
        ("#,##0", "4500", "4500"),
        ("0.00E+00", "1E+3", "1000"),
        ("#,##0.00", "0.1", "0.1"),
        ("yyyy/m/d", "46479", "2027-04-02"),
        ('[$-411]ggge"年"m"月"d"日"', "46478.5", "2027-04-01 12:00:00"),
        ('0"本"', "5", "5"),
        ('0"年"', "3", "3"),
        (";;;", "5", ""),
        # who types 2027年3月 gets its first day put there by the program
        ('yyyy"年"m"月"', "46447", "2027-03"),
        ('yyyy"年"m"月"', "46477", "2027-03-31"),
        ("mmm-yy", "36161", "1999-01"),
        ('[$-411]ge"."m', "46447", "2027-03"),
        ("yyyy/m h:mm", "46447", "2027-03-01"),
        ("m/d", "46447", "2027-03-01"),
        # codes that begin with zeros
        ("0000000", "12345", "0012345"),
        (r"000\-0000", "40001", "004-0001"),
        ('"TM-"0000', "12", "TM-0012"),
        ('"TM-"0000', "123456", "TM-123456"),
        ('0000"/"00"/"00', "20270331", "2027/03/31"),
        (r"[<=999]000;[<=9999]000\-00;000\-0000", "40001", "004-0001"),
        ("00", "-5", "-5"),
        ("00", "5.5", "5.5"),
        # digits that stand for something else
        ('#,##0"千円"', "2600", "2600 千円"),
        ('#,##0,"千円"', "2600000", "2600000"),
        ('#,##0.0,"千円"', "2600500", "2600500"),
        ('0.0"万円"', "2.6", "2.6 万円"),
        ("[$$-409]#,##0.00", "26", "26 $"),
        ("[$¥-411]#,##0", "2600", "2600"),
        ('#,##0"円"', "2600", "2600"),
        ('0"割"', "1", "1 割"),
        # more digits than are kept
        ("0", "1234567890123456789", "1.23456789012346E+18"),
        ("General", "123456789012345", "123456789012345"),
        ("0;-0;", "0", ""),
        ("0;0", "0", "0"),
    ],
)
def test_a_number_is_what_its_format_shows(code, raw, shown):
    assert read_format(code).show(raw) == shown


def test_days_are_counted_from_1900_or_1904():
    data = make_book(
        rows_of('<row><c s="1"><v>1</v></c><c s="1"><v>61</v></c><c t="d"><v>2027-04-01</v></c></row>'),
        styles=styles_of("yyyy/m/d"),
    )
    assert rows(data) == [(1, ["1900-01-01", "1900-03-01", "2027-04-01"])]
    data = make_book(
        rows_of('<row><c s="1"><v>45016</v></c></row>'),
        styles=styles_of("m/d"),
        properties='<workbookPr date1904="1"/>',
    )
    assert rows(data) == [(1, ["2027-04-01"])]
    assert show_day(46478.0, is_1904=False) == "2027-04-01"
    assert show_day(46477.99999998843, is_1904=False) == "2027-03-31 23:59:59"
    assert show_day(46477.395833333328, is_1904=False) == "2027-03-31 09:30:00"


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_strict_open_xml_and_tags_with_a_prefix_are_read(prefix):
    sheet = rows_of('<row r="1"><c r="A1"><v>5</v></c></row>')
    data = make_book(sheet, main=STRICT, relations=STRICT_RELATIONS)
    assert rows(data) == [(1, ["5"])]
    marked = sheet.replace("</", "<#").replace("<", "<x:").replace("<x:#", "</x:")
    data = make_book("", more={"xl/worksheets/sheet1.xml": f'<x:worksheet xmlns:x="{STRICT}">{marked}</x:worksheet>'})
    assert rows(data) == [(1, ["5"])]


def test_what_is_hidden_is_told():
    columns = '<cols><col min="2" max="3" hidden="1"/><col min="5" max="16384" width="0"/></cols>'
    cells = '<row r="1"><c><v>1</v></c><c><v>2</v></c></row>', '<row r="4" hidden="1"><c><v>1</v></c></row>'
    flat = '<row r="6" ht="0" customHeight="1"><c><v>1</v></c></row>'
    data = make_book(columns + rows_of(*cells, flat), "<sheetData/>", states=("", "veryHidden"), active=1)
    with open_file(data) as book:
        assert [(sheet.name, sheet.state, sheet.is_active) for sheet in book.sheets] == [
            ("Sheet1", "visible", False),
            ("Sheet2", "veryHidden", True),
        ]
        assert [number for number, _cells in book.read(book.sheets[0])] == [1, 4, 6]
        assert (book.facts.hidden_rows, book.facts.hidden_columns, book.facts.formulas) == ([4, 6], [1], 0)
        assert list(book.read(book.sheets[1])) == []


def test_a_row_too_wide_is_told_and_the_sheets_beside_it_are_read():
    wide = rows_of('<row r="3"><c r="XFD3"><v>1</v></c></row>')
    narrow = rows_of("<row><c><v>1</v></c></row>")
    with open_file(make_book(wide, narrow)) as book:
        assert book.sheets[0].refused == say("too-wide", row=3)
        assert list(book.read(book.sheets[1])) == [(1, ["1"])]


@pytest.mark.parametrize(
    "sheet",
    [
        rows_of('<row r="1048577"><c><v>1</v></c></row>'),
        rows_of('<row r="2"/><row r="2"/>'),
        rows_of('<row r="x"/>'),
        rows_of('<row><c r="ZZZZ1"><v>1</v></c></row>'),
        rows_of('<row><c r="あ1"><v>1</v></c></row>'),
        rows_of('<row><c t="s"><v>7</v></c></row>'),
        rows_of("<row><c><v>x</v></c></row>"),
        rows_of('<row><c s="9"><v>1</v></c></row>') + "",
        '<sheetData/><mergeCells><mergeCell ref="B2:A1"/></mergeCells>',
    ],
)
def test_places_that_do_not_exist_are_refused(sheet):
    with pytest.raises(Refused, match="damaged"):
        rows(make_book(sheet, styles=styles_of("0")))
