"""Which characters can be printed, and where a text without spaces may break.

PDF/A and PDF/UA forbid a character that no embedded font covers, so such a character is replaced by 〓, visibly.
"""

import re
import struct
import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

REPLACEMENT = "〓"
BREAK_HERE = "\u200b"
"""Zero-width space: invisible, a line may break there."""

FONT_FILES = (
    ("noto_cjk_sans_jp_regular", "NotoSansCJKjp-Regular.otf"),
    ("noto_cjk_sans_jp_bold", "NotoSansCJKjp-Bold.otf"),
)

# Seen by nobody: soft hyphen, zero-width spaces and joiners, byte order mark. They are left out without a word.
INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200d\u2060\ufeff]")
WHITESPACE = re.compile("\r\n|[\t\n\x0b\x0c\r\u0085\u1680\u2000-\u200a\u2028\u2029\u202f\u205f]")
# They choose the form of the character before them (葛󠄀); no font lists them by themselves.
VARIATION_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
# They turn the order of what follows, so a reader would see something else than what was entered.
REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
UNPRINTABLE_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})

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
    regular, bold = (read_character_map(path) for path in find_fonts())
    covered = {chr(code) for code in regular & bold}
    covered = {c for c in covered if unicodedata.category(c) not in UNPRINTABLE_CATEGORIES}
    return frozenset(covered - REORDERING | VARIATION_SELECTORS)


def read_character_map(path: Path) -> set[int]:
    """The code points that an OpenType font has a glyph for, from its `cmap` table (format 12).

    Raises ValueError when the font has no such table.
    """
    with path.open("rb") as font:
        (table_count,) = struct.unpack(">4xH6x", font.read(12))
        tables = {tag: at for tag, at in struct.iter_unpack(">4s4xI4x", font.read(16 * table_count))}
        start = tables[b"cmap"]
        font.seek(start)
        (subtable_count,) = struct.unpack(">2xH", font.read(4))
        for platform, encoding, at in list(struct.iter_unpack(">HHI", font.read(8 * subtable_count))):
            font.seek(start + at)
            header = font.read(16)
            if (platform, encoding) == (3, 10) and header[:2] == b"\x00\x0c":
                (group_count,) = struct.unpack(">12xI", header)
                groups = struct.iter_unpack(">III", font.read(12 * group_count))
                return {code for first, last, glyph in groups if glyph for code in range(first, last + 1)}
    raise ValueError(f"{path.name} has no character map of format 12.")


def unprintable_characters(text: str) -> list[str]:
    """The characters of `text` that the document shows as 〓, each once, in the order they occur.

    For the form, so that staff can be told before the quote is issued.
    """
    return list(dict.fromkeys(c for c in normalise(text) if c not in printable_characters()))


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


def normalise(text: str) -> str:
    """Line ends and tabs as spaces, invisible characters left out, and letters joined with their marks.

    The rest stays as it was entered: a general normalisation would change kanji of names.
    """
    text = INVISIBLE.sub("", WHITESPACE.sub(" ", text))
    return MARKED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)


MARKED = re.compile("[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]+")


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
