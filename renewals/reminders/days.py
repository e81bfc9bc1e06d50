"""Days on which people work in Japan."""

from datetime import date, timedelta

import jpholiday

_DAY = timedelta(days=1)


def is_business_day(day: date) -> bool:
    """No weekend, no public holiday (jpholiday), and not between 29 December and 3 January, when offices are closed."""
    is_new_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and not is_new_year and not jpholiday.is_holiday(day)


def last_day_covered(day: date) -> date:
    """The last day before the next business day: what becomes due by then is done on this one, lest it be too late."""
    following = day + _DAY
    while not is_business_day(following):
        following += _DAY
    return following - _DAY
