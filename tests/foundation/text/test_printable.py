"""Which characters can be printed, and how the others are named."""

import pytest

from foundation.text.printable import CHARACTERS, covered_characters, name_characters, unprintable_characters
from tools.fonts import as_lines, covered_by_fonts


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("株式会社\ue123", "\ue123 U+E123"),
        ("山田 🍣🍣", "🍣 U+1F363"),
        ("\U000f0000", "\U000f0000 U+F0000"),
        ("a\x00b\x07", "U+0000, U+0007"),
        ("abc\u202edef", "U+202E"),
        ("\u0378", "\u0378 U+0378"),
        ("𠮷野 髙﨑 ㈱ ヶ 葛\U000e0100 ｱｲ か\u3099\u00ad\u200b\r\n\t～", ""),
        ("Sample Trading K.K., (Tokyo)", ""),
    ],
)
def test_each_character_is_named_with_its_code_point(text: str, named: str) -> None:
    assert name_characters(unprintable_characters(text)) == named


def test_the_characters_that_are_written_down_are_those_of_the_fonts():
    """After an upgrade of the fonts: `python -m tools.fonts`."""
    assert covered_characters() == covered_by_fonts()
    assert CHARACTERS.read_text(encoding="ascii").split() == list(as_lines(covered_characters()))
