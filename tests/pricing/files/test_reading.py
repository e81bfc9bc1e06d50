"""What a price file may look like, and what is said of cells that are wrong."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from openpyxl import Workbook

from pricing.files.reading import FileRefused, read_prices
from pricing.files.reading.columns import LABELS, NAMES, find_column

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

ROWS = ("SMP-1,5,A,5,24,2600,5200", "SMP-1,5,B,25,,2390,")
PRODUCTS = make_products("SMP-1", "SMP-2", discountable=["SMP-2"])


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def read(data: bytes, before=None):
    return read_prices(data, products=PRODUCTS, before=before or {})


def problems(data: bytes) -> list[tuple[int, str, str, str]]:
    found = read(data)
    assert found.error_count == len([problem for problem in found.problems if problem.is_error])
    return [(problem.row, problem.column, problem.value, problem.reason) for problem in found.problems]


PLAIN = "\r\n".join([HEAD, *ROWS, ""])


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("cp932"),
        PLAIN.encode("utf-16"),
        PLAIN.replace("\r\n", "\n").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", ";").encode(),
        ("価格表\r\n\r\n" + PLAIN).encode("cp932"),
        make_xlsx([HEAD.split(","), ["SMP-1", 5, "A", 5, 24, 2600, 5200], ["SMP-1", 5, "B", 25, None, 2390.0, None]]),
        make_xlsx([["2027年版"], [], HEAD.split(","), *(row.split(",") for row in ROWS)]),
    ],
    ids=["utf-8", "bom", "cp932", "utf-16", "newlines", "tabs", "semicolons", "title", "numbers", "texts"],
)
def test_any_kind_of_file(data):
    found = read(data)
    assert (found.error_count, found.problems, found.tables) == (0, [], {"SMP-1": make_table()})


def test_japanese_names_full_width_and_what_people_add_to_numbers():
    head = (
        "製品コード,製品名,最低購入本数（更新時）,ランク,数量（から）,数量(まで),更新単価（税抜・円）,追加単価【税抜】"
    )
    rows = ('ＳＭＰ－１,製品 SMP-1,５本,Ａ,５,２４,￥２，６００,"5,200円"', 'smp-1,, ,Ｂ,２５,以上," 2,390 円 ",－')
    data = make_csv(*rows, head=head)
    found = read(data)
    assert (found.problems, found.tables) == ([], {"SMP-1": make_table()})
    assert read(data.decode().encode("cp932")).tables == found.tables


@pytest.mark.parametrize("language", ["ja", "en"])
def test_each_name_means_one_column_in_both_languages(language):
    with translation.override(language):
        assert {find_column(str(label)): name for name, label in LABELS.items()} == {name: name for name in LABELS}
    for column, names in NAMES.items():
        assert {find_column(name) for name in names} == {column}


def test_the_header_of_the_sample_file_is_known():
    head = (
        "is_sample,product_code,product_name,programme,segment,unit,min_renew_qty,rank,qty_from,qty_to,"
        "renew_unit_price,add_unit_price"
    )
    found = read(make_csv("1,SMP-1,製品 SMP-1,通常,一般,本,5,A,5,,2600,5200", head=head))
    assert (found.problems, found.is_sample, len(found.tables)) == ([], True, 1)


BAD_CELLS = [
    (",5,A,5,,2600,5200", "A: product_code", "", "It is empty. Fill it in on every row"),
    ("SMP-9,5,A,5,,2600,5200", "A: product_code", "SMP-9", "The portal does not know this product (1 rows)."),
    ("SMP-1,,A,5,,2600,5200", "B: min_renew_qty", "", "The minimum at renewal of SMP-1 is missing"),
    ("SMP-1,0,A,5,,2600,5200", "B: min_renew_qty", "0", "It must be between 1 and 9,999,999."),
    ("SMP-1,5,,5,,2600,5200", "C: rank", "", "It is empty."),
    ("SMP-1,5,ABCDEFGHIJK,5,,2600,5200", "C: rank", "ABCDEFGHIJK", "It is longer than 10 characters."),
    ("SMP-1,5,A,,,2600,5200", "D: qty_from", "", "A number is missing."),
    ("SMP-1,5,A,五,,2600,5200", "D: qty_from", "五", "This is not a whole number."),
    ("SMP-1,5,A,5,4,2600,5200", "E: qty_to", "4", "The rank ends before it begins."),
    ("SMP-1,5,A,5,,,5200", "F: renew_unit_price", "", "A number is missing."),
    ("SMP-1,5,A,5,,▲100,5200", "F: renew_unit_price", "▲100", "It must not be negative."),
    ("SMP-1,5,A,5,,-100,5200", "F: renew_unit_price", "-100", "It must not be negative."),
    ("SMP-1,5,A,5,,26.5,5200", "F: renew_unit_price", "26.5", "Only whole numbers"),
    ('SMP-1,5,A,5,,"26,00",5200', "F: renew_unit_price", "26,00", "This is not a whole number."),
    ("SMP-1,5,A,5,,100000000,5200", "F: renew_unit_price", "100000000", "It must be between 0 and 99,999,999."),
    (f"SMP-1,5,A,5,,{'9' * 400},5200", "F: renew_unit_price", "9" * 200, "This is not a whole number."),
    ("SMP-1,5,A,5,,=A1*2,5200", "F: renew_unit_price", "=A1*2", "This is a formula without its result."),
    ("SMP-1,5,A,5,,2600,#N/A", "G: add_unit_price", "#N/A", "This is the error of a formula."),
    ("SMP-1,5,#REF!,5,,2600,5200", "C: rank", "#REF!", "This is the error of a formula."),
    ("SMP-1,5,A,5,,600①,5200", "F: renew_unit_price", "600①", "This is not a whole number."),
    ('SMP-1,5,A,5,,"2600\n300",5200', "F: renew_unit_price", "2600\n300", "This is not a whole number."),
    ("SMP-1,5,A,5 24,,2600,5200", "D: qty_from", "5 24", "This is not a whole number."),
]


@pytest.mark.parametrize(("row", "column", "value", "reason"), BAD_CELLS)
def test_a_wrong_cell_is_told_with_its_place_and_reason(row, column, value, reason):
    data = make_csv("SMP-2,1,A,1,,100,100", row)
    [problem] = problems(data)
    assert problem[:3] == (3, column, value)
    assert problem[3].startswith(reason)
    assert list(read(data).tables) == ["SMP-2"]


OTHERS = "Prices are read in yen, without tax, for one license and one year."


@pytest.mark.parametrize(
    "name",
    [
        "更新単価（税込）", "更新単価(千円)", "更新単価［万円］", "更新価格（月額）", "更新単価（3年）",
        "更新単価（３年間）", "更新単価（US$）", "Renewal price (USD)", "Renewal price (monthly)",
    ],
)  # fmt: skip
def test_a_name_that_says_that_prices_are_of_something_else_is_an_error(name):
    head = HEAD.replace("renew_unit_price", f'"{name}"')
    [problem] = problems(make_csv("SMP-1,5,A,5,,2600,5200", head=head))
    assert problem[:3] == (0, f"F: {name}", name)
    assert problem[3].startswith(OTHERS)


@pytest.mark.parametrize("name", ["3年割引（円）", "3年割引(¥)", "3年（掛率）", "3 years (USD)"])
def test_a_discount_in_yen_is_an_error(name):
    [problem] = [each for each in problems(make_csv("SMP-1,5,A,5,,2600,5200,8", head=f"{HEAD},{name}")) if not each[0]]
    assert problem[:3] == (0, f"H: {name}", name)
    assert problem[3].startswith("A multi-year discount is read in percent: 8 is 8 % less.")


@pytest.mark.parametrize(
    "name", ["更新単価（税抜）", "更新単価(円)", "更新単価（年額）", "更新単価（2027年4月～）", "更新単価（1年）"]
)
def test_a_name_that_says_just_that_is_none(name):
    assert problems(make_csv("SMP-1,5,A,5,,2600,5200", head=HEAD.replace("renew_unit_price", name))) == []


@pytest.mark.parametrize(
    ("line", "count"), [("（単位：千円）", 1), ("単位: 万円", 1), ("（単位：円、税抜）", 0), ("2027年4月改定", 0)]
)
def test_a_line_above_the_table_that_says_so_is_an_error(line, count):
    found = problems(make_csv(HEAD, "SMP-1,5,A,5,,2600,5200", head=line))
    assert [problem[:3] for problem in found] == [(1, "", line)] * count
    assert all(problem[3].startswith(OTHERS) for problem in found)


def test_every_error_is_told_at_once():
    rows = ("SMP-1,5,A,5,24,x,y", "SMP-1,6,A,5,,2390,", "SMP-9,1,A,1,,1,1", "SMP-9,1,B,2,,1,1")
    assert [problem[:3] for problem in problems(make_csv(*rows))] == [
        (2, "F: renew_unit_price", "x"),
        (2, "G: add_unit_price", "y"),
        (3, "B: min_renew_qty", "6"),
        (3, "C: rank", "A"),
        (3, "D: qty_from", "5"),
        (4, "A: product_code", "SMP-9"),
    ]


def test_each_rank_ends_where_the_next_begins():
    rows = ("SMP-1,5,A,5,25,2600,5200", "SMP-1,5,B,25,,2390,")
    reason = "The next rank (B, row 3) begins at 25, so this one ends at 24."
    assert problems(make_csv(*rows)) == [(2, "E: qty_to", "25", reason)]
    assert problems(make_csv("SMP-1,5,A,5,,2600,5200", "SMP-1,5,B,25,99,2390,")) == [
        (3, "E: qty_to", "99", "The last rank holds for any larger quantity, too: the portal knows no upper end.")
    ]


def test_ranks_ascend_with_the_quantity_wherever_their_rows_stand():
    assert problems(make_csv(ROWS[1], "SMP-2,1,A,1,,100,100", ROWS[0])) == []
    [problem] = problems(make_csv("SMP-1,5,B,5,24,2600,5200", "SMP-1,5,A,25,,2390,"))
    reason = "Rank B begins at a lower quantity than rank A. Look for swapped quantities."
    assert problem == (3, "D: qty_from", "25", reason)


def test_a_rank_is_called_as_before_and_else_in_plain_width():
    data = make_csv("SMP-1,5,Ａ,5,,2600,5200")
    assert read(data).tables["SMP-1"].ranks[0].rank == "A"
    before = {"SMP-1": make_table("SMP-1", ("Ａ", 5, 2600, 5200))}
    assert read(data, before).tables == before


DISCOUNTED = HEAD + ",2年,3 years"


@pytest.mark.parametrize("rows", [["3%,", ",8"], ["3,8", "3.00,8％"], ["0.5 %,0", "-,"]], ids=["once", "each", "none"])
def test_discounts_stand_on_one_row_or_agree(rows):
    first, second = rows
    data = make_csv(f"SMP-2,5,A,5,24,2600,5200,{first}", f"SMP-2,5,B,25,,2390,,{second}", head=DISCOUNTED)
    expected = {"y2": "0.5"} if "0.5" in first else {"y2": "3", "y3": "8"}
    assert read(data).tables == {"SMP-2": with_discounts(make_table("SMP-2"), **expected)}


def test_discounts_that_differ_or_may_not_be():
    rows = ("SMP-2,5,A,5,24,2600,5200,3,", "SMP-2,5,B,25,,2390,,4,100", "SMP-1,5,A,5,,2600,5200,,8")
    assert [(row, column, value, reason[:45]) for row, column, value, reason in problems(
        make_csv(*rows, head=DISCOUNTED)
    )] == [
        (3, "I: 3 years", "100", "A discount is less than 100 percent and has a"),
        (3, "H: 2年", "4.00", "Row 2 of the same product says 3.00. Write th"),
        (4, "I: 3 years", "8.00", "SMP-1 製品 SMP-1 may not have a multi-year disc"),
    ]  # fmt: skip


def test_a_percentage_of_a_workbook_is_read_as_it_is_shown():
    book = Workbook()
    book.active.append(DISCOUNTED.split(","))
    book.active.append(["SMP-2", 5, "A", 5, None, 2600, 5200, 0.035, 8])
    book.active["H2"].number_format = "0.0%"
    assert read(saved(book)).tables["SMP-2"].multi_year_discounts == {2: Decimal("3.5"), 3: Decimal(8)}


def test_formulas_count_as_their_results():
    data = make_xlsx([HEAD.split(","), ["SMP-1", 5, "A", 5, None, "=2000+600", 5200]])
    [problem] = [problem for problem in problems(data) if problem[0]]
    assert problem[:3] == (2, "F: renew_unit_price", "=?")
    assert problem[3].startswith("This is a formula without its result.")
    xml = re.sub(rb"</f><v ?/>|</f><v></v>", b"</f><v>2600.0000000000005</v>", part_of(data, SHEET))
    found = read(with_part(data, SHEET, xml))
    assert found.tables == {"SMP-1": make_table("SMP-1", ("A", 5, 2600, 5200))}
    assert [problem.reason for problem in found.problems] == [
        "Cells with formulas: 1. The results that were saved with the file are read."
    ]


def test_days_and_ticks_in_cells_are_errors_and_no_more():
    data = make_xlsx([HEAD.split(","), ["SMP-1", True, "A", 5, None, date(2026, 11, 23), 5200]])
    assert [problem[:3] for problem in problems(data)] == [
        (2, "B: min_renew_qty", "TRUE"),
        (2, "F: renew_unit_price", "2026-11-23"),
    ]


def test_what_is_not_read_is_told():
    head = HEAD + ",割引額,備考"
    [column] = problems(make_csv("SMP-1,5,A,5,,2600,5200,1,x", head=head))
    assert column == (0, "H", "割引額", "This column is not read: its name is not known.")
    data = make_xlsx([["表紙"]], ("価格", [HEAD.split(","), ROWS[1].split(",")]), ("旧", [["x"]]))
    assert problems(data) == [(0, "", "価格", "Only the sheet 価格 is read, not Sheet, 旧.")]


def test_another_name_than_the_portals_is_pointed_out():
    head = HEAD + ",製品名,プログラム"
    found = read(make_csv("SMP-1,5,A,5,,2600,5200,製品smp-2,標準", head=head))
    assert (found.error_count, len(found.tables)) == (0, 1)
    rest = "and will go on doing so. Is SMP-1 the right product?"
    assert [(problem.column, problem.value, problem.reason) for problem in found.problems] == [
        ("H: 製品名", "製品smp-2", f"The portal calls it 製品 SMP-1, {rest}"),
        ("I: プログラム", "標準", f"The portal calls it 通常, {rest}"),
    ]
    assert read(make_csv("SMP-1,5,A,5,,2600,5200,製品ＳＭＰ－１,standard", head=head)).problems == []


def test_columns_that_are_missing_or_twice_are_named():
    with pytest.raises(FileRefused, match=r"These columns are missing: Addition price\. Recognised were: product_code"):
        read(make_csv("SMP-1,5,A,5,,2600", head=HEAD.removesuffix(",add_unit_price")))
    with pytest.raises(FileRefused, match=r"Two columns mean Rank: C \(rank\), H \(ランク\)\."):
        read(make_csv(head=HEAD + ",ランク"))


def test_a_file_without_rows_and_one_with_both_kinds_of_prices():
    assert problems(make_csv()) == [
        (0, "", "", "There is no row below the names of the columns. Enter the prices and upload again.")
    ]
    rows = ("SMP-1,5,A,5,,2600,5200,1", "SMP-2,5,A,5,,2600,5200,0")
    [problem] = problems(make_csv(*rows, head=HEAD + ",is_sample"))
    assert problem[:2] == (3, "H: is_sample")


def test_empty_rows_are_left_out_and_rows_keep_their_numbers():
    [problem] = problems(make_csv("", ",,,,,,", '"SMP-1",5,"A\n",5,,x,'))
    assert problem[:3] == (4, "F: renew_unit_price", "x")


def test_a_day_in_a_column_that_is_not_formatted_as_days():
    """As spreadsheet programs count it, in each kind of file."""
    rows = [[*HEAD.split(","), "販売終了日"], *([*row.split(","), ""] for row in ROWS), ["SMP-2", *[""] * 6, 46478]]
    csv = "\r\n".join(",".join(map(str, row)) for row in rows).encode()
    for data in (csv, make_xlsx(rows)):
        assert {code: ended.since_on for code, ended in read(data).ends.items()} == {"SMP-2": date(2027, 4, 1)}
