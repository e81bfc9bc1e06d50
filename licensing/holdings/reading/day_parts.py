"""A support expiry that stands in three columns, for year, month and day; the year also of an era."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from django.utils.translation import gettext as _

from foundation.spreadsheets.heads import header_key
from foundation.text.typed import squeeze

DAY_PARTS = ("expires_year", "expires_month", "expires_day")
ENDINGS = (("和暦年", "西暦年", "令和年", "年和暦", "年西暦", "年令和", "年", "year", "yyyy"), ("月", "month", "mm"),
           ("日", "day", "dd"))  # fmt: skip
"""Of the names above the three, in the form in which names are compared."""
SEPARATORS = (re.compile(r"年$"), re.compile(r"月$"), re.compile(r"日$"))
PARTS_OF_DAY = (r"(?:20\d\d|(?:令和|平成|[RHrh])\.?(?:\d{1,2}|元))年?", r"(?:0?[1-9]|1[0-2])月?",
                r"(?:0?[1-9]|[12]\d|3[01])日?|月?末日?")  # fmt: skip
ERA_YEAR = re.compile(r"元|\d{1,2}")


@lru_cache(maxsize=1_000)
def stem_of_part(name: str, part: int) -> str | None:
    """What is left of a name without 年, 月 or 日 (`part` 0 to 2): 満了 of 満了年. None where it is no such."""
    key = header_key(name)
    return next((key.removesuffix(each) for each in ENDINGS[part] if key.endswith(each)), None)


def is_part(name: str) -> bool:
    """Whether the name is nothing but that of a part of a day."""
    return any(stem_of_part(name, part) == "" for part in range(3))


def find_day_parts(names: Sequence[str], means_expiry: Callable[[str], bool]) -> dict[int, str]:
    """By column, the parts of the expiry: of three beside each other with the same before 年, 月 and 日."""
    for first in range(len(names) - 2):
        stems = {stem_of_part(names[first + part], part) for part in range(3)}
        stem = stems.pop()
        if stem and not stems and (means_expiry(stem) or means_expiry(f"{stem}日")):
            return {first + part: name for part, name in enumerate(DAY_PARTS)}
    return {}


def spread_day(fields: Mapping[int, str], names: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """By column, the parts of the expiry where one name stands above all three: a year, a month and a day below it."""
    first = next((index for index, field in fields.items() if field == "expires_on"), None)
    if first is None or any(names[first + 1 : first + 3]) or set(fields) & {first + 1, first + 2}:
        return {}
    cells = [[squeeze(cell) for cell in row[first : first + 3]] for row in rows if first < len(row) and row[first]]
    are_parts = cells and all(len(each) == 3 and all(map(re.fullmatch, PARTS_OF_DAY, each)) for each in cells)
    return {first + part: name for part, name in enumerate(DAY_PARTS)} if are_parts else {}


def put_day_together(texts: Mapping[str, str], name_of_year: str) -> str:
    """The day as one text, of the three cells. Raises ValueError with the reason where one of them is empty.

    Under 和暦 or 令和 a year of one or two digits is one of 令和.
    """
    year, month, day = (
        separator.sub("", squeeze(texts.get(name, ""))) for name, separator in zip(DAY_PARTS, SEPARATORS, strict=True)
    )
    if not (year and month and day):
        raise ValueError(_("Year, month and day are needed."))
    if ERA_YEAR.fullmatch(year) and re.search("和暦|令和", name_of_year):
        year = f"令和{year}"
    return f"{year}年{month}月{day}" if day in ("末", "月末", "末日") else f"{year}年{month}月{day}日"
