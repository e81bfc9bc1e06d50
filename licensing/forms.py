"""Forms of accounts where they differ from the package's; numbers and days as people in Japan write them."""

import re
import unicodedata
from datetime import date, datetime
from typing import Any

from allauth.account.forms import LoginForm as PackageLoginForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class LoginForm(PackageLoginForm):  # type: ignore[misc]
    """Without the link below the password: the page has its own, beside the button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


ERAS = {
    # name and letter: first and last day
    ("令和", "R"): (date(2019, 5, 1), date.max),
    ("平成", "H"): (date(1989, 1, 8), date(2019, 4, 30)),
    ("昭和", "S"): (date(1926, 12, 25), date(1989, 1, 7)),
}
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ー"), "-")  # noqa: RUF001 - these look-alikes are the point
YEAR_FIRST = re.compile(r"(?P<year>\d{1,4})(?:(?P<mark>[-/.])(\d{1,2})(?P=mark)(\d{1,2})|年(\d{1,2})月(\d{1,2})日)")
IN_ERA = re.compile(
    r"(?P<era>令和|平成|昭和|[RHS])(?P<year>元|\d{1,2})(?:([-/.])(\d{1,2})\3(\d{1,2})|年(\d{1,2})月(\d{1,2})日)",
    re.IGNORECASE,
)
EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")


class YearUnclear(ValueError):
    """A year of fewer than four digits without its era."""


def read_day(text: str) -> date:
    """A day as people in Japan write it, in any width, with or without an era.

    Raises YearUnclear for a year of fewer than four digits without an era, ValueError for what is no day.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text).translate(DASHES))
    if found := EIGHT_DIGITS.fullmatch(plain):
        year, month, day = map(int, found.groups())
        return date(year, month, day)
    if found := YEAR_FIRST.fullmatch(plain):
        if len(found["year"]) < 4:
            raise YearUnclear(text)
        month, day = (int(found[first] or found[second]) for first, second in ((3, 5), (4, 6)))
        return date(int(found["year"]), month, day)
    if found := IN_ERA.fullmatch(plain):
        first, last = next(days for names, days in ERAS.items() if found["era"].upper() in names)
        month, day = (int(found[one] or found[other]) for one, other in ((4, 6), (5, 7)))
        read = date(first.year - 1 + (1 if found["year"] == "元" else int(found["year"])), month, day)
        if first <= read <= last:
            return read
    raise ValueError(text)


class DayField(forms.DateField):
    """A day, written as people in Japan write it; says so below the field."""

    default_error_messages = {
        "invalid": _("This is not a day. Write it for example as 2026/11/23 or 令和8年11月23日."),
        "year": _("Write the year with four digits (2026/11/23) or with its era (R8.11.23)."),
    }

    def __init__(self, *, help_text: Any = "", **kwargs: Any) -> None:
        hint = _("For example 2026/11/23, 20261123, 2026年11月23日, 令和8年11月23日 or R8.11.23.")
        super().__init__(help_text=format_lazy("{} {}", help_text, hint) if help_text else hint, **kwargs)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, (date, datetime)):
            return super().to_python(value)
        try:
            return read_day(str(value))
        except YearUnclear:
            raise forms.ValidationError(self.error_messages["year"], code="year") from None
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


WHOLE_NUMBER = re.compile(
    r"([+-]?)\s*(\d+|\d{1,3}(?:([,、 ])\d{3})(?:\3\d{3})*)\s*(?:本|個|台|年|クライアント)?", re.ASCII
)
MOST_DIGITS = 15


def read_whole_number(text: str) -> int | None:
    """A whole number as people in Japan type it: full-width, with separators, with a unit or ▲. None: not a number.

    Separators stand between groups of three digits, or it is no number: 1,5 may be meant as 1.5 or as two numbers.
    """
    plain = unicodedata.normalize("NFKC", text).replace("▲", "-").replace("△", "-").replace("−", "-").strip()
    match = WHOLE_NUMBER.fullmatch(plain)
    if match is None:
        return None
    digits = re.sub(r"\D", "", match[2])
    if len(digits) > MOST_DIGITS:
        raise NumberTooLarge(digits)
    return int(match[1] + digits)


def whole_number(text: str) -> int | None:
    """The same, where a number that is too large is as wrong as none."""
    try:
        return read_whole_number(text)
    except NumberTooLarge:
        return None


class NumberTooLarge(ValueError):
    """A whole number, but with more digits than any quantity or amount has."""


class WholeNumberField(forms.CharField):
    """A whole number in a text field: `type=number` would discard full-width digits."""

    default_error_messages = {
        "not_a_number": _("“%(value)s” is not a whole number. Write it in digits, like 12."),
        "too_large": _("“%(value)s” is too large a number. Check how many digits it has."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            number = read_whole_number(text)
        except NumberTooLarge:
            raise ValidationError(self.error_messages["too_large"], "too_large", {"value": text}) from None
        if number is None:
            raise ValidationError(self.error_messages["not_a_number"], "not_a_number", {"value": text})
        return number
