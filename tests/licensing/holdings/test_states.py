"""Rows of which the list itself says that nothing is held any more; and expiries in three columns."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from licensing.holdings.reading import look_at
from licensing.holdings.reading.columns import find_field
from licensing.holdings.reading.states import MAY_END, State, read_state

from .lists import HEAD, PRODUCTS, ROW, as_csv, as_xlsx, guess, read, told, values

FIRST = (2, "株式会社青空商事", "L-1001", "SMP-STD-S", 10, "2027-03-31")
TODAY = date(2026, 11, 27)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("texts", "state"),
    [
        (
            "解約 解約済 解約済み ご解約済み 解約（済） 【解約】 9:解約 ×解約 契約終了 終了 終了済 サポート終了"
            " キャンセル ｷｬﾝｾﾙ済 取消"
            " 失効 失効済み 廃止 無効 継続なし 更新しない 非継続 解約(2026/3/31) 令和8年3月末解約"
            " cancelled ＣＡＮＣＥＬＬＥＤ Canceled Terminated"
            " Inactive",
            State.ENDED,
        ),
        (
            "有効 有効中 契約中 ご契約中 更新済 更新済み 更新完了 1:契約中 契約（継続） 利用中 稼働中 保有中 更新待ち"
            " 新規 ＡＣＴＩＶＥ active Valid"
            " Active(renewed)",
            State.HELD,
        ),
        (
            "解約予定 解約申請中 未解約 2027年3月末解約 解約(2027/3/31) 期限切れ 満了"
            " expired 保留 停止中 使用済 契約完了 更新終了 pending ○ 2026/3/31",
            State.UNKNOWN,
        ),
    ],
)
def test_the_words_of_states(texts: str, state: State) -> None:
    assert [text for text in texts.split() if read_state(text, "状態", TODAY) is not state] == []
    assert state is not State.ENDED or [text for text in texts.split() if not MAY_END.search(text)] == []


@pytest.mark.parametrize(
    ("name", "ended", "held"),
    [
        ("解約フラグ", "1", "0"),
        ("解約", "○", "×"),
        ("有効", "×", "○"),
        ("Active", "No", "Yes"),
        ("解約日", "2026/3/31", ""),
    ],
)
def test_marks_mean_what_the_name_of_the_column_says(name: str, ended: str, held: str) -> None:
    found = read(as_csv([*HEAD, name], [*ROW, ended], [ROW[0], "L-2", *ROW[2:], held], encoding="utf-8"), on=TODAY)
    assert ([row.is_ended for row in found.rows], found.ended, found.asked) == ([True, False], [2], {})


def test_rows_that_are_not_held_any_more_are_told_and_never_wrong() -> None:
    found = read(
        as_csv(
            [*HEAD, "契約状態"],
            [*ROW, "契約中"],
            ["株式会社青空商事", "L-1001", "SMP-STD-C", "0", "", "解 約 済"],
            ["緑建設", "L-2", "なにか", "5", "2026/3/31", "　ｷｬﾝｾﾙ　"],
            ["緑建設", "L-3", "SMP-STD-C", "5", "2027/3/31", ""],
            ["緑建設", "L-4", "SMP-STD-C", "5", "2027/3/31", "保留"],
            encoding="utf-8",
        )
    )
    assert (told(found), found.ended, found.asked) == ([], [3, 4], {"保留": 6})
    assert values(found)[0] == FIRST
    assert [row.number for row in found.rows if row.is_ended] == [3, 4]
    assert [(each.row, each.column, each.value, each.reason) for each in found.problems] == [
        (3, "F (契約状態)", "解 約 済", "By its state nothing is held any more. The row is not imported."),
        (4, "F (契約状態)", "キャンセル", "By its state nothing is held any more. The row is not imported."),
        (0, "", "Rows 3–4", "By their state nothing is held any more in these rows (2). They are not imported."),
    ]  # fmt: skip
    again = as_csv([*HEAD, "状態"], [*ROW, "保 留"], encoding="utf-8")
    assert [read(again, states={"保留": said}).ended for said in (1, 2)] == [[], [2]]


def test_of_very_many_unknown_states_each_row_is_an_error() -> None:
    found = read(as_csv([*HEAD, "状態"], *([ROW[0], f"L-{n}", *ROW[2:], f"受注{n}号"] for n in range(22))))
    assert len(found.asked) == 20
    assert [(row, value) for row, _column, value, _why in told(found)] == [(22, "受注20号"), (23, "受注21号")]


def test_a_state_is_told_by_its_words_under_any_name_or_the_column_that_is_not_read_is_told() -> None:
    rows = [[*ROW, "更新済"], [ROW[0], "L-2", *ROW[2:], "解約済"]]
    assert guess(as_csv([*HEAD, "区分"], *rows))["status"] == "区分"
    assert guess(as_csv([*HEAD, "備考"], *rows))["status"] == "備考"
    assert "status" not in guess(as_csv([*HEAD, "区分"], [*ROW, "新規"], [*ROW, "教育"]))
    noted = as_csv(
        [*HEAD, "備考"], [*ROW, "要確認"], [*ROW[:1], "L-2", *ROW[2:], "解約済"], [*ROW[:1], "L-3", *ROW[2:], "来社"]
    )
    found = read(noted)
    assert (told(found), found.ended, len(found.rows)) == ([], [], 3)
    assert [(each.value, each.reason) for each in found.problems] == [
        (
            "Rows 3",
            "The column 備考 says in these rows that nothing is held any more. They are taken as held: if that is "
            "wrong, go back to the columns and choose “Contract state” for it.",
        )
    ]


def test_in_a_grouped_list_a_state_holds_for_the_license_id_it_stands_beside() -> None:
    found = read(
        as_csv(
            [*HEAD, "状態"],
            [*ROW, "解約"],
            ["", "", "SMP-STD-C", "20", "2027/3/31", ""],
            ["", "L-2", "SMP-STD-C", "20", "2027/3/31", ""],
        )
    )
    assert ([row.is_ended for row in found.rows], found.ended) == ([True, True, False], [2, 3])


@pytest.mark.parametrize(
    ("name", "is_state"),
    [("契約状態区分", True), ("ご契約ステータス", True), ("Maintenance Status", True), ("利用状況（現在）", True),
     ("入金状況", False), ("見積ステータス", False), ("区分", False)],
)  # fmt: skip
def test_the_names_of_states(name: str, is_state: bool) -> None:
    assert ((find_field(name) or ("",))[0] == "status") is is_state


def test_a_line_or_a_sheet_that_says_so_is_told_and_another_sheet_is_preferred() -> None:
    found = read(as_csv(HEAD, ROW, ["【解約分】", "", "", "", ""], ["緑建設", "L-2", *ROW[2:]]))
    assert [(each.row, each.value) for each in found.problems] == [(3, "【解約分】"), (0, "Rows 3")]
    rows = [HEAD, ROW]
    book = as_xlsx(("解約済", rows), ("契約中", rows))
    assert look_at(book, catalogue=PRODUCTS).layout.sheet.name == "契約中"
    assert [each.value for each in read(book, sheet=0).problems] == ["解約済"]


def test_names_that_stand_beside_a_day_over_two_rows() -> None:
    found = read(
        as_csv([*HEAD[:4], "満了日", "", ""], ["", "", "", "", "年", "月", "日"], [*ROW[:4], "令和9", "3", "31"])
    )
    assert (told(found), values(found)) == ([], [(3, *FIRST[1:])])


# --- Expiries in three columns ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heads", "cells"),
    [
        ([["満了年", "満了月", "満了日"]], ["2027", "3", "31"]),
        ([["サポート満了日（年）", "サポート満了日（月）", "サポート満了日（日）"]], ["２０２７年", "３月", "３１日"]),
        ([["満了年（和暦）", "満了月", "満了日"]], ["9", "3", "31"]),
        ([["満了和暦年", "満了月", "満了日"]], ["令和9", "3", "末"]),
        ([["満了日", "", ""], ["年", "月", "日"]], ["R9", "03", "31"]),
        ([["契約期間", "", ""], ["至", "", ""], ["年", "月", "日"]], ["令和9年", "3", "月末"]),
        ([["満了日", "", ""]], ["2027", "3", "31"]),
        ([["サポート満了", "", ""], ["年", "月", "日"]], ["2027", "3", "31"]),
        ([["Expiry year", "Expiry month", "Expiry day"]], ["2027", "3", "31"]),
    ],
)
def test_year_month_and_day_in_three_columns_are_one_day(heads: list[list[str]], cells: list[str]) -> None:
    tops = [["", "", "", ""]] * (len(heads) - 1) + [HEAD[:4]]
    begin = ["契約開始日", "", ""] if len(heads) == 1 else ["契約開始", "", ""]
    rows = [[*top, *begin, *head] for top, head in zip(tops, heads, strict=True)]
    if len(heads) > 1:
        rows[-1][4:7] = ["年", "月", "日"]
    found = read(as_csv(*rows, [*ROW[:4], "2026", "4", "1", *cells], encoding="utf-8"))
    assert (told(found), values(found)) == ([], [(len(rows) + 1, *FIRST[1:])])


def test_a_part_of_a_day_that_is_missing_is_told_at_its_year() -> None:
    content = as_csv(
        [*HEAD[:4], "満了年", "満了月", "満了日"], [*ROW[:4], "2027", "", "31"], [*ROW[:4], "2027", "2", "30"]
    )
    assert told(read(content)) == [
        (2, "E (満了年)", "2027  31", "Year, month and day are needed."),
        (3, "E (満了年)", "2027 2 30", "There is no such day: 2027/2 has the days 1 to 28."),
    ]
    assert told(read(as_csv([*HEAD[:4], "満了年", "満了月", "満了日"], [*ROW[:4], "", "", ""]))) == [
        (2, "E (満了年)", "", "It is empty. Fill it in, or take the row out.")
    ]


@pytest.mark.parametrize("above", [60, 150])
def test_names_far_below_the_top_are_found(above: int) -> None:
    lines = [[f"ご案内 {n}"] for n in range(above)]
    assert values(read(as_csv(*lines, HEAD, ROW)))[-1] == (above + 2, *FIRST[1:])
    assert values(read(as_xlsx(("一覧", [*lines, HEAD, ROW]))))[-1] == (above + 2, *FIRST[1:])
