"""Price files in the shapes in which people keep them: what is meant is read, what is not is told."""

import re

import pytest
from django.utils import translation
from openpyxl import Workbook

from pricing.files.reading import FileRefused, read_prices

from .workbooks import (
    HEAD,
    SHEET,
    make_csv,
    make_products,
    make_table,
    make_xlsx,
    part_of,
    saved,
    with_discounts,
    with_part,
)

PRODUCTS = make_products("SMP-1", "SMP-2", discountable=["SMP-2"])
NAMES = HEAD.split(",")
ROWS = [["SMP-1", 5, "A", 5, 24, 2600, 5200], ["SMP-1", 5, "B", 25, None, 2390, None]]


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def read(data: bytes, before=None):
    return read_prices(data, products=PRODUCTS, before=before or {})


def told(data: bytes, before=None) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.reason) for problem in read(data, before).problems]


# --- What a person sees as empty, and what nobody sees --------------------------------------------------------------


def test_rows_that_were_only_prepared_are_none():
    empty = ["", "", "", "", "", "", ""]
    data = make_xlsx([NAMES, *ROWS, *[[f'=IF(H{row}="","",H{row})' for _ in empty] for row in range(4, 7)]])
    xml = re.sub(rb"<c r=\"([A-G][4-6])\"><f>", rb'<c r="\1" t="str"><f>', part_of(data, SHEET))
    assert xml.count(b't="str"') == 21
    found = read(with_part(data, SHEET, xml))
    assert (found.error_count, found.row_count, found.tables) == (0, 2, {"SMP-1": make_table()})


def test_what_nobody_sees_is_taken_off_before_anything_is_compared():
    head = [f"\ufeff{name[:3]}\u200b{name[3:]}\u00ad" for name in NAMES]
    rows = [["SMP\u200b-1", "5\u200e", "A\u200b", "\ufeff5", "24\ufe0f", "2\u2060600", 5200], ROWS[1]]
    before = {"SMP-1": make_table()}
    found = read(make_xlsx([head, *rows]), before)
    assert (found.problems, found.tables) == ([], before)


def test_notes_around_the_table_are_skipped_and_told_once():
    rows = [["SMP-1", 5, "A", 5, 24, 2600, 5200], ["■ サーバ製品"], ["SMP-1", 5, "B", 25, None, 2390, None]]
    notes = [[], ["※表示価格は税抜です。"], ["注）", "100本以上はお問い合わせください"], ["以上"]]
    data = make_xlsx([["価格表"], NAMES, *rows, *notes])
    assert read(data).tables == {"SMP-1": make_table()}
    assert told(data) == [(0, "", "Rows with notes are not read: 4, 7–9.")]


@pytest.mark.parametrize(
    "row",
    [
        ["※SMP-1", 5, "A", 5, None, 2600, 5200],
        ["SMP-1"],
        ["", "", "A", 5, None, 2600, 5200],
        ["SMP-9", "", "", "", "", 1],
    ],
)
def test_a_row_with_a_code_or_a_price_is_no_note(row):
    found = read(make_xlsx([NAMES, *ROWS, row]))
    assert found.row_count == 3
    assert found.error_count > 0


# --- Which sheet, which rows, which delimiter -----------------------------------------------------------------------


def book_with(*sheets: tuple[str, list, str], active: int = 0) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows, state in sheets:
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    book.active = active
    return saved(book)


OLD = [NAMES, ["SMP-1", 5, "A", 5, None, 1, 1]]


@pytest.mark.parametrize(
    ("sheets", "active", "name"),
    [
        ([("旧", OLD, "hidden"), ("新", [NAMES, *ROWS], "visible")], 1, "新"),
        ([("旧", OLD, "visible"), ("新", [NAMES, *ROWS], "visible")], 1, "新"),
        ([("新", [NAMES, *ROWS], "visible"), ("旧", OLD, "visible")], 0, "新"),
        ([("表紙", [["価格"]], "visible"), ("旧", OLD, "veryHidden"), ("新", [NAMES, *ROWS], "hidden")], 0, "新"),
        ([("概要", [NAMES[:4], ["SMP-1", 5, "A", 5]], "visible"), ("新", [NAMES, *ROWS], "visible")], 0, "新"),
        (
            [
                ("表紙", [], "visible"),
                ("一", [["x"]] * 60, "visible"),
                ("新", [["x"]] * 20 + [NAMES, *ROWS], "visible"),
            ],
            0,
            "新",
        ),
    ],
    ids=["hidden", "active second", "active first", "only hidden ones", "a whole one", "far down"],
)
def test_the_sheet_that_fits_and_that_is_shown(sheets, active, name):
    found = read(book_with(*sheets, active=active))
    assert (found.sheet, found.tables) == (name, {"SMP-1": make_table()})


def test_what_is_read_although_hidden_is_told():
    book = Workbook()
    for row in (NAMES, *ROWS):
        book.active.append(row)
    book.active.title = "価格"
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["F"].hidden = True
    book.create_sheet("表紙")
    book.active.sheet_state = "hidden"
    book.active = 1
    assert [reason for _row, _column, reason in told(saved(book))] == [
        "Only the sheet 価格 is read, not 表紙.",
        "This sheet is hidden, and is read: no other holds a table of prices.",
        "Hidden or filtered rows are read as well: 3.",
        "Hidden columns are read as well: F.",
    ]


def test_a_refusal_names_the_sheet_and_a_hidden_one_that_is_whole():
    data = book_with(("概要", [NAMES[:5], ["SMP-1", 5, "A", 5]], "visible"), ("全部", [NAMES, *ROWS], "hidden"))
    reason = r"^Sheet 概要: These columns are missing: Renewal price, Addition price\..* The hidden sheet 全部 has all"
    with pytest.raises(FileRefused, match=reason):
        read(data)


def test_errors_name_the_rows_of_a_spreadsheet_program_in_both_kinds_of_file():
    head = [name.replace("_", "\n") for name in NAMES]
    rows = [head, [], ROWS[0], ["SMP-1", 5, "B", 25, None, "4700円?", None]]
    quoted = "\r\n".join(",".join(f'"{"" if cell is None else cell}"' for cell in row) for row in rows)
    assert [row for row, _column, _reason in told(quoted.encode())] == [4]
    assert [row for row, _column, _reason in told(make_xlsx(rows))] == [4]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，", "|"])
def test_the_delimiter_is_the_one_that_gives_known_names(delimiter):
    """A title full of other delimiters changes nothing, and neither does text with them."""
    title = "価格表,,,,;;;;\t\t\t\t\n" * 3
    rows = "\n".join(delimiter.join("" if cell is None else str(cell) for cell in row) for row in [NAMES, *ROWS])
    assert read((title + rows).encode()).tables == {"SMP-1": make_table()}


# --- Names over several rows, merged values, bands ------------------------------------------------------------------


def test_names_over_two_rows_and_values_merged_down():
    book = Workbook()
    for row in (
        ["製品コード", "最低購入本数", "ランク", "数量", None, "単価（税抜）", None],
        [None, None, None, "から", "まで", "更新", "追加"],
        ["SMP-1", 5, "A", 5, 24, 2600, 5200],
        [None, None, "B", 25, None, 2390, None],
    ):
        book.active.append(row)
    for extent in ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1", "A3:A4", "B3:B4"):
        book.active.merge_cells(extent)
    assert (read(saved(book)).tables, told(saved(book))) == ({"SMP-1": make_table()}, [])
    for extent in ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1"):
        book.active.unmerge_cells(extent)
    assert read(saved(book)).tables == {"SMP-1": make_table()}


def test_a_head_that_is_repeated_is_no_row():
    found = read(make_xlsx([NAMES, ROWS[0], NAMES, ROWS[1]]))
    assert (found.row_count, found.tables, found.problems) == (2, {"SMP-1": make_table()}, [])


@pytest.mark.parametrize(
    "bands",
    [
        ("5～24", "25以上"),
        ("5-24本", "25～"),
        ("５〜２４", "25本以上"),
        ("5本～24本", "25～本"),
        ("5", "25+"),
        ("5〜", "25"),
    ],
)
def test_a_band_is_a_from_and_a_to(bands):
    head = [*NAMES[:3], "数量", *NAMES[5:]]
    rows = [["SMP-1", 5, rank, band, price, more] for rank, band, (price, more) in
            zip("AB", bands, ((2600, 5200), (2390, None)), strict=True)]  # fmt: skip
    found = read(make_xlsx([head, *rows]))
    assert (found.problems, found.tables) == ([], {"SMP-1": make_table()})


def test_bands_that_do_not_meet_are_told_and_one_without_a_beginning_starts_at_one():
    head = [*NAMES[:3], "数量範囲", *NAMES[5:]]
    rows = [["SMP-1", 5, "A", "〜49", 2600, 5200], ["SMP-1", 5, "B", "60～", 2390, None]]
    assert told(make_xlsx([head, *rows])) == [
        (2, "To quantity", "The next rank (B, row 3) begins at 60, so this one ends at 59.")
    ]
    rows[1][3] = "50～"
    assert [rank.from_quantity for rank in read(make_xlsx([head, *rows])).tables["SMP-1"].ranks] == [1, 50]


def test_a_band_that_a_spreadsheet_program_took_for_a_day_is_explained():
    data = make_csv("SMP-1,5,A,2026-01-09,,2600,5200")
    assert told(data)[0][:2] == (2, "D: qty_from")
    assert told(data)[0][2].startswith("The spreadsheet program made a day of it")


# --- A wrong cell is told at that cell ------------------------------------------------------------------------------


def rows_from(*beginnings: int, ends: bool = False) -> bytes:
    right = (5, 25, 50, 100)
    rows = []
    for place, begins in enumerate(beginnings):
        end = right[place + 1] - 1 if ends and place < 3 else ""
        rows.append(f"SMP-1,5,{'ABCD'[place]},{begins},{end},{100 - place},1")
    return make_csv(*rows)


@pytest.mark.parametrize(
    ("beginnings", "row"),
    [
        ((5, 250, 50, 100), 3),
        ((5, 2, 50, 100), 3),
        ((5, 25, 500, 100), 5),
        ((5, 25, 50, 10), 5),
        ((5, 5, 50, 100), 3),
        ((5, 25, 25, 100), 4),
        ((500, 25, 50, 100), 2),
    ],
)
def test_a_wrong_beginning_is_told_where_it_stands(beginnings, row):
    assert [(number, column) for number, column, _reason in told(rows_from(*beginnings))] == [(row, "D: qty_from")]


@pytest.mark.parametrize(("beginnings", "row"), [((25, 25, 50, 100), 2), ((5, 50, 50, 100), 3), ((5, 2, 50, 100), 3)])
def test_the_ends_speak_for_the_beginnings(beginnings, row):
    assert [(number, column) for number, column, _reason in told(rows_from(*beginnings, ends=True))] == [
        (row, "D: qty_from")
    ]


# --- The vendor's matrix --------------------------------------------------------------------------------------------


def matrix(*, bands: bool = True, merged: bool = True, pairs: bool = False) -> Workbook:
    book = Workbook()
    sheet = book.active
    ranks = ["A\n5～24本", "B\n25本以上"] if bands else ["A", "B"]
    if pairs:
        upper, lower = [ranks[0], None, ranks[1], None], ["更新", "追加", "更新", "追加"]
        prices = [2600, 5200, 2390, "－"]
    else:
        upper, lower = ["更新単価（税抜）", None, "追加単価（税抜）", None], [*ranks, *ranks]
        prices = [2600, 2390, 5200, "－"]
    sheet.append(["ライセンス価格表"])
    sheet.append([])
    sheet.append(["製品コード", "製品名", "最低購入本数", *upper, "備考"])
    sheet.append([None, None, None, *lower, None])
    sheet.append(["SMP-1", "製品 SMP-1", 5, *prices, None])
    sheet.append(["※ 価格は1ライセンスあたりの税抜金額です。"])
    sheet.append(["注）", "追加は更新と同時の場合です。"])
    if merged:
        for extent in ("A3:A4", "B3:B4", "C3:C4", "D3:E3", "F3:G3", "H3:H4", "A6:H6"):
            sheet.merge_cells(extent)
    return book


@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize("pairs", [True, False])
def test_products_down_and_ranks_across(merged, pairs):
    data = saved(matrix(merged=merged, pairs=pairs))
    assert read(data).tables == {"SMP-1": make_table()}
    assert told(data) == [(0, "", "Rows with notes are not read: 6–7.")]


def test_a_matrix_without_quantities_keeps_those_of_the_list_compared_with():
    data = saved(matrix(bands=False))
    before = {"SMP-1": make_table("SMP-1", ("A", 5, 1, 1), ("B", 25, 1, 1))}
    assert read(data, before).tables == {"SMP-1": make_table()}
    assert told(data, before)[0][2].startswith("The file does not say from which quantity ranks hold")
    assert [(row, column) for row, column, _reason in told(data)][:2] == [(5, "From quantity"), (5, "From quantity")]


def test_a_wrong_price_of_a_matrix_is_told_at_its_cell():
    book = matrix()
    book.active["E5"] = "4700円?"
    [error] = [problem for problem in read(saved(book)).problems if problem.is_error]
    assert (error.row, error.column, error.value) == (5, "E: 更新単価（税抜） B 25本以上", "4700円?")


def test_quantities_in_a_row_of_their_own_and_discounts():
    rows = [
        ["製品コード", "最低購入本数", "更新", None, "追加", None, "3年割引率"],
        [None, None, "ランクA", "ランクB", "ランクA", "ランクB", None],
        [None, None, "5～24", "25～", "5～24", "25～", None],
        ["SMP-2", 5, 2600, 2390, 5200, None, 8],
    ]
    assert read(make_xlsx(rows)).tables == {"SMP-2": with_discounts(make_table("SMP-2"), y3="8")}


def test_blocks_below_each_other():
    head = ["製品コード", "最低購入本数", "A 5～24", "B 25～"]
    rows = [["【更新】"], head, ["SMP-1", 5, 2600, 2390], [], ["【追加】"], head, ["SMP-1", 5, 5200, None]]
    found = read(make_xlsx(rows))
    assert (found.tables, found.problems) == ({"SMP-1": make_table()}, [])


def test_a_matrix_without_prices_of_additions_is_not_taken_for_whole():
    head = ["製品コード", "最低購入本数", "更新A 5～24", "更新B 25～"]
    with pytest.raises(FileRefused, match="These columns are missing: Addition price"):
        read(make_xlsx([head, ["SMP-1", 5, 2600, 2390]]))
    rows = [["更新"], [name.removeprefix("更新") for name in head], ["SMP-1", 5, 2600, 2390]]
    assert (0, "Addition price") in [(row, column) for row, column, _reason in told(make_xlsx(rows))]


def test_a_matrix_without_the_minimum_is_refused():
    with pytest.raises(FileRefused, match="These columns are missing: Minimum at renewal"):
        read(make_xlsx([["製品コード", "更新A 5～", "更新B 25～", "追加A", "追加B"], ["SMP-1", 1, 2, 3, 4]]))
