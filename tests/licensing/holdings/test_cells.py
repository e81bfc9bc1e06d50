"""The cells of lists of what is held."""

from datetime import date

import pytest

from licensing.holdings.reading.cells import read_code, read_expiry, read_postal_code, read_quantity
from licensing.holdings.reading.rows import SUM


@pytest.mark.parametrize(
    "text",
    [
        "2027/3/31",
        "2027-03-31",
        "20270331",
        "２０２７年３月３１日",
        "令和9年3月31日",
        "令和９年３月３１日（水）",
        "R9.3.31",
        "r09/03/31",
        "2027/03/31 0:00:00",
        "46477",
        "46477.0",
        "2027年3月末",
        "2027/3末",
        "令和9年3月末日",
        "R9.3末",
        "2027年03月月末",
        "31-Mar-27",
        "31 March 2027",
        "Mar 31, 2027",
        "2027-Mar-31",
        "令和九年三月三十一日",
        "二〇二七年三月三十一日",
        "令和九年三月末",
        "2026/4/1～2027/3/31",
        "2026年4月1日から2027年3月31日まで",
        "～R9.3.31",
    ],
)
def test_a_day_in_every_form(text: str) -> None:
    assert read_expiry(text) == date(2027, 3, 31)


@pytest.mark.parametrize(
    "text",
    [
        "31-Foo-27",
        "2027/3/31～",
        "三月三十一日",
        "無期限",
        "9999/12/31",
        "3/31/2027",
        "2027年3月",
        "R9.3",
        "1999/12/31",
        "2100/1/1",
        "12",
        "３月末",
    ],
)
def test_what_is_no_day_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_expiry(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10", 10),
        ("１，２３４", 1234),
        ("1,234 本", 1234),
        ("5ユーザー", 5),
        ("10.0", 10),
        ("9,999,999", 9_999_999),
        ("25 seats", 25),
        ("120 メールアカウント", 120),
        ("15接続クライアント", 15),
        ("3 User(s)", 3),
        ("8 Servers", 8),
        ("30Lic", 30),
        ("12名様", 12),
    ],
)
def test_quantities(text: str, number: int) -> None:
    assert read_quantity(text) == number


@pytest.mark.parametrize(
    "text",
    ["0", "-1", "▲3", "1.5", "10,000,000", "2026-01-09", "2026-01", "1,5", "十", "600①", "10\n20", "6 00", "12 千円"],
)
def test_what_is_no_quantity(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_quantity(text)


def test_codes_and_postal_codes() -> None:
    assert [read_code(text) for text in ("Ｌ－１００１", " L 1001 ", "0012345", "ABC‐1", "ABC─1", "ABC━1")] == [
        "L-1001",
        "L1001",
        "0012345",
        *["ABC-1"] * 3,
    ]
    for text, reason in (("2026-10-22", "日付に変え"), ("1.23456789012346E+18", "文字列")):
        with pytest.raises(ValueError, match=reason):
            read_code(text)
    assert [read_postal_code(text) for text in ("1234567", "１２３－４５６７", "〒123 4567", "600001")] == [
        "123-4567",
        "123-4567",
        "123-4567",
        "060-0001",
    ]
    with pytest.raises(ValueError, match="123-4567"):
        read_postal_code("12-345")


@pytest.mark.parametrize("text", ["合計", "総合計", "小計", "計", "合計数量", "Total", "Grandtotal", "以上"])
def test_sums(text: str) -> None:
    assert SUM.fullmatch(text)
