"""Which characters can be printed: those that the fonts of the PDF have, and that may stand in a PDF/A.

Only Python's standard library: what draws the PDF needs it, and what checks names when they are saved.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

FONT_FILES = (
    ("noto_cjk_sans_jp_regular", "NotoSansCJKjp-Regular.otf"),
    ("noto_cjk_sans_jp_bold", "NotoSansCJKjp-Bold.otf"),
)
CHARACTERS = Path(__file__).with_name("characters.txt")
"""Runs of code points that both fonts have, in hexadecimal."""

# Seen by nobody: soft hyphen, zero-width spaces and joiners, byte order mark. They are left out without a word.
INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200d\u2060\ufeff]")
WHITESPACE = re.compile("\r\n|[\t\n\x0b\x0c\r\u0085\u1680\u2000-\u200a\u2028\u2029\u202f\u205f]")
# They choose the form of the character before them (葛󠄀); no font lists them by themselves.
VARIATION_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
# They turn the order of what follows, so a reader would see something else than what was entered.
REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
UNSHOWN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
UNPRINTABLE_CATEGORIES = UNSHOWN_CATEGORIES | {"Cn", "Co"}
# A letter and the marks on it.
MARKED = re.compile("[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]+")


@cache
def find_fonts() -> tuple[Path, ...]:
    """The font files, regular and bold. Raises FileNotFoundError when a font package is not installed."""
    paths = []
    for package, file_name in FONT_FILES:
        spec = find_spec(package)
        path = Path(spec.origin).parent / file_name if spec and spec.origin else None
        if path is None or not path.is_file():
            raise FileNotFoundError(f"The font {file_name} of the package {package} is not installed.")
        paths.append(path)
    return tuple(paths)


@cache
def printable_characters() -> frozenset[str]:
    """Every character that both fonts cover and that may stand in the text of a PDF/A."""
    covered = set(map(chr, covered_characters()))
    covered = {c for c in covered if unicodedata.category(c) not in UNPRINTABLE_CATEGORIES}
    return frozenset(covered - REORDERING | VARIATION_SELECTORS)


def covered_characters() -> set[int]:
    """The code points that both fonts have a glyph for, as `tools.fonts` wrote them down."""
    covered: set[int] = set()
    for line in CHARACTERS.read_text(encoding="ascii").split():
        first, _to, last = line.partition("-")
        covered.update(range(int(first, 16), int(last or first, 16) + 1))
    return covered


def unprintable_characters(text: str) -> list[str]:
    """The characters of `text` that a document would show as 〓, each once, in the order they occur."""
    if text.isascii() and text.isprintable():
        return []
    if printable_characters().issuperset(text) and not MARKED.search(text):
        return []
    return list(dict.fromkeys(c for c in normalise(text) if c not in printable_characters()))


def name_characters(characters: Iterable[str]) -> str:
    """Each with its code point, for example `🍣 U+1F363`; of what nobody sees, or what turns lines, the latter only."""
    return ", ".join(
        f"U+{ord(character):04X}"
        if unicodedata.category(character) in UNSHOWN_CATEGORIES
        else f"{character} U+{ord(character):04X}"
        for character in characters
    )


def normalise(text: str) -> str:
    """Line ends and tabs as spaces, invisible characters left out, and letters joined with their marks.

    The rest stays as it was entered: a general normalisation would change kanji of names.
    """
    text = INVISIBLE.sub("", WHITESPACE.sub(" ", text))
    return MARKED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
