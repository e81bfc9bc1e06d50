"""Text with delimiters: CSV, tabs and what else people save; in whatever encoding it was.

Which delimiter is meant shows only in the names that come of it, and those the asking side knows. So a text is as many
tables as it has kinds of delimiters in it.
"""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from ..text.invisible import is_blank
from .bounds import HEAD_ROWS, MOST_COLUMNS, MOST_ROWS, MOST_TEXT, Refused
from .escapes import NEVER_TEXT, decode_escapes, unescape

DELIMITERS = ",\t;，|、"
NO_TEXT = re.compile("\0|\x1b[$(]")
DIRECTIVE = re.compile(r"\ufeff?sep=([^\r\n])\r?\n", re.IGNORECASE)
"""A first line that only tells the spreadsheet program the delimiter, and is no row."""
NO_UTF_16 = re.compile("[\0-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Row = tuple[int, list[str]]


def open_text(data: bytes) -> list["TextTable"]:
    """A table for each delimiter that the text may have."""
    text = decode(data)
    found = DIRECTIVE.match(text)
    if found:
        return [TextTable(text[found.end() :], found[1])]
    return [TextTable(text, delimiter) for delimiter in DELIMITERS if delimiter in text] or [TextTable(text, ",")]


def decode(data: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with or without, or cp932. Raises Refused where it is none of them."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        tries, code = [("utf-16", NO_UTF_16)], "no-text"
    elif b"\0" in data[:4096]:
        tries, code = [("utf-16-le", NO_UTF_16), ("utf-16-be", NO_UTF_16)], "no-table"
    else:
        tries, code = [("utf-8-sig", NO_TEXT), ("cp932", NEVER_TEXT)], "no-text"
    for encoding, never in tries:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not never.search(text) and not NO_TEXT.search(text) and (code != "no-table" or looks_like_table(text)):
            return text
    raise Refused(code)


def looks_like_table(text: str) -> bool:
    """Of UTF-16 without a mark, whose bytes may be anything."""
    return any(sign in text for sign in "\r\n") and any(sign in text for sign in DELIMITERS)


class TextTable:
    """The text as rows, cut at one delimiter."""

    def __init__(self, text: str, delimiter: str) -> None:
        self.text = text
        self.delimiter = delimiter

    def describe(self) -> dict[str, Any]:
        head: list[Row] = []
        refused = None
        try:
            head.extend(islice(self.rows(), HEAD_ROWS))
        except Refused as problem:
            refused = [problem.code, problem.values]
        return {
            "name": "",
            "state": "visible",
            "delimiter": self.delimiter,
            "row_count": self.text.count("\n") + 1,
            "head": head,
            "refused": refused,
        }

    def facts(self) -> dict[str, Any]:
        return {}

    def get_ready(self) -> None:
        """Nothing is needed before its rows."""

    def rows(self) -> Iterator[Row]:
        """Rows with something in them, numbered as spreadsheet programs do: a line break within a cell is none."""
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True)
        number = filled = 0
        try:
            for number, cells in enumerate(reader, start=1):
                while cells and is_blank(cells[-1]):
                    cells.pop()
                if not cells:
                    continue
                filled += 1
                if len(cells) > MOST_COLUMNS:
                    raise Refused("too-wide", row=number)
                if filled > MOST_ROWS:
                    raise Refused("too-long")
                yield number, ["" if is_blank(cell) else decode_escapes(unescape(cell[:MOST_TEXT])) for cell in cells]
        except csv.Error as error:
            raise Refused("quotation", row=number + 1) from error
