"""Rows and cells of lists that are not what they look like."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from .lists import HEAD, ROW, as_csv, read, told, values


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("day", "read_as"),
    [
        ("2026/1/1～2026/12/31", "2026-12-31"),
        ("～2026年12月31日", "2026-12-31"),
        ("令和8年1月1日〜令和8年12月末", "2026-12-31"),
        ("2026/12/31まで", "2026-12-31"),
        ("31-Dec-2026", "2026-12-31"),
        ("31 December 2026", "2026-12-31"),
        ("Dec 31, 2026", "2026-12-31"),
        ("December 1st, 2026", "2026-12-01"),
    ],
)
def test_days_in_still_other_ways(day: str, read_as: str) -> None:
    found = read(as_csv(HEAD, [*ROW[:4], day], encoding="utf-8"))
    assert (told(found), values(found)[0][5]) == ([], read_as)


@pytest.mark.parametrize("day", ["2026/4/1～", "31-Foo-2026", "Feb 30, 2026", "12/31/2026", "無期限", "～"])
def test_what_says_no_last_day_is_refused(day: str) -> None:
    found = read(as_csv(HEAD, [*ROW[:4], day], encoding="utf-8"))
    assert [(row, column, value) for row, column, value, _why in told(found)] == [(2, "E (満了日)", day)]


@pytest.mark.parametrize("code", ["L-1、L-2", "L-1\nL-2", "L-1 L-2", "L-1/L-2", "10001, 10002", "AB12 CD34"])
def test_several_license_ids_in_one_cell_are_told(code: str) -> None:
    found = read(as_csv(HEAD, [ROW[0], code, *ROW[2:]]))
    reason = "There are several license IDs in this cell. Give each a row of its own."
    assert told(found) == [(2, "B (ライセンスID)", " ".join(code.split()), reason)]


@pytest.mark.parametrize("code", ["TM 0048 2210", "TM-0048 -2210", " l-1001 "])
def test_one_license_id_with_spaces_is_one(code: str) -> None:
    found = read(as_csv(HEAD, [ROW[0], code, *ROW[2:]]))
    assert (told(found), values(found)[0][2]) == ([], "".join(code.split()))


@pytest.mark.parametrize(
    "row",
    [
        ["青空商事 小計", "", "", "10", ""],
        ["株式会社青空商事　合計", "", "", "1,234", ""],
        ["Aozora subtotal", "", "", "10", ""],
        ["お問い合わせは営業部まで", "", "", "", ""],
    ],
)
def test_a_sum_or_a_remark_is_no_customer(row: list[str]) -> None:
    found = read(as_csv(HEAD, ROW, row))
    assert (len(found.rows), found.skipped, told(found)) == (1, [3], [])


def test_a_name_above_what_it_is_of_is_a_customer() -> None:
    found = read(as_csv(HEAD, ["株式会社青空商事", "", "", "", ""], ["", *ROW[1:]], ["緑", "", "", "", ""]))
    assert [row[:3] for row in values(found)] == [(3, "株式会社青空商事", "L-1001")]
    assert (found.skipped, told(found)) == ([4], [])
