"""Number formats of workbooks: what a person sees of a number, as far as it changes what is meant."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

BUILT_IN = {
    9: "0%",
    10: "0.00%",
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), 36, *range(50, 59)), "yyyy/m/d"),
    22: "yyyy/m/d h:mm",
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47), "h:mm:ss"),
}
"""Formats that a workbook names by number only; those that are missing here show plain numbers."""
MOST_FORMAT = 500
_PIECE = re.compile(r'"[^"]*"?|\\.?|_.?|\*.?|\[[^\]]*\]?|;|.', re.DOTALL)
_CONDITION = re.compile(r"\[\s*(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)\s*\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
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
        is_day = self.is_date and any(sign in signs.lower() for sign in "ymd")
        self.is_simple = not self.condition and (is_day or not (self.is_date or self.percents))

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
        self.is_plain = len(self.sections) == 1 and not self.sections[0].percents and not self.sections[0].is_date

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
        """The number without separators; a percentage with its sign, a day as 2027-04-01, nothing where none shows."""
        value = float(raw)
        section = self.section_for(value)
        if section.is_empty and len(self.sections) > 1:
            return ""
        if section.is_date and 0 <= value <= _LAST_SERIAL:
            return show_day(value, is_1904=is_1904)
        if section.percents:
            return show_number(raw, hundreds=section.percents) + "%" * section.percents
        return show_number(raw)


@cache
def read_format(code: str) -> Format:
    return Format(code)


def show_number(raw: str, *, hundreds: int = 0) -> str:
    """With as many digits as spreadsheet programs show, and without an exponent."""
    value = float(raw)
    if abs(value) >= 1e300 or value != value:
        return raw
    number = Decimal(f"{value:.15g}") * 100**hundreds
    return f"{number.normalize():f}" if number else "0"


def show_day(serial: float, *, is_1904: bool) -> str:
    """A day or moment, counted from 1900 with its leap year that was none, or from 1904."""
    start = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30 if serial >= 60 else 31)
    try:
        moment = start + timedelta(seconds=round(serial * 86_400))
    except OverflowError:
        return show_number(repr(serial))
    return moment.date().isoformat() if moment.time().isoformat() == "00:00:00" else moment.isoformat(sep=" ")
