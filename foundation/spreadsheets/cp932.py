"""Text for programs that know no Unicode: what has an equal in cp932 is written so, what has none is told."""

import re
import unicodedata
from collections.abc import Iterator

from ..text import strip_invisible
from .escapes import NEVER_TEXT

REPLACEMENT = "〓"
"""Stands where a character cannot be written."""
EQUALS = str.maketrans(
    {
        "\u301c": "\uff5e",  # wave dash: ～
        "\u223c": "\uff5e",
        "\u2212": "\uff0d",  # minus: －
        "\u2013": "\uff0d",  # en dash
        "\u2012": "\uff0d",
        "\ufe63": "\uff0d",
        "\u2014": "\u2015",  # em dash: ―
        "\u2e3a": "\u2015\u2015",
        "\u2011": "\u2010",  # hyphen that does not break: ‐
        "\u2016": "\u2225",  # double line: ∥
        "\u00a5": "\uffe5",  # ￥
        "\u00a2": "\uffe0",
        "\u00a3": "\uffe1",
        "\u00ac": "\uffe2",
        "\u00a6": "\uffe4",
        "\u203e": "\uffe3",
        "\u00af": "\uffe3",
        "\u00b7": "\u30fb",  # middle dots: ・
        "\u2022": "\u30fb",
        "\u2219": "\u30fb",
        "\u22c5": "\u30fb",
        "\u00b5": "\u03bc",
        "\u00c5": "\u212b",
        "\u02bc": "\u2019",
        "\u00a0": " ",
        "\u202f": " ",
        **dict.fromkeys(map(chr, range(0x2000, 0x200B)), " "),
        "\u205f": " ",
        "\u2028": "\n",
        "\u2029": "\n",
        "\x85": "\n",
    }
)
"""What looks and means the same, and only has another number in Unicode."""
_COMBINED = re.compile(r".[\u0300-\u036f\u3099\u309a]+")
_RADICAL = re.compile(r"[\u2e80-\u2fd5]")


def find_equals(text: str) -> str:
    """The text with everything that has an equal in cp932 written so; what has none stays as it is."""
    if text.isascii() or _fits(text):
        return strip_invisible(text)
    text = strip_invisible(_COMBINED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)).translate(EQUALS)
    return text if _fits(text) else "".join(_equal(character) for character in text)


def _equal(character: str) -> str:
    """Unicode calls some kanji and signs the same in all but their number; so are the radicals of a dictionary."""
    if _fits(character):
        return character
    same = unicodedata.normalize("NFKC" if _RADICAL.match(character) else "NFC", character)
    return same if len(same) == 1 and _fits(same) else character


def as_cp932(text: str) -> bytes:
    """The text in cp932: equals where there are any, and a mark in place of each character that has none."""
    text = find_equals(text)
    return (text if _fits(text) else "".join(_fitting(text))).encode("cp932")


def unknown_to_cp932(text: str) -> list[str]:
    """The characters that cp932 has no equal for, each once."""
    text = find_equals(text)
    return [] if _fits(text) else list(dict.fromkeys(character for character in text if not _fits(character)))


def _fits(text: str) -> bool:
    """Whether cp932 can hold the text, and who reads it again takes it for one."""
    if NEVER_TEXT.search(text):
        return False
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def _fitting(text: str) -> Iterator[str]:
    for character in text:
        yield character if _fits(character) else REPLACEMENT
