"""Numbers as people write them."""

from decimal import Decimal

import pytest

from foundation.text.numbers import PERCENT, YEN, NumberTooLarge, read_number, read_whole_number, whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("12", 12),
        ("１２", 12),
        ("４", 4),
        ("007", 7),
        (" 12 ", 12),
        ("　１２　", 12),
        ("\u00a012\t", 12),
        ("1,234", 1234),
        ("1，234", 1234),
        ("１，２３４", 1234),
        ("1、234", 1234),
        ("1 234", 1234),
        ("1,234,567", 1234567),
        ("12本", 12),
        ("１２ 本", 12),
        ("3年", 3),
        ("5台", 5),
        ("8個", 8),
        ("1,000クライアント", 1000),
        ("10ｸﾗｲｱﾝﾄ", 10),
        ("+5", 5),
        ("＋５", 5),
        ("-3", -3),
        ("－３", -3),
        ("−3", -3),
        ("▲3", -3),
        ("△３", -3),
        ("▲1,234", -1234),
        ("1000000000000", 10**12),
        ("999999999999999", 10**15 - 1),
        ("①", 1),
        ("⑳", 20),
        ("( 1,200 )", -1200),
        ("12.0", 12),
        ("(3)", -3),
        ("1\u200b2", 12),
        ("12\x00", 12),
    ],
)
def test_whole_numbers(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "　", "-", "▲", "十二", "twelve", "1.5", "１．５", "1e3", "0x10", "12本と3本", "本", "12円", "1/2",
        "½", "--3", "3-", "٣", "۱۲", "1,23", "1,2345", "12,34,567", ",123", "1,234,",
        "600①", "600²", "６００③", "①②", "1\n200", "100\n200",
        "1 2", "4　5", "1,234 567", "12;", "NaN", "∞", "1_000", "true",
    ],
)  # fmt: skip
def test_what_is_no_whole_number(text):
    assert whole_number(text) is None


@pytest.mark.parametrize("text", ["1000000000000000", "9" * 29, "▲１,000,000,000,000,000"])
def test_a_whole_number_that_is_too_large(text):
    with pytest.raises(NumberTooLarge):
        read_whole_number(text)
    assert whole_number(text) is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("￥1,234", 1234),
        ("1234円", 1234),
        ("-¥5", -5),
        ("¥-5", -5),
        ("\\1,000 円", 1000),
        ("▲500円", -500),
        ("¥90,000-", 90_000),
        ("￥９０，０００．－", 90_000),
        ("¥90,000ー", 90_000),
        ("-¥500-", -500),
        ("12本", None),
    ],
)
def test_yen(text, amount):
    assert whole_number(text, units=YEN) == amount


@pytest.mark.parametrize(
    ("text", "percent"), [("８", "8"), ("2.5%", "2.5"), ("３．５０％", "3.50"), ("3パーセント", "3"), ("3%%", None)]
)
def test_percentages(text, percent):
    assert read_number(text, units=PERCENT) == (percent and Decimal(percent))


def test_what_is_longer_than_any_number_is_none():
    assert read_number("9" * 61) is None
