"""How characters that cannot be printed are named."""

import pytest

from foundation.text.printable import name_characters, unprintable_characters


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
