"""Days as people in Japan write them, type them and copy them out of other programs."""

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .typed import half_width, has_mark, with_hyphens

JAPAN = ZoneInfo("Asia/Tokyo")
JAPAN_AHEAD = timedelta(hours=9)
"""Of UTC, always: Japan has no summer time."""
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
    r"\s*(?:\(\s*[月火水木金土日](?:曜日?)?(?:[・,/]?祝)?\s*\)|[月火水木金土日]曜日?"
    r"|\(?\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}\.?\)?$)",
    re.IGNORECASE,
)
TIME = re.compile(
    r"(?:(?:(?<=[日)])|[\sT])\s*(?:午前|午後)?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?(?:\.\d+)?(?:\s*[AP]M)?"
    r"(?:\s*(?:JST|(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)))?"
    r"|(?<=日)\s*(?:午前|午後)?\d{1,2}時(?:\d{1,2}分(?:\d{1,2}秒)?)?)$",
    re.IGNORECASE,
)
ZONE = re.compile(r"([+-]\d{2}):?(\d{2})?")

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


class NoSuchDay(ValueError):
    """A day that its month does not have, or one of a month that no year has; `last`: of the month, 0 without one."""

    def __init__(self, year: int, month: int) -> None:
        super().__init__(year, month)
        self.year, self.month = year, month
        self.last = monthrange(year, month)[1] if 1 <= month <= 12 else 0


def read_day(text: str) -> date:
    """A day in any width, with or without an era, also with its weekday or an hour behind it.

    A moment that tells its time zone, as programs write it, is the day that Japan has then: 2027-03-30T15:00:00Z is
    31 March. Raises YearUnclear for a year of fewer than four digits without an era, EraOver for one of 平成39年 and
    the like, NoSuchDay for 2027/2/29, ValueError for what is no day.
    """
    if has_mark(text[:100]):
        raise ValueError(text)
    plain = with_hyphens(text[:100])
    moment = TIME.search(plain)
    plain = TIME.sub("", WEEKDAY.sub("", TIME.sub("", plain)))
    day = _read_plain(re.sub(r"\s", "", plain))
    return _day_in_japan(day, moment) if moment and moment["zone"] else day


def _day_in_japan(day: date, moment: re.Match[str]) -> date:
    zone = ZONE.fullmatch(moment["zone"])
    ahead = timedelta(hours=int(zone[1]), minutes=int(f"{zone[1][0]}{zone[2] or 0}")) if zone else timedelta()
    on_clock = timedelta(hours=int(moment["hour"]), minutes=int(moment["minute"]))
    try:
        return (datetime.combine(day, time()) + on_clock - ahead + JAPAN_AHEAD).date()
    except OverflowError as error:
        raise ValueError(moment[0]) from error


def _read_plain(plain: str) -> date:
    if found := EIGHT_DIGITS.fullmatch(plain):
        return _make_day(*map(int, found.groups()))
    if found := YEAR_FIRST.fullmatch(plain):
        if len(found["year"]) < 4:
            raise YearUnclear(plain)
        month, day = (int(found[first] or found[second]) for first, second in ((3, 5), (4, 6)))
        return _make_day(int(found["year"]), month, day)
    if found := IN_ERA.fullmatch(plain):
        names, (first, last) = next(era for era in ERAS.items() if found["era"].upper() in era[0])
        month, day = (int(found[one] or found[other]) for one, other in ((4, 6), (5, 7)))
        year = 1 if found["year"] == "元" else int(found["year"])
        read = _make_day(first.year - 1 + year, month, day)
        if first <= read <= last:
            return read
        if year:
            raise EraOver(names[0], read)
    raise ValueError(plain)


def _make_day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        if not date.min.year <= year <= date.max.year:
            raise
        raise NoSuchDay(year, month) from None


def read_serial(text: str) -> date | None:
    """A day as spreadsheet programs count it, where a column is not formatted as days: 46112, with its hour 46112.5.

    None: it is none, or not between 2000 and 2099.
    """
    found = None if has_mark(text) else SERIAL.fullmatch(half_width(text))
    number = int(found[1]) if found else 0
    return SERIAL_ORIGIN + timedelta(days=number) if FIRST_SERIAL <= number <= LAST_SERIAL else None


def name_in_era(day: date) -> str:
    """The day with its era, as in 令和9年3月31日; without one before 昭和."""
    for names, (first, last) in ERAS.items():
        if first <= day <= last:
            year = day.year - first.year + 1
            return f"{names[0]}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    return f"{day.year}年{day.month}月{day.day}日"
