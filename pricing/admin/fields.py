"""Fields in which price admins type numbers and rank codes as they have them: full width, with ￥ and separators."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from licensing.forms import whole_number

PERCENT = re.compile(r"([+-]?\d{1,9}(?:\.\d{0,9})?)\s*%?", re.ASCII)


def plain(text: object) -> str:
    """The text in half width, without spaces around it, every kind of minus as one."""
    return unicodedata.normalize("NFKC", str(text)).replace("−", "-").replace("▲", "-").replace("\\", "¥").strip()


class WholeNumberField(forms.IntegerField):
    """Yen or a quantity: `１,２３４`, `￥1,234`, `1234円`. `type=number` would discard full-width digits."""

    widget = forms.TextInput
    default_error_messages = {"invalid": _("“%(value)s” is not a whole number. Write it in digits, like 1,200.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "class": "number", "autocomplete": "off"}

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values or isinstance(value, int):
            return value if isinstance(value, int) else None
        text = plain(value)
        if not text:
            return None
        number = whole_number(re.sub(r"^¥\s*|\s*円$", "", text))
        if number is None:
            raise ValidationError(self.error_messages["invalid"], "invalid", {"value": str(value)[:40]})
        return number

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}" if isinstance(value, int) else value


class PercentField(forms.DecimalField):
    """A percentage: `８`, `2.5%`."""

    widget = forms.TextInput
    default_error_messages = {"invalid": _("“%(value)s” is not a percentage. Write it in digits, like 2.5.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "class": "number", "autocomplete": "off"}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override] # the stubs' mistake
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        text = plain(value)
        if not text:
            return None
        match = PERCENT.fullmatch(text)
        if match is None:
            raise ValidationError(self.error_messages["invalid"], "invalid", {"value": str(value)[:40]})
        return Decimal(match[1])

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class RankCodeField(forms.CharField):
    """A rank's code in half width: products of a programme may share a rank by its code, and Ａ is not A (R6)."""

    def to_python(self, value: Any) -> str:
        return plain(super().to_python(value))
