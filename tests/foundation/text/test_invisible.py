"""What nobody sees is taken off; what anybody sees, and every kind of space, stays."""

import sys
import unicodedata

import pytest

from foundation.text import is_blank, strip_invisible


@pytest.mark.parametrize(
    "text",
    ["C\u200b", "\ufeffC", "C\u00ad", "\u200eC\u200f", "C\ufe0e", "C\U000e0100", "\u2060C", "C\x00\x1f", "C\u3164"],
)
def test_what_comes_along_with_copied_text_is_taken_off(text):
    assert strip_invisible(text) == "C"


@pytest.mark.parametrize("text", ["", "SMP-CC", "更新\r\n単価", "a\tb\u3000c\xa0d\u2028e\x85f", "葛飾が", "😀", "−ー"])
def test_everything_else_stays(text):
    assert strip_invisible(text) == text


def test_every_format_and_control_character_of_unicode_is_known():
    spaces = set("\t\n\v\f\r\x85")
    every = {chr(code) for code in range(sys.maxunicode + 1)}
    unseen = {character for character in every if unicodedata.category(character) in {"Cc", "Cf"}} - spaces
    assert strip_invisible("".join(unseen)) == ""
    drawn = {character for character in every if unicodedata.category(character)[0] in "LNPSZ"}
    drawn -= set("\u115f\u1160\u3164\uffa0")
    between = strip_invisible(f"x{'x'.join(drawn)}x")
    assert drawn - set(between) == set()


@pytest.mark.parametrize("text", ["", " ", "\u3000\xa0", "\u200b", "\ufeff \u200b\r\n", "\u2800", "\u3000\u2800\u3000"])
def test_blank_is_what_a_person_sees_as_empty(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", "-", " .\u200b", "\u3000x"])
def test_anything_drawn_is_not_blank(text):
    assert not is_blank(text)
