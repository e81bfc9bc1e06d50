"""Lists of what is held: which column is which, and what the rows say."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from foundation.spreadsheets.files import FileRefused
from licensing.holdings.reading import LABELS, look_at
from licensing.holdings.reading.columns import NAMES, find_field, is_unused
from licensing.holdings.reading.day_parts import DAY_PARTS

from .lists import HEAD, PRODUCTS, ROW, as_csv, as_xlsx, guess, read, told, values

FIRST = (2, "株式会社青空商事", "L-1001", "SMP-STD-S", 10, "2027-03-31")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


# --- Columns ---------------------------------------------------------------------------------------------------------


def test_every_name_means_its_field_and_none_means_two() -> None:
    assert {name: find_field(name)[0] for names in NAMES.values() for name in names} == {  # type: ignore[index]
        name: field for field, names in NAMES.items() for name in names
    }
    assert set(NAMES) == set(LABELS) - set(DAY_PARTS)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("ｴﾝﾄﾞﾕｰｻﾞｰ名", "name"),
        ("エンドユーザ 名", "name"),
        ("お客様名（正式名称）", "name"),
        ("※会社名", "name"),
        ("ライセンス\nＩＤ", "license_id"),
        ("契約番号", "license_id"),
        ("License No.", "license_id"),
        ("シリアルNo.", "license_id"),
        ("製品型番", "product_code"),
        ("Product Code", "product_code"),
        ("製品名(日本語)", "product_name"),
        ("保有\u3000数量", "quantity"),
        ("ライセンス数(本)", "quantity"),
        ("QTY", "quantity"),
        ("契約終了日", "expires_on"),
        ("サポート\r\n満了日", "expires_on"),
        ("Expiry", "expires_on"),
        ("ご担当者 氏名", "person"),
        ("E-Mail", "email"),
        ("ＴＥＬ", "phone"),
        ("〒", "postal_code"),
    ],
)
def test_names_are_known_however_they_are_written(name: str, field: str) -> None:
    assert find_field(name) is not None
    assert find_field(name)[0] == field  # type: ignore[index]


@pytest.mark.parametrize(
    "name", ["契約開始日", "契約開始 年", "No.", "顧客コード", "販売店名", "備考", "標準価格（税抜）", "更新数量"]
)
def test_what_lists_have_beside_it_is_nothing_else(name: str) -> None:
    assert is_unused(name)


def test_of_two_names_for_the_same_the_surer_one_counts() -> None:
    content = as_csv(
        ["会社名", "契約番号", "ライセンスID", "型番", "台数", "保有数量", "契約終了日", "サポート満了日"],
        ["青空商事", "K-1", "L-1", "SMP-STD-S", "3", "4", "2028/03/31", "2027/03/31"],
    )
    assert guess(content) == {
        "name": "会社名",
        "license_id": "ライセンスID",
        "product_code": "型番",
        "quantity": "保有数量",
        "expires_on": "サポート満了日",
    }


def test_a_column_called_product_that_holds_codes_is_one_of_codes() -> None:
    assert guess(as_csv(["顧客名", "ライセンスID", "製品", "数量", "満了日"], ROW))["product_code"] == "製品"


# --- Where the names stand -------------------------------------------------------------------------------------------


def test_a_vendors_list_in_cp932_with_title_lines_and_names_merged_over_two_rows() -> None:
    content = as_csv(
        ["ライセンス一覧表"],
        ["出力日：2026年11月1日", "", "", "", "", ""],
        [],
        ["お客様", "", "ライセンス", "", "ご契約製品", ""],
        ["会社名", "住所", "番号", "数", "型番", "満了日"],
        ["㈱青空商事", "東京都千代田区１－１", "Ｌ－１００１", "１０本", "ＳＭＰ－ＳＴＤ－Ｓ", "令和９年３月３１日"],
        ["合計", "", "", "10", "", ""],
    )
    assert guess(content) == {
        "name": "お客様会社名",
        "address": "お客様住所",
        "license_id": "ライセンス番号",
        "quantity": "ライセンス数",
        "product_code": "型番",
        "expires_on": "満了日",
    }
    found = read(content)
    assert values(found) == [(6, "㈱青空商事", "L-1001", "SMP-STD-S", 10, "2027-03-31")]
    assert found.rows[0].values["address"] == "東京都千代田区１－１"
    assert (told(found), found.skipped) == ([], [7])


def test_a_workbook_with_merged_heads_line_breaks_and_days_as_spreadsheets_hold_them() -> None:
    content = as_xlsx(
        (
            "一覧",
            [
                ["2026年度 保有ライセンス", None, None, None, None],
                ["お客様", "ライセンス", None, None, None],
                ["会社名", "ID", "製品\nコード", "数量", "サポート\n満了日"],
                ["青空商事", "L-1001", "SMP-STD-S", 10, date(2027, 3, 31)],
                ["　", None, None, None, None],
                ["青空商事", "L-1001", "SMP-STD-C", 1234, 46112],
            ],
        ),
        merged=["A1:E1", "B2:E2"],
    )
    found = read(content)
    assert values(found) == [
        (4, "青空商事", "L-1001", "SMP-STD-S", 10, "2027-03-31"),
        (6, "青空商事", "L-1001", "SMP-STD-C", 1234, "2026-03-31"),
    ]


def test_of_several_sheets_the_one_that_fits_and_never_a_hidden_one() -> None:
    holdings = [HEAD, ROW]
    old = [HEAD, ["古い会社", *ROW[1:]]]
    customers = [["会社名", "住所"], ["株式会社青空商事", "東京都千代田区1-1"]]
    content = as_xlsx(("旧", old), ("顧客", customers), ("保有", holdings), hidden=["旧"])
    look = look_at(content, catalogue=PRODUCTS)
    assert (look.layout.sheet.name, look.sheets) == ("保有", [(1, "顧客"), (2, "保有")])
    assert values(read(content)) == [FIRST]
    assert values(read(content, sheet=1)) == [(2, "株式会社青空商事", None, None, None, "")]
    with pytest.raises(FileRefused, match=r"^There is no table in the file\.$|hidden"):
        look_at(content, catalogue=PRODUCTS, sheet=0)


def test_columns_without_known_names_are_told_by_what_they_hold() -> None:
    content = as_csv(
        ["甲", "乙", "丙", "丁", "戊", "己"],
        ["株式会社青空商事", "AB12-0001", "SMP-STD-S", "10", "2026/4/1", "2027/3/31"],
        ["みどり市役所", "AB12-0002", "SMP-ADV-C", "25", "2026/7/1", "2027/6/30"],
    )
    assert guess(content) == {
        "name": "甲",
        "license_id": "乙",
        "product_code": "丙",
        "quantity": "丁",
        "expires_on": "己",
    }


def test_rows_pasted_without_names_begin_with_the_first() -> None:
    content = as_csv(ROW, ["株式会社緑建設", "L-1002", "SMP-STD-C", "5", "R9.6.30"], encoding="utf-8", delimiter="\t")
    assert guess(content, "L-1001", "L-1002") == {
        "name": "0",
        "license_id": "1",
        "product_code": "2",
        "quantity": "3",
        "expires_on": "4",
    }
    found = read(content, license_ids=["l-1001", "l-1002"])
    assert [row[:2] for row in values(found)] == [(1, "株式会社青空商事"), (2, "株式会社緑建設")]


def test_missing_columns_are_named_and_chosen_ones_count() -> None:
    content = as_csv(["顧客名", "ライセンスID", "製品コード", "数", "いつまで？"], ROW)
    with pytest.raises(FileRefused) as refused:
        read(content, fields={0: "name", 2: "product_code"})
    assert str(refused.value) == (
        "These columns are missing: License ID, Held quantity, Support expiry. Say which columns they are."
    )
    chosen = {0: "name", 1: "license_id", 2: "product_code", 3: "quantity", 4: "expires_on"}
    assert values(read(content, fields=chosen)) == [FIRST]


# --- Rows ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig", "utf-8", "utf-16"])
def test_every_encoding_gives_the_same(encoding: str) -> None:
    assert values(read(as_csv(HEAD, ROW, encoding=encoding))) == [FIRST]


def test_sums_remarks_repeated_names_and_blank_rows_are_no_rows() -> None:
    found = read(
        as_csv(
            HEAD,
            ROW,
            [" ", "　", "", "", ""],
            HEAD,
            ["小 計", "", "", "10", ""],
            ["", "", "合　計：", "10", ""],
            ["※保守切れを除く", "", "", "", ""],
            ["総合計", "", "", "10本", ""],
            ["1件", "", "", "", ""],
            ["以上", "", "", "", ""],
        )
    )
    assert values(found) == [FIRST]
    assert found.skipped == [4, 5, 6, 7, 8, 9, 10]


def test_a_customer_of_one_license_id_may_be_written_in_two_ways() -> None:
    found = read(as_csv(HEAD, ROW, ["㈱青空商事", "L-1001", "SMP-STD-C", "20", "2027/3/31"]))
    assert [row.values["name"] for row in found.rows] == ["株式会社青空商事"] * 2
    assert told(found) == []


def test_the_end_of_a_term_in_one_cell_and_texts_written_as_formulas() -> None:
    text = '顧客名,契約番号,製品コード,数量,契約期間\n="青空商事",="0012",SMP-STD-S,10,2026/4/1～2027/3/31\n'
    found = read(text.encode("cp932"))
    assert values(found) == [(2, "青空商事", "0012", "SMP-STD-S", 10, "2027-03-31")]


def test_a_grouped_list_goes_on_with_what_stands_above_and_says_so() -> None:
    found = read(
        as_csv(
            HEAD,
            ROW,
            ["", "", "SMP-STD-C", "20", "2027/3/31"],
            ["", "L-1002", "SMP-STD-C", "30", "2027/6/30"],
            ["緑建設", "L-2001", "SMP-STD-C", "5", "2027/6/30"],
        )
    )
    assert values(found) == [
        FIRST,
        (3, "株式会社青空商事", "L-1001", "SMP-STD-C", 20, "2027-03-31"),
        (4, "株式会社青空商事", "L-1002", "SMP-STD-C", 30, "2027-06-30"),
        (5, "緑建設", "L-2001", "SMP-STD-C", 5, "2027-06-30"),
    ]
    assert [(each.value, each.reason) for each in found.problems] == [
        ("Rows 3–4", "In these rows an empty cell was taken to mean what stands above it.")
    ]


def test_what_is_wrong_is_told_by_row_column_value_and_reason() -> None:
    found = read(
        as_csv(
            HEAD,
            ["青空商事", "L/1", "SMP-STD-X", "10個半", "2027/2/30"],
            ["青空商事", "1.23E+11", "SMP-STD-S", "0", "2027/3"],
            ["緑建設", "L-2", "", "", ""],
            ["緑建設", "L-3", "SMP-STD-S", "#N/A", "27/3/31"],
            ["白川", "L-3", "SMP-STD-S", "5", "平成39年3月31日"],
        )
    )
    assert told(found) == [
        (2, "B (ライセンスID)", "L/1", "Use Latin letters, digits, hyphens, dots and underscores only."),
        (2, "D (数量)", "10個半", "This is not a whole number. Write digits only, for example 1,234."),
        (2, "E (満了日)", "2027/2/30", "There is no such day: 2027/2 has the days 1 to 28."),
        (
            2,
            "C (製品コード)",
            "SMP-STD-X",
            "The portal has no such product. Do you mean SMP-STD-S Sample Server Protection Standard, "
            "SMP-STD-C Sample Endpoint Protection Standard?",
        ),
        (
            3,
            "B (ライセンスID)",
            "1.23E+11",
            "A spreadsheet program has shortened this number. Format the column as text, and enter it.",
        ),
        (3, "D (数量)", "0", "Nothing is held. Take the row out, if the holding has ended."),
        (3, "E (満了日)", "2027/3", "The day is missing. Write it in full, for example 2027/3/31 or 2027年3月末."),
        (5, "D (数量)", "#N/A", "This is the error of a formula. Correct it in the file, or write the value itself."),
        (5, "E (満了日)", "27/3/31", "Write the year with four digits (2026/11/23) or with its era (R8.11.23)."),
        (
            6,
            "E (満了日)",
            "平成39年3月31日",
            "平成 had no such day. Do you mean 令和9年3月31日? Then write that, or 2027/03/31.",
        ),
        (6, "A (顧客名)", "白川", "In row 5 this license ID belongs to 緑建設. It belongs to one customer only."),
    ]
    assert [row.number for row in found.rows if row.is_wrong] == [2, 3, 5, 6]


def test_the_same_holding_twice_is_never_added_up() -> None:
    found = read(as_csv(HEAD, ROW, [*ROW[:3], "5", "R9.3.31"], [*ROW[:3], "5", "R9.4.30"]))
    reason = "Row 2 is the same license ID, product and day. Make one row of both."
    assert told(found) == [(3, "D (数量)", "5", reason)]


def test_products_by_name_and_by_code_with_its_name_but_never_by_what_is_near() -> None:
    head = ["ライセンスID", "製品名", "数量", "満了日"]
    found = read(
        as_csv(
            head,
            ["L-1", "ｻﾝﾌﾟﾙ 端末保護　標準", "1", "2027/3/31"],
            ["L-2", "SMP-ADV-C サンプル 端末保護 上位", "1", "2027/3/31"],
            ["L-3", "sample server protection standard", "1", "2027/3/31"],
            ["L-4", "サンプル 端末保護 標準版", "1", "2027/3/31"],
        )
    )
    assert [row.product and row.product.code for row in found.rows] == ["SMP-STD-C", "SMP-ADV-C", "SMP-STD-S", None]
    assert [each.products for each in found.problems] == [(2, 3, 1)]
    again = read(
        as_csv(head, ["L-4", "サンプル 端末保護 標準版", "1", "2027/3/31"]), chosen={"\nサンプル 端末保護 標準版": 2}
    )
    assert [row.product and row.product.code for row in again.rows] == ["SMP-STD-C"]
    assert told(again) == []


def test_a_code_decides_where_the_name_is_that_of_another_product() -> None:
    found = read(as_csv([*HEAD, "製品名"], [*ROW, "サンプル 端末保護 標準"]))
    assert (found.rows[0].product and found.rows[0].product.code, told(found)) == ("SMP-STD-S", [])
    assert found.problems[0].reason == "By its name it is SMP-STD-C. The code counts."


def test_a_customers_own_columns_become_values() -> None:
    content = as_csv(
        ["会社名", "フリガナ", "部署", "ご担当者", "メール", "電話", "郵便番号", "住所", "言語", "顧客区分"],
        [
            "青空商事\u3000御中",
            "アオゾラ",
            "情報システム部",
            "山田 太郎 様",
            "A@Example.jp",
            "03-0000-0000",
            "600001",
            "札幌",
            "英語",
            "教育",
        ],
        ["緑", "-", "", "", "", "", "〒１００－０００１", "", "", ""],
        encoding="utf-8",
    )
    found = read(content)
    assert [row.values for row in found.rows] == [
        {
            "name": "青空商事",
            "kana": "アオゾラ",
            "department": "情報システム部",
            "person": "山田 太郎",
            "email": "a@example.jp",
            "phone": "03-0000-0000",
            "postal_code": "060-0001",
            "address": "札幌",
            "language": "en",
            "segment": "教育",
        },
        {"name": "緑", "postal_code": "100-0001"},
    ]


def test_a_cell_with_two_quantities_is_not_one_number() -> None:
    assert told(read(as_csv(HEAD, [*ROW[:3], "100\n200", ROW[4]]))) == [
        (2, "D (数量)", "100 200", "This is not a whole number. Write digits only, for example 1,234.")
    ]
