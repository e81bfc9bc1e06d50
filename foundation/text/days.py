"""Days as people in Japan write them, type them and copy them out of other programs."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from .typed import half_width, with_hyphens

JAPAN = ZoneInfo("Asia/Tokyo")
ERAS = {
    # name, its first character and its letter: first and last day
    ("令和", "令", "R"): (date(2019, 5, 1), date.max),
    ("平成", "平", "H"): (date(1989, 1, 8), date(2019, 4, 30)),
    ("昭和", "昭", "S"): (date(1926, 12, 25), date(1989, 1, 7)),
}
YEAR_FIRST = re.compile(
    r"(?:西暦)?(?P<year>\d{1,4})(?:(?P<mark>[-/.])(\d{1,2})(?P=mark)(\d{1,2})|年(\d{1,2})月(\d{1,2})日)"
)
IN_ERA = re.compile(
    r"(?P<era>令和|平成|昭和|[令平昭RHS])\.?(?P<year>元|\d{1,3})(?:年?([-/.])(\d{1,2})\3(\d{1,2})|年(\d{1,2})月(\d{1,2})日)",
    re.IGNORECASE,
)
EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
WEEKDAY = re.compile(
    r"\s*(?:\(\s*[月火水木金土日](?:曜日?)?(?:[・,/]?祝)?\s*\)|[月火水木金土日]曜日?|\(?\b[A-Za-z]{3}\.?\)?$)"
)
TIME = re.compile(
    r"(?:(?<=[日)])|[\sT])\s*(?:午前|午後)?\d{1,2}(?::\d{2}){1,2}(?:\.\d+)?(?:Z|\+09:00)?$"
    r"|(?<=日)\s*\d{1,2}時(?:\d{1,2}分)?$"
)

SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
FIRST_SERIAL, LAST_SERIAL = 36_526, 73_050
"""2000-01-01 and 2099-12-31 as spreadsheet programs count days."""
SERIAL_ORIGIN = date(1899, 12, 30)


class YearUnclear(ValueError):
    """A year of fewer than four digits without its era."""


class EraOver(ValueError):
    """A day in a year that its era did not have. `era` is its name, `meant` the day if one goes on counting."""

    def __init__(self, era: str, meant: date) -> None:
        super().__init__(era, meant)
        self.era = era
        self.meant = meant


def read_day(text: str) -> date:
    """A day in any width, with or without an era, also with its weekday or an hour behind it.

    Raises YearUnclear for a year of fewer than four digits without an era, EraOver for one of 平成39年 and the like,
    ValueError for what is no day.
    """
    plain = with_hyphens(text[:100])
    plain = TIME.sub("", WEEKDAY.sub("", TIME.sub("", plain)))
    plain = re.sub(r"\s", "", plain)
    if found := EIGHT_DIGITS.fullmatch(plain):
        year, month, day = map(int, found.groups())
        return date(year, month, day)
    if found := YEAR_FIRST.fullmatch(plain):
        if len(found["year"]) < 4:
            raise YearUnclear(text)
        month, day = (int(found[first] or found[second]) for first, second in ((3, 5), (4, 6)))
        return date(int(found["year"]), month, day)
    if found := IN_ERA.fullmatch(plain):
        names, (first, last) = next(era for era in ERAS.items() if found["era"].upper() in era[0])
        month, day = (int(found[one] or found[other]) for one, other in ((4, 6), (5, 7)))
        year = 1 if found["year"] == "元" else int(found["year"])
        read = date(first.year - 1 + year, month, day)
        if first <= read <= last:
            return read
        if year:
            raise EraOver(names[0], read)
    raise ValueError(text)


def read_serial(text: str) -> date | None:
    """A day as spreadsheet programs count it, where a column is not formatted as days: 46112, with its hour 46112.5.

    None: it is none, or not between 2000 and 2099.
    """
    found = SERIAL.fullmatch(half_width(text))
    number = int(found[1]) if found else 0
    return SERIAL_ORIGIN + timedelta(days=number) if FIRST_SERIAL <= number <= LAST_SERIAL else None


def name_in_era(day: date) -> str:
    """The day with its era, as in 令和9年3月31日; without one before 昭和."""
    for names, (first, last) in ERAS.items():
        if first <= day <= last:
            year = day.year - first.year + 1
            return f"{names[0]}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    return f"{day.year}年{day.month}月{day.day}日"
