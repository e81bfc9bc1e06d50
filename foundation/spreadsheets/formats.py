"""Number formats of workbooks: what a person sees of a number, as far as it changes what is meant."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

BUILT_IN = {
    9: "0%",
    10: "0.00%",
    **dict.fromkeys((14, 15, 16, *range(27, 32), 35, 36, *range(50, 59)), "yyyy/m/d"),
    **dict.fromkeys((17, 34, 52, 55), "yyyy/m"),
    22: "yyyy/m/d h:mm",
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 45, 46, 47), "h:mm:ss"),
}
"""Formats that a workbook names by number only, as in Japan; those that are missing here show plain numbers."""
MOST_FORMAT = 500
MOST_KEPT = 1e15
"""From here on spreadsheet programs do not keep every digit of a whole number."""
_PIECE = re.compile(r'"[^"]*"?|\\.?|_.?|\*.?|\[[^\]]*\]?|;|.', re.DOTALL)
_CONDITION = re.compile(r"\[\s*(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)\s*\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_LITERAL = re.compile(r'"([^"]*)"?|\\(.)|([-/ $])', re.DOTALL)
_CURRENCY = re.compile(r"\[\$([^\]-]+)(?:-[^\]]*)?\]")
_OTHER_UNIT = re.compile(r"[千万億兆割$€£₩]|USD|EUR|CNY|KRW|元", re.IGNORECASE)
"""Beside a number: it is not what the digits say."""
_LAST_SERIAL = 2_958_465
"""The last day of 9999."""


class Section:
    """One of the up to four parts of a number format."""

    def __init__(self, pieces: list[str]) -> None:
        self.condition = next((found for piece in pieces if (found := _CONDITION.fullmatch(piece))), None)
        signs = "".join(piece for piece in pieces if len(piece) == 1 or _ELAPSED.fullmatch(piece))
        signs = re.sub("general|g/標準|e[+-]", "", signs, flags=re.IGNORECASE)
        self.percents = signs.count("%")
        self.is_date = not any(sign in signs for sign in "#0?") and bool(re.search("[ymdhsgae]", signs, re.IGNORECASE))
        if re.search(r"[ymdhs]", signs, re.IGNORECASE) and re.search(r"s+\.0+", signs, re.IGNORECASE):
            self.is_date = True
        self.is_empty = not pieces
        self.hides_day = self.is_date and bool(re.fullmatch("(?=.*[ye])(?=.*m)[^dhs]*", signs, re.IGNORECASE))
        """Whether years and months show only, as in 2027年3月."""
        self.padded = _padded(pieces)
        self.unit = "" if self.is_date else _other_unit(pieces)
        is_day = self.is_date and any(sign in signs.lower() for sign in "ymd") and not self.hides_day
        self.is_simple = not self.condition and (
            is_day or not (self.is_date or self.percents or self.padded or self.unit)
        )

    def holds_for(self, value: float) -> bool:
        assert self.condition is not None  # noqa: S101 - asked only where there is one
        sign, bound = self.condition[1], float(self.condition[2])
        return {
            "<": value < bound,
            "<=": value <= bound,
            ">": value > bound,
            ">=": value >= bound,
            "=": value == bound,
            "<>": value != bound,
        }[sign]


def _padded(pieces: list[str]) -> list[str]:
    """What stands for a code that begins with zeros, as 0000000, 000-0000 or "TM-"0000: zeros, and texts as they are.

    Nothing where the format is another.
    """
    found = []
    for piece in pieces:
        literal = _LITERAL.fullmatch(piece)
        if piece == "0":
            found.append("0")
        elif literal is not None and "$" not in piece:
            found.append("".join(filter(None, literal.groups())) + "\0")
        elif piece[0] not in "[_*" or _CONDITION.fullmatch(piece):
            return []
    return found if found.count("0") > 1 else []


def _other_unit(pieces: list[str]) -> str:
    """A unit that changes what the digits say: 千円, 万, $. Nothing where a comma has divided the number already."""
    signs = "".join(piece for piece in pieces if len(piece) == 1)
    if re.search(r"[0#?],+(?:\.[0#?]*)?[^0#?,]*$", signs):
        return ""
    texts = ["".join(filter(None, found.groups())) for piece in pieces if (found := _LITERAL.fullmatch(piece))]
    texts += [found[1] for piece in pieces if (found := _CURRENCY.fullmatch(piece))]
    return next((text for text in texts if _OTHER_UNIT.search(text) and "%" not in text), "").strip()


class Format:
    """A number format, taken apart."""

    def __init__(self, code: str) -> None:
        pieces: list[list[str]] = [[]]
        for piece in _PIECE.findall(code[:MOST_FORMAT]):
            if piece == ";":
                pieces.append([])
            else:
                pieces[-1].append(piece)
        self.sections = [Section(own) for own in pieces]
        self.hides_text = len(self.sections) > 3 and self.sections[3].is_empty
        self.is_common = len(self.sections) == 1 and self.sections[0].is_simple
        """Whether every library shows the same: plain numbers, or days with their year, month or day."""
        first = self.sections[0]
        self.is_plain = len(self.sections) == 1 and not (first.percents or first.is_date or first.padded or first.unit)

    def section_for(self, value: float) -> Section:
        sections = self.sections[:3]
        if any(section.condition for section in sections):
            for section in sections:
                if section.condition is None or section.holds_for(value):
                    return section
            return sections[-1]
        if len(sections) == 1 or value > 0 or (value == 0 and len(sections) == 2):
            return sections[0]
        return sections[1] if value < 0 else sections[2]

    def show(self, raw: str, *, is_1904: bool = False) -> str:
        """The number without separators; a percentage with its sign, a day as 2027-04-01, nothing where none shows.

        Where 2027年4月 shows, it is 2027-04: who typed that typed no day, and the program put the first one there.
        """
        value = float(raw)
        section = self.section_for(value)
        if section.is_empty and len(self.sections) > 1:
            return ""
        if section.is_date and 0 <= value <= _LAST_SERIAL:
            shown = show_day(value, is_1904=is_1904)
            return shown.removesuffix("-01") if section.hides_day and len(shown) == len("2027-04-01") else shown
        if section.padded and value >= 0 and value.is_integer() and value < 10**15:
            return _pad(int(value), section.padded)
        if section.unit:
            return f"{show_number(raw)} {section.unit}"
        if section.percents:
            return show_number(raw, hundreds=section.percents) + "%" * section.percents
        return show_number(raw)


def _pad(number: int, padded: list[str]) -> str:
    """The number with its zeros, and with the texts between them. Digits that are too many stand before the first."""
    digits = str(number).rjust(padded.count("0"), "0")
    rest = iter(digits[1 + len(digits) - padded.count("0") :])
    first = padded.index("0")
    return "".join(
        digits[: 1 + len(digits) - padded.count("0")] if place == first else next(rest) if piece == "0" else piece[:-1]
        for place, piece in enumerate(padded)
    ).strip()


@cache
def read_format(code: str) -> Format:
    return Format(code)


def show_number(raw: str, *, hundreds: int = 0) -> str:
    """With as many digits as spreadsheet programs keep, and without an exponent.

    But of more digits before the point than those 15 the others are lost: 1.23456789012346E+18 says so.
    """
    value = float(raw)
    if abs(value) >= 1e300 or value != value:
        return raw
    if abs(value) >= MOST_KEPT:
        return f"{value:.14E}"
    number = Decimal(f"{value:.15g}") * 100**hundreds
    return f"{number.normalize():f}" if number else "0"


def show_day(serial: float, *, is_1904: bool) -> str:
    """A day or moment, counted from 1900 with its leap year that was none, or from 1904.

    Not rounded to seconds: 23:59:59.997 is still that day.
    """
    start = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30 if serial >= 60 else 31)
    try:
        moment = (start + timedelta(milliseconds=round(serial * 86_400_000))).replace(microsecond=0)
    except OverflowError:
        return show_number(repr(serial))
    return moment.date().isoformat() if moment.time().isoformat() == "00:00:00" else moment.isoformat(sep=" ")
