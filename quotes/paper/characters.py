"""Which characters can be printed, and where a text without spaces may break.

PDF/A and PDF/UA forbid a character that no embedded font covers, so such a character is replaced by 〓, visibly.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from foundation.text.printable import normalise, printable_characters, unprintable_characters

REPLACEMENT = "〓"
BREAK_HERE = "\u200b"
"""Zero-width space: invisible, a line may break there."""

# Between two of these a line may always break; a small kana or a punctuation mark may not begin a line.
BREAKABLE = "\u3042-\u3093\u30a2-\u30f3\u3400-\u4dbf\u4e00-\u9fff \u3000"
ATTACHED = "\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef"
UNBREAKABLE_RUN = re.compile(f"[^{BREAKABLE}]{{2,}}")
INSIDE = re.compile(f"(?<=.)(?=[^{ATTACHED}])")

# Advance widths of Noto Sans CJK JP in bold, rounded up.
WIDEST_EM = 1.0
CAPITAL_EM = 0.75
LETTER_EM = 0.63
FIGURE_EM = 0.57
COMMA_EM = 0.33
WIDE = "MWmw@%&▲"
NEITHER_FIGURE_NOR_COMMA = re.compile("[^0-9,]")


@lru_cache(maxsize=4096)
def printable(text: str, *, room: float) -> str:
    """`text` as one line that can be drawn: unprintable characters are 〓, overlong words may break anywhere.

    `room` is the width in em of the place where it stands. A word that fits is left alone, so that what is
    copied out of the PDF is what was put in.
    """
    covered = printable_characters()
    if not covered.issuperset(text):
        text = "".join(c if c in covered else REPLACEMENT for c in normalise(text))
    if len(text) * WIDEST_EM > room:
        text = UNBREAKABLE_RUN.sub(lambda run: allow_breaks(run[0]) if em(run[0]) > room else run[0], text)
    return text


def allow_breaks(run: str) -> str:
    """Puts a zero-width space after each character of the run, but none before a mark that belongs to it."""
    return INSIDE.sub(BREAK_HERE, run)


def em(text: str) -> float:
    """About how wide the text is, in em, rather too much than too little."""
    if text.isascii() and not NEITHER_FIGURE_NOR_COMMA.search(text):
        commas = text.count(",")
        return (len(text) - commas) * FIGURE_EM + commas * COMMA_EM
    return sum(
        WIDEST_EM
        if c > "\u2e7f" or c in WIDE
        else CAPITAL_EM
        if c.isupper()
        else FIGURE_EM
        if c.isdigit()
        else COMMA_EM
        if c in ",. "
        else LETTER_EM
        for c in text
    )


def characters_without_glyph(document: Mapping[str, Any]) -> list[str]:
    """The characters that the PDF of the document shows as 〓, sorted."""
    return sorted({character for text in _texts(document) for character in unprintable_characters(text)})


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for one in part:
            yield from _texts(one)
    elif isinstance(part, dict) and "base64" not in part:  # a picture is no text
        for one in part.values():
            yield from _texts(one)
