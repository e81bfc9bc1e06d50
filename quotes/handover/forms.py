"""Which orders go into which file, and which fields a reseller wants."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.fields import DayField, WholeNumberField
from foundation.text.validators import validate_one_line
from foundation.versioned_forms import VersionedForm
from licensing.models import Reseller

from .fields import FIELDS

LONGEST_HEAD = 60
STEP = 10
"""Between two places: one more field goes between them without the others being numbered anew by hand."""
LAST = 10_000


class DaysForm(forms.Form):
    """The days of the orders, sent by GET."""

    marks_optional = False
    first_day = DayField(label=gettext_lazy("Order day from"), required=False)
    last_day = DayField(label=gettext_lazy("Order day until"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("This day is before the first one. Exchange the two days."))
        return cleaned


class ColumnsForm(VersionedForm):
    """For each field its place, none where it is left out, and the name that it has."""

    marks_optional = False

    def __init__(self, data: Any = None, *, columns: list[tuple[str, str]], row: Reseller) -> None:
        super().__init__(data)
        self.row = row
        places = {name: place * STEP for place, (name, _head) in enumerate(columns, start=1)}
        heads: Mapping[str, str] = dict(columns)
        for name, field in FIELDS.items():
            said = {"field": field.words}
            self.fields[f"place_{name}"] = WholeNumberField(
                label=_("Place of “%(field)s”") % said,
                required=False,
                min_value=1,
                max_value=9999,
                initial=places.get(name),
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 4}),
            )
            self.fields[f"head_{name}"] = forms.CharField(
                label=_("Name of “%(field)s”") % said,
                required=False,
                max_length=LONGEST_HEAD,
                initial=heads.get(name, str(field.words)),
                validators=[validate_one_line],
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Words of each field, and its two inputs; those that have a place first, in their order."""
        order = sorted(FIELDS, key=lambda name: self.fields[f"place_{name}"].initial or LAST)
        return [(FIELDS[name].words, self[f"place_{name}"], self[f"head_{name}"]) for name in order]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        places: dict[int, str] = {}
        heads: dict[str, str] = {}
        for name in FIELDS:
            place = cleaned.get(f"place_{name}")
            if place is None:
                continue
            if place in places:
                self.add_error(f"place_{name}", _("Another field has this place. Give each its own."))
            head = (cleaned.get(f"head_{name}") or "").strip() or str(FIELDS[name].words)
            if head in heads:
                self.add_error(f"head_{name}", _("Another field has this name. Give each its own."))
            places[place], heads[head] = name, name
        if not places and not self.errors:
            raise ValidationError(_("Give at least one field a place."), "none")
        return cleaned

    def columns(self) -> list[tuple[str, str]]:
        """What a valid form chooses, in order."""
        cleaned = self.cleaned_data
        chosen = [(cleaned[f"place_{name}"], name) for name in FIELDS if cleaned[f"place_{name}"] is not None]
        return [(name, cleaned[f"head_{name}"].strip() or str(FIELDS[name].words)) for _place, name in sorted(chosen)]
