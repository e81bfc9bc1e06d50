"""The rows of free lines in the renewal form (R23): their fields, and what they ask for. `free-0-description`, …"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from foundation.fields import WholeNumberField, YenField, like
from foundation.live_fields import LiveField, LongSelect
from licensing.models.licenses import TAX_CATEGORIES, name_tax_category
from pricing.engine.wording import plain

from ..asked import LONGEST_DESCRIPTION, AskedFreeLine

if TYPE_CHECKING:
    from .forms import RenewalForm

MOST_FREE_ROWS = 30
MOST_UNIT = 20
MOST_QUANTITY, MOST_PRICE = 9_999_999, 9_999_999_999
FIELDS = ("description", "quantity", "unit", "price", "tax")
COST = "cost"
"""A field more, for those who see margins."""
ALL_FIELDS = (*FIELDS, COST)
ROW = re.compile(r"free-(\d{1,2})-(?:description|quantity|unit|price|tax|cost)", re.ASCII)
ADD_ROW = "add-free-row"
REMOVE = re.compile(r"remove-free-(\d{1,2})", re.ASCII)
"""The buttons that give the form a row more or less."""
USUAL_QUANTITY = "1"
"""Stands in a row that nobody has touched."""


@dataclass(frozen=True)
class FreeRow:
    """One row as the page draws it."""

    index: int
    description: LiveField
    quantity: LiveField
    unit: LiveField
    price: LiveField
    tax: LiveField
    cost: LiveField | None = None
    """None: for somebody who does not see margins."""

    @property
    def number(self) -> int:
        """As people count rows."""
        return self.index + 1


class FreeRows:
    """The rows of one form, which holds what was sent, the values and the errors under their names."""

    def __init__(self, form: "RenewalForm", data: Mapping[str, Any], *, added: int = 0) -> None:
        """With as many rows as were sent, one at least, and so many more."""
        self.form = form
        self.names = ALL_FIELDS if form.sees_margins else FIELDS
        used = [int(match[1]) for name in data if (match := ROW.fullmatch(name))]
        rows = max([index + 1 for index in used if index < MOST_FREE_ROWS], default=1)
        self.count = min(rows + added, MOST_FREE_ROWS)
        for index in range(self.count):
            form.fields.update({name(index, field): _field_of(index, field) for field in self.names})
            if not any(name(index, field) in data for field in FIELDS):
                form.standing[name(index, "quantity")] = USUAL_QUANTITY

    def typed(self, index: int, field: str) -> str:
        """What stands in a field, as it was sent; without it, what stands in an untouched row."""
        return str(self.form.data.get(name(index, field), "")).strip()

    def is_blank(self, index: int) -> bool:
        """Whether nobody has said anything in the row."""
        said = [self.typed(index, field) for field in ("description", "unit", "price", COST) if field in self.names]
        return not any(said) and self.typed(index, "quantity") in ("", USUAL_QUANTITY)

    @property
    def said(self) -> list[int]:
        """The rows in which something stands."""
        return [index for index in range(self.count) if not self.is_blank(index)]

    @property
    def blank_names(self) -> set[str]:
        """The fields of all others: nobody has to keep what stands there by itself."""
        blank = set(range(self.count)) - {*self.said}
        return {name(index, field) for index in blank for field in self.names}

    def rows(self) -> list[FreeRow]:
        """As the page draws them."""
        return [
            FreeRow(index, **{field: cast(LiveField, self.form[name(index, field)]) for field in self.names})
            for index in range(self.count)
        ]

    def offer_categories(self, rates: Mapping[str, Decimal]) -> None:
        """The tax categories to choose from: those with a rate in force; one that stands in a row stays in its list."""
        known = [*TAX_CATEGORIES, *sorted({*rates} - {*TAX_CATEGORIES})]
        offered = [(code, _say_rate(code, rates[code])) for code in known if code in rates]
        for index in range(self.count):
            typed = self.typed(index, "tax")
            gone = [(typed, name_tax_category(typed))] if typed and typed not in rates else []
            cast(LongSelect, self.form.fields[name(index, "tax")].widget).choices = [*offered, *gone]

    def check(self) -> None:
        """What is missing in the rows in which something stands."""
        for index in self.said:
            self._ask(index, "description", _("Enter what is charged, for example 設定作業費."))
            self._ask(index, "quantity", _("Enter the quantity, 1 or more."))
            self._ask(index, "price", _("Enter the unit price in yen, tax excluded. ¥0 is possible."))
            self._ask(index, "tax", _("Choose the tax category."))

    def _ask(self, index: int, field: str, text: Any) -> None:
        full = name(index, field)
        if full not in self.form.errors and self.form.cleaned_data.get(full) in (None, ""):
            self.form.add_error(full, ValidationError(text, "required"))

    def asked(self) -> list[tuple[int, AskedFreeLine]]:
        """Row and line of each that can be read."""
        return [*self._readable()]

    def _readable(self) -> Iterator[tuple[int, AskedFreeLine]]:
        cleaned = self.form.cleaned_data
        for index in self.said:
            values: dict[str, Any] = {field: cleaned.get(name(index, field)) for field in FIELDS}
            if all(values[field] not in (None, "") for field in ("description", "quantity", "price", "tax")):
                unit, tax = values["unit"] or "", values["tax"]
                cost = cleaned.get(name(index, COST)) if COST in self.names else None
                line = AskedFreeLine(values["description"], values["quantity"], unit, values["price"], tax, cost)
                yield index, line

    def field_of(self, place: str, code: str) -> str:
        """The name of the field that a problem of the engine is about: `free:0` and its code."""
        index = self.asked()[int(place.partition(":")[2])][0]
        field = {"free-line-quantity": "quantity", "free-line-price": "price"}.get(code, "tax")
        return name(index, field)


def name(index: int, field: str) -> str:
    """As it is sent."""
    return f"free-{index}-{field}"


def free_lines_data(lines: Iterable[AskedFreeLine], *, with_costs: bool) -> dict[str, str]:
    """What the fields send that ask for these; `with_costs`: of somebody who sees margins."""
    data: dict[str, str] = {}
    for index, line in enumerate(lines):
        texts = (line.description, f"{line.quantity:,}", line.unit, f"{line.price:,}", line.tax_category)
        data |= {name(index, field): text for field, text in zip(FIELDS, texts, strict=True)}
        if with_costs:
            data[name(index, COST)] = "" if line.unit_cost is None else f"{line.unit_cost:,}"
    return data


def without_free_row(data: QueryDict, index: int) -> QueryDict:
    """What was sent, without one row: those below it move up."""
    data = data.copy()
    for row in range(index, MOST_FREE_ROWS):
        for field in ALL_FIELDS:
            below = name(row + 1, field)
            if below in data:
                data.setlist(name(row, field), data.getlist(below))
            else:
                data.pop(name(row, field), None)
    return data


def with_free_line(data: QueryDict, line: AskedFreeLine, *, with_costs: bool) -> QueryDict:
    """What was sent, with one more line in the first row in which nothing stands; as it was where there is no room."""
    data = data.copy()
    for index in range(MOST_FREE_ROWS):
        texts = {field: str(data.get(name(index, field), "")).strip() for field in FIELDS}
        if not (texts["description"] or texts["price"] or texts["unit"]):
            texts = free_lines_data([line], with_costs=with_costs)
            for field in ALL_FIELDS if with_costs else FIELDS:
                data[name(index, field)] = texts[name(0, field)]
            return data
    return data


def _say_rate(code: str, rate: Decimal) -> str:
    return f"{name_tax_category(code)} {plain(rate)}%" if rate else name_tax_category(code)


_NUMBER = {"inputmode": "numeric", "autocomplete": "off"}
_TOO_MUCH = {"max_value": _("At most ¥%(limit_value)s.")}
_DESCRIPTION = forms.CharField(
    required=False,
    max_length=LONGEST_DESCRIPTION,
    widget=forms.TextInput(attrs={"class": "grow", "placeholder": _("For example 設定作業費")}),
)
_QUANTITY = WholeNumberField(
    max_value=MOST_QUANTITY,
    error_messages={"max_value": _("At most %(limit_value)s.")},
    widget=forms.TextInput(attrs={**_NUMBER, "class": "qty", "placeholder": _("Quantity")}),
)
_UNIT = forms.CharField(
    required=False,
    max_length=MOST_UNIT,
    widget=forms.TextInput(attrs={"class": "unit", "autocomplete": "off", "placeholder": _("Unit")}),
)
_PRICE = YenField(
    max_value=MOST_PRICE,
    error_messages=_TOO_MUCH,
    widget=forms.TextInput(attrs={**_NUMBER, "class": "offered", "placeholder": _("Unit price, yen")}),
)
_TAX = forms.CharField(required=False, validators=[MaxLengthValidator(40)], widget=LongSelect(attrs={"class": "tax"}))
_COST = YenField(
    max_value=MOST_PRICE,
    error_messages=_TOO_MUCH,
    widget=forms.TextInput(attrs={**_NUMBER, "class": "offered", "placeholder": _("Cost, yen (internal)")}),
)
_KINDS: dict[str, tuple[forms.Field, Any]] = {
    "description": (_DESCRIPTION, _("Description, row %(number)s")),
    "quantity": (_QUANTITY, _("Quantity, row %(number)s")),
    "unit": (_UNIT, _("Unit, row %(number)s")),
    "price": (_PRICE, _("Unit price, row %(number)s")),
    "tax": (_TAX, _("Tax category, row %(number)s")),
    COST: (_COST, _("Cost of one (internal), row %(number)s")),
}


def _field_of(index: int, field: str) -> forms.Field:
    kind, label = _KINDS[field]
    return like(kind, label % {"number": index + 1})
