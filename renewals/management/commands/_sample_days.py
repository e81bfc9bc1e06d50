"""Days of the sample, which move with today: it looks alive whenever it is loaded."""

import calendar
import re
from datetime import date, datetime, time, timedelta

from django.core.management.base import CommandError
from django.utils import timezone

MONTHS = {"feb": 2, "mar": 3}


def moment(days_ago: int, number: int, *, now: datetime) -> datetime:
    """A moment of a working day so many days ago, another for each number; today, it is now."""
    if days_ago == 0:
        return now
    day = timezone.localdate(now) - timedelta(days=days_ago)
    return datetime.combine(day, time(9 + number % 8, number * 17 % 60), timezone.get_default_timezone())


def read_day(text: str, today: date) -> date:
    """A day that moves with today.

    `end+4`: the end of the fourth month from now; `15+2`: the 15th of the second; `days-20`: 20 days ago;
    `end-feb`, `end-mar`: the next end of February or March.
    """
    if match := re.fullmatch(r"days([+-]\d+)", text):
        return today + timedelta(days=int(match[1]))
    if match := re.fullmatch(r"(end|\d\d)([+-]\d+)", text):
        month = first_of_month(today, int(match[2]))
        return end_of_month(month) if match[1] == "end" else month.replace(day=int(match[1]))
    match = re.fullmatch(r"end-(feb|mar)", text)
    if not match:
        raise CommandError(f"holdings.csv: {text} is no day.")
    ends = (end_of_month(date(year, MONTHS[match[1]], 1)) for year in (today.year, today.year + 1))
    return next(end for end in ends if end >= today)


def first_of_month(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
