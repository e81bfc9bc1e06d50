"""What has an equal in cp932 is written so; what has none is told, and marked."""

import pytest

from foundation.spreadsheets.cp932 import as_cp932, find_equals, unknown_to_cp932
from foundation.spreadsheets.escapes import escape_formula


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("¥1,000", "￥1,000"),
        ("A—B", "A―B"),
        ("〜−‖", "～－∥"),
        ("2026–27", "2026－27"),
        ("a‑b", "a‐b"),
        ("か\u3099ハ\u309a", "がパ"),
        ("葛\U000e0100飾", "葛飾"),
        ("①\ufe0e", "①"),
        ("a\xa0b\u2009c", "a b c"),
        ("\ufa30", "侮"),
        ("神\ufa19", "神\ufa19"),
        ("⼀⾞", "一車"),
        ("¢£¬¦", "￠￡￢￤"),
        ("·•", "・・"),
        ("\u00c5\u2126", "\u212bΩ"),
        ("C\u200b\u00ad", "C"),
        ("㈱髙﨑", "㈱髙﨑"),
    ],
)
def test_what_has_an_equal_is_written_so(text, written):
    assert unknown_to_cp932(text) == []
    assert as_cp932(text).decode("cp932") == written


def test_what_has_none_is_told_and_marked():
    assert unknown_to_cp932("𠮷é—𠮷😀") == ["𠮷", "é", "😀"]
    assert as_cp932("𠮷é—😀").decode("cp932") == "〓〓―〓"


def test_no_formula_comes_out_of_it():
    assert escape_formula(find_equals("\u200b=1+1")) == "'=1+1"
