"""Form fields in which people type days, numbers, codes and addresses as they have them, in any width.

`type=number` and `type=email` would discard or refuse full width: all are text fields.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .text.addresses import read_address
from .text.days import EraOver, NoSuchDay, YearUnclear, name_in_era, read_day
from .text.numbers import COUNTED, PERCENT, YEN, NumberTooLarge, read_number, read_whole_number
from .text.typed import half_width, squeeze, with_hyphens

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""Days that anybody means. Beyond them calculations end: there is no day after 9999-12-31, in no time zone."""
LONGEST_NUMBER = 40
"""Characters, with separators and unit."""


class DayField(forms.DateField):
    """A day, written as people in Japan write it; says so below the field. Between 1900 and 2199."""

    default_error_messages = {
        "invalid": _("This is not a day. Write it for example as 2026/11/23 or 令和8年11月23日."),
        "era": _("%(era)s had no such day. Do you mean %(day)s? Then write that, or %(year)s."),
        "year": _("Write the year with four digits (2026/11/23) or with its era (R8.11.23)."),
        "no_day": _("There is no such day: %(year)s/%(month)s has the days 1 to %(last)s."),
        "no_month": _("There is no month %(month)s. Write the year first, then the month, then the day."),
        "far": _("This day is too far away. Look for a typing mistake in the year."),
    }

    def __init__(self, *, help_text: Any = "", **kwargs: Any) -> None:
        hint = _("For example 2026/11/23, 20261123, 2026年11月23日, 令和8年11月23日 or R8.11.23.")
        super().__init__(help_text=format_lazy("{} {}", help_text, hint) if help_text else hint, **kwargs)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, (date, datetime)):
            return super().to_python(value)
        try:
            day = read_day(str(value))
        except EraOver as over:
            meant = {"era": over.era, "day": name_in_era(over.meant), "year": f"{over.meant:%Y/%m/%d}"}
            raise forms.ValidationError(self.error_messages["era"], code="era", params=meant) from None
        except NoSuchDay as none:
            code = "no_day" if none.last else "no_month"
            named = {"year": none.year, "month": none.month, "last": none.last}
            raise forms.ValidationError(self.error_messages[code], code=code, params=named) from None
        except YearUnclear:
            raise forms.ValidationError(self.error_messages["year"], code="year") from None
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        if not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(self.error_messages["far"], code="far")
        return day


class WholeNumberField(forms.IntegerField):
    """A whole number: a quantity, unless `units` say otherwise. Empty is None, where it may be."""

    widget = forms.TextInput
    units: ClassVar[tuple[str, ...]] = COUNTED
    default_error_messages: ClassVar[dict[str, Any]] = {
        "not_a_number": _("“%(value)s” is not a whole number. Write it in digits, like 12."),
        "too_large": _("“%(value)s” is too large a number. Check how many digits it has."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, int):
            return value
        text = _typed(value)
        if not half_width(text):
            return None
        try:
            number = read_whole_number(text, units=self.units)
        except NumberTooLarge:
            raise ValidationError(self.error_messages["too_large"], "too_large", {"value": text}) from None
        if number is None:
            raise ValidationError(self.error_messages["not_a_number"], "not_a_number", {"value": text})
        return number


_WITHOUT_NULL, _NOT_LONG = ProhibitNullCharactersValidator(), MaxLengthValidator(LONGEST_NUMBER)


def _typed(value: Any) -> str:
    """What was typed for a number. Raises ValidationError for what nobody types, as every text field does."""
    text = str(value or "").strip()
    _WITHOUT_NULL(text)
    _NOT_LONG(text)
    return text


def like(field: forms.Field, label: Any, attrs: Mapping[str, str] = MappingProxyType({})) -> forms.Field:
    """A field of its own like another, with a label and further attributes of its input. A form of rows has dozens of
    each kind, and to make one anew takes three times as long.
    """
    made = deepcopy(field)
    made.label = label
    made.widget.attrs.update(attrs)
    return made


class YenField(WholeNumberField):
    """A whole amount: `500000`, `￥500,000`, `５００，０００円`."""

    units = YEN
    default_error_messages: ClassVar[dict[str, Any]] = {
        "not_a_number": _("“%(value)s” is not an amount. Write it in yen, like 500000 or ￥500,000."),
    }


@dataclass(frozen=True, slots=True)
class TypedAmount:
    """An amount as an address holds it, which somebody typed into a filter."""

    text: str = ""
    """As it stands in the filter again."""
    number: int | None = None
    """Whole yen; None: nothing was typed, or no amount."""
    error: str = ""

    @classmethod
    def read(cls, text: str) -> "TypedAmount":
        """What is no amount is told and stays as it was typed: a filter never lets go of it without a word."""
        text = text.replace("\x00", "").strip()
        try:
            number = YenField().clean(text)
        except ValidationError as error:
            return cls(text[:LONGEST_NUMBER], error=error.messages[0])
        return cls("" if number is None else str(number), number)


class PercentField(forms.DecimalField):
    """A percentage, with or without its sign: `８`, `2.5%`."""

    widget = forms.TextInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("“%(value)s” is not a percentage. Write it in digits, like 2.5.")
    }

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override] # the stubs' mistake
        if isinstance(value, Decimal):
            return value
        text = _typed(value)
        if not half_width(text):
            return None
        number = read_number(text, units=PERCENT)
        if number is None:
            raise ValidationError(self.error_messages["invalid"], "invalid", {"value": text})
        return number

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class HalfWidthField(forms.CharField):
    """A code, typed in any width: a rank's Ａ is not A where codes are compared (R6)."""

    def to_python(self, value: Any) -> str:
        return half_width(super().to_python(value) or "")


class PlainField(forms.CharField):
    """Digits, Latin letters and marks, typed in any width: a postal code, a telephone number."""

    def to_python(self, value: Any) -> str:
        return with_hyphens(super().to_python(value) or "")


class CodeField(PlainField):
    """A license ID or another code, with any hyphens and, as it is copied from a letter, with spaces."""

    def to_python(self, value: Any) -> str:
        return squeeze(super().to_python(value))


class AddressField(forms.EmailField):
    """An e-mail address, typed or copied in any way: a field of type `email` would refuse full width."""

    widget = forms.TextInput(attrs={"inputmode": "email", "autocapitalize": "none", "spellcheck": "false"})

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        MaxLengthValidator(self.max_length)(text)
        return read_address(text).address
