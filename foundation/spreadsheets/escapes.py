"""Characters that stand for others in a file: `_x000D_` in workbooks, an apostrophe before a formula in CSV."""

import re

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")
"""What a text in a CSV may not begin with, lest a spreadsheet program calculates: it gets an apostrophe before it."""
NEVER_TEXT = re.compile("[\0\x80-\x9f\uf8f0-\uf8ff]")
"""What only comes out of bytes that were no text in cp932."""
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_AS_TEXT = re.compile(r'=\s*"((?:[^"]|"")*)"\s*', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


def decode_escapes(text: str) -> str:
    """`_x000D_` as the character that it stands for, `_x005F_` as the `_` it is. Half a character becomes U+FFFD."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    if not text.isascii() and _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def unescape(cell: str) -> str:
    """A cell of a CSV without the apostrophe that `escape_formula` put before it, or without the `="…"` around it.

    Many programs write ="00123" or '00123 lest a spreadsheet program takes the text for a number.
    """
    if found := _AS_TEXT.fullmatch(cell):
        return found[1].replace('""', '"')
    is_escaped = cell[:1] == "'" and (cell[1:2] in FORMULA_STARTS or (cell[1:2].isalnum() and "'" not in cell[1:]))
    return cell[1:] if is_escaped and len(cell) > 1 else cell


def escape_formula(text: str) -> str:
    """A text for a cell of a CSV file: a spreadsheet program does not take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
