"""Numbers as people in Japan write them: in any width, with separators, a unit, ￥ or ▲."""

import re
from decimal import Decimal

from .typed import half_width, has_mark, with_hyphens

COUNTED = ("本", "個", "台", "年", "クライアント", "ライセンス")
"""Units that may stand behind a quantity."""
YEN = ("円", "yen", "jpy")
PERCENT = ("%", "パーセント", "percent")
MOST_DIGITS = 15
"""Of a whole number; no quantity and no amount has more."""
_LONGEST = 60
_YEN_MARKS = re.compile(r"^([+-]?)\s*[¥\\]\s*(.*?)(?:(?<=\d)\s*\.?-)?$", re.DOTALL)
"""¥ before an amount, and then the dash behind it after which nothing can be added: ¥90,000-."""
_NUMBER = re.compile(
    r"([+-]?)\s*(\d+|\d{1,3}(?:([,、 ])\d{3})(?:\3\d{3})*)(?:\.(\d*))?",
    re.ASCII,
)


class NumberTooLarge(ValueError):
    """A whole number, but with more digits than any quantity or amount has."""


def read_number(text: str, *, units: tuple[str, ...] = ()) -> Decimal | None:
    """A number with one of these units, or with none. Less than nothing as `-3`, `▲3` or `(3)`. None: not a number.

    Separators stand between groups of three digits, or it is no number: 1,5 may be meant as 1.5 or as two numbers.
    Nor are two numbers under one another in a cell.
    """
    if len(text) > _LONGEST or has_mark(text):
        return None
    plain = half_width(text).lower()
    if units:
        plain = re.sub(rf"\s*(?:{'|'.join(map(re.escape, units))})$", "", plain)
    plain = with_hyphens(plain).replace("▲", "-").replace("△", "-")
    if "円" in units:
        plain = _YEN_MARKS.sub(r"\1\2", plain)
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1].strip()}"
    found = _NUMBER.fullmatch(plain)
    if found is None:
        return None
    sign, whole, _separator, fraction = found.groups()
    digits = re.sub(r"[^0-9]", "", whole)
    return Decimal(f"{sign}{digits}.{fraction}" if fraction else f"{sign}{digits}")


def read_whole_number(text: str, *, units: tuple[str, ...] = COUNTED) -> int | None:
    """The same, a whole one. Raises NumberTooLarge."""
    number = read_number(text, units=units)
    if number is None or number != number.to_integral_value():
        return None
    if abs(number) >= 10**MOST_DIGITS:
        raise NumberTooLarge(text)
    return int(number)


def whole_number(text: str, *, units: tuple[str, ...] = COUNTED) -> int | None:
    """The same, where a number that is too large is as wrong as none."""
    try:
        return read_whole_number(text, units=units)
    except NumberTooLarge:
        return None
