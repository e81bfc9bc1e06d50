"""The standing lines as a manager changes them: a row each, and some empty ones."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.fields import YenField
from foundation.text.validators import validate_printable
from foundation.versioned_forms import VersionedForm

from ..models import StandingLine
from .operations import Standing

MOST_LINES, EMPTY_ROWS = 40, 3
MOST_PRICE = 9_999_999_999
FIELDS = ("description", "unit", "price", "tax", "cost")
ROW = re.compile(r"line-(\d{1,2})-(?:description|unit|price|tax|cost)", re.ASCII)


@dataclass(frozen=True)
class StandingRow:
    """One row as the page draws it."""

    description: BoundField
    unit: BoundField
    price: BoundField
    tax: BoundField
    cost: BoundField


class StandingLinesForm(VersionedForm):
    """All of them at once; an emptied row goes."""

    marks_optional = False

    def __init__(
        self, data: Any = None, *, lines: Sequence[StandingLine], categories: Sequence[tuple[str, str]]
    ) -> None:
        """`categories`: the tax categories to choose from, with their words."""
        sent = [int(match[1]) + 1 for name in data or () if (match := ROW.fullmatch(name))]
        self.count = min(max([len(lines) + EMPTY_ROWS, *sent]), MOST_LINES)
        initial: dict[str, Any] = {}
        for index, line in enumerate(lines):
            cost = "" if line.unit_cost is None else f"{line.unit_cost:,}"
            texts = (line.description, line.unit, f"{line.price:,}", line.tax_category, cost)
            initial |= {f"line-{index}-{field}": text for field, text in zip(FIELDS, texts, strict=True)}
        super().__init__(data, initial=initial)
        gone = {line.tax_category for line in lines} - {code for code, _words in categories}
        choices = [*categories, *((code, code) for code in sorted(gone))]
        for index in range(self.count):
            self.fields.update(_fields_of(index, choices))

    def rows(self) -> list[StandingRow]:
        return [StandingRow(*(self[f"line-{index}-{field}"] for field in FIELDS)) for index in range(self.count)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for index in range(self.count):
            description, unit, price, _tax, cost = (f"line-{index}-{field}" for field in FIELDS)
            said = cleaned.get(description) or ""
            is_begun = bool(cleaned.get(unit)) or any(cleaned.get(one) is not None for one in (price, cost))
            if not said and description not in self.errors and is_begun:
                self.add_error(description, _("Enter what is charged, for example 設定作業費."))
            if said and price not in self.errors and cleaned.get(price) is None:
                self.add_error(price, _("Enter the unit price in yen, tax excluded. ¥0 is possible."))
            if said in seen:
                self.add_error(description, _("Each description stands once."))
            seen |= {said} - {""}
        return cleaned

    def lines(self) -> list[Standing]:
        """What is to be kept. The form was valid."""
        values = [[self.cleaned_data.get(f"line-{index}-{field}") for field in FIELDS] for index in range(self.count)]
        return [
            Standing(str(said), str(unit or ""), int(price or 0), str(tax), cost)
            for said, unit, price, tax, cost in values
            if said
        ]


def _fields_of(index: int, choices: Sequence[tuple[str, str]]) -> dict[str, forms.Field]:
    told = {"number": index + 1}
    below, below_cost = gettext_lazy("A line costs ¥0 or more."), gettext_lazy("A cost is ¥0 or more.")
    too_much = gettext_lazy("At most ¥%(limit_value)s.")
    return {
        f"line-{index}-description": forms.CharField(
            label=gettext_lazy("Description, row %(number)s") % told,
            required=False,
            max_length=200,
            validators=[validate_printable],
        ),
        f"line-{index}-unit": forms.CharField(
            label=gettext_lazy("Unit, row %(number)s") % told,
            required=False,
            max_length=20,
            validators=[validate_printable],
            widget=forms.TextInput(attrs={"class": "unit"}),
        ),
        f"line-{index}-price": YenField(
            label=gettext_lazy("Unit price, row %(number)s") % told,
            min_value=0,
            max_value=MOST_PRICE,
            error_messages={"min_value": below, "max_value": too_much},
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "offered"}),
        ),
        f"line-{index}-tax": forms.ChoiceField(
            label=gettext_lazy("Tax category, row %(number)s") % told, required=False, choices=choices
        ),
        f"line-{index}-cost": YenField(
            label=gettext_lazy("Cost of one (internal), row %(number)s") % told,
            min_value=0,
            max_value=MOST_PRICE,
            error_messages={"min_value": below_cost, "max_value": too_much},
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "offered"}),
        ),
    }
