"""The fields of one license ID in the renewal form: their names, checks, and what they ask for.

The form's first license ID has the plain names (`years`, `addition-0-product`), so that a quote of one license ID is
sent as it always was. Each further one has its row's number before them: `15-years`, `15-addition-0-product`. Fields of
holdings carry the holding's own number: `renew-12`, `quantity-12`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from foundation.fields import WholeNumberField, like
from foundation.live_fields import LiveField, LongSelect, Radios, SwappedInput, Ticks
from foundation.templatetags.days import show_day
from foundation.text.language import name_of
from foundation.text.typed import with_hyphens
from licensing.models import Holding, LicenseID
from pricing.engine.rulebook import WARNING_RULES
from pricing.engine.values import LEAST_YEARS, MOST_YEARS

from ..asked import AskedAddition, AskedPart, first_part, held_of
from .offered import PLACEHOLDER, OfferedField, offered_text

if TYPE_CHECKING:
    from .forms import RenewalForm

MOST_ADDITIONS = 20
"""Rows, of each license ID."""
MOST_ADDED = 9_999_999
OPEN_AT_ONCE = 3
"""Where the form has more license IDs, each stands as one line until it is opened, without a row to add to."""
NUMBER = {"inputmode": "numeric", "autocomplete": "off"}
ABOUT_ITSELF = ("held", "seen_warnings", "acknowledge")
"""What a license ID's fields send about the page: no draft and no quote keeps it."""
OF_HOLDING = re.compile(r"(?:renew|quantity|offered)-\d{1,18}", re.ASCII)
PLAIN = re.compile(r"years|is_reduced|left_out|held|seen_warnings|acknowledge|addition-\d{1,2}-\w+", re.ASCII)
"""The names of a license ID's fields, without those of its holdings."""
ANY = re.compile(rf"(?:(\d{{1,18}})-)?({PLAIN.pattern})", re.ASCII)
"""The same as they are sent: the license ID's number, nothing for the first, and the name."""


@dataclass(frozen=True)
class AdditionRow:
    """One row of the additions, as the template shows it."""

    index: int
    product_name: str
    quantity_name: str
    product: str
    quantity: str


class FormPart:
    """One license ID's fields in the form, which holds what was sent, the values and the errors under their names."""

    def __init__(
        self,
        form: "RenewalForm",
        licenseid: LicenseID,
        holdings: Sequence[Holding],
        *,
        on: date,
        is_first: bool,
    ) -> None:
        self.form = form
        self.licenseid = licenseid
        self.holdings = holdings
        self.on = on
        self.prefix = "" if is_first else f"{licenseid.pk}-"
        self.addition_count = 1

    # --- names and what stands there ---------------------------------------------------------------------------------

    def name(self, field: str) -> str:
        """The name under which the form sends a field of this license ID."""
        return field if OF_HOLDING.fullmatch(field) else f"{self.prefix}{field}"

    def owns(self, name: str) -> bool:
        """Whether a name is that of one of these fields."""
        if OF_HOLDING.fullmatch(name):
            return any(name.endswith(f"-{holding.pk}") for holding in self.holdings)
        match = ANY.fullmatch(name)
        return match is not None and (match[1] or "") == self.prefix.removesuffix("-")

    def typed(self, field: str) -> str:
        """What was sent; empty where nothing was."""
        return str(self.form.data.get(self.name(field), ""))

    def field(self, field: str) -> LiveField:
        """A field as the page draws it."""
        return cast(LiveField, self.form[self.name(field)])

    def value(self, field: str) -> Any:
        """The value that was read; None where there is none. The form was cleaned."""
        return self.form.cleaned_data.get(self.name(field))

    def errors(self, field: str) -> list[str]:
        """What is wrong with a field, in sentences."""
        return [*self.form.errors.get(self.name(field), [])]

    @property
    def is_left_out(self) -> bool:
        """Whether somebody took it out of the quote again; what was typed stays."""
        return bool(self.value("left_out"))

    def addition_rows(self) -> list[AdditionRow]:
        """The rows of additions as typed; one at least where the form has few license IDs."""
        return [
            AdditionRow(
                index,
                self.name(f"addition-{index}-product"),
                self.name(f"addition-{index}-quantity"),
                self.typed(f"addition-{index}-product"),
                self.typed(f"addition-{index}-quantity"),
            )
            for index in range(self.addition_count)
        ]

    def additions(self) -> Iterable[tuple[int, str, int]]:
        """Row, product's code and quantity of each addition that can be read."""
        for index in range(self.addition_count):
            code = with_hyphens(self.value(f"addition-{index}-product") or "")
            quantity = self.value(f"addition-{index}-quantity")
            if code in self.form.products and quantity is not None:
                yield index, code, quantity

    @property
    def has_offers(self) -> bool:
        """Whether something was typed for an offered price of what is held."""
        return any(self.typed(f"offered-{holding.pk}").strip() for holding in self.holdings)

    def held_now(self) -> str:
        """The holdings as they are now, to notice on the next request that they have changed."""
        return " ".join(f"{holding.pk}:{holding.quantity}" for holding in sorted(self.holdings, key=lambda h: h.pk))

    @property
    def are_others_held(self) -> bool:
        """Whether the page was opened before the holdings changed."""
        name = self.name("held")
        return name in self.form.data and self.form.data[name] != self.held_now()

    # --- fields and checks -------------------------------------------------------------------------------------------

    def add_fields(self, data: Mapping[str, Any], *, added_rows: int) -> None:
        """Give the form the fields of this license ID, with as many rows of additions as were sent and so many more."""
        read = self._named(_("I have read this")) if self.form.is_several else _("I have read this")
        fields: dict[str, forms.Field] = {
            "held": forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000),
            "years": WholeNumberField(
                label=_("Term"),
                required=True,
                error_messages={"required": _("Choose the term.")},
                widget=Radios(choices=[(years, years) for years in range(LEAST_YEARS, MOST_YEARS + 1)]),
            ),
            "is_reduced": forms.BooleanField(
                label=_("Reduced renewal"),
                required=False,
                help_text=_(
                    "Renew with fewer licenses. The price rank is that of the quantity after the reduction. "
                    "0 discontinues a product."
                ),
                widget=forms.CheckboxInput(attrs={"class": "is-reduced"}),
            ),
            "left_out": forms.BooleanField(label=self._named(_("Leave out")), required=False),
            "acknowledge": forms.MultipleChoiceField(
                required=False, choices=[(code, read) for code in WARNING_RULES], widget=Ticks
            ),
            "seen_warnings": forms.CharField(widget=SwappedInput, required=False, max_length=1000),
        }
        for holding in self.holdings:
            fields |= _fields_of(holding)
        row_of = re.compile(rf"{self.prefix}addition-(\d{{1,2}})-\w+", re.ASCII)
        used = [int(match[1]) for name in data if (match := row_of.fullmatch(name))]
        first = 1 if len(self.form.parts) <= OPEN_AT_ONCE else 0
        rows = max([index + 1 for index in used if index < MOST_ADDITIONS], default=first)
        self.addition_count = min(rows + added_rows, MOST_ADDITIONS)
        for index in range(self.addition_count):
            fields |= _fields_of_addition(index)
        self.form.fields.update({self.name(field): made for field, made in fields.items()})

    def _named(self, label: Any) -> str:
        """A label that is read out with the license ID."""
        return format_html('{}<span class="visually-hidden"> {}</span>', label, self.licenseid.code)

    def check(self) -> None:
        """What can be said about these fields before anything is priced."""
        for holding in self.holdings:
            if self.value(f"quantity-{holding.pk}") not in (None, holding.quantity):
                self.form.fields[f"quantity-{holding.pk}"].widget.attrs["class"] += " changed"
        if self.is_left_out:
            self._forgive(name for name in self.form.fields if self.owns(name))
        elif not self.value("is_reduced"):  # closed fields are not read, so they cannot be wrong
            self._forgive(f"quantity-{holding.pk}" for holding in self.holdings)
        else:
            for holding in self.holdings:
                self._check_quantity(holding)
        if self.is_left_out:
            return
        for index in range(self.addition_count):
            self._check_addition(index)

    def _forgive(self, names: Iterable[str]) -> None:
        for name in names:
            self.form.errors.pop(name, None)

    def _check_quantity(self, holding: Holding) -> None:
        """An emptied quantity may be meant as 0 or as what is held: it is asked for, not guessed."""
        name = f"quantity-{holding.pk}"
        if self.value(f"renew-{holding.pk}") and name not in self.form.errors and self.value(name) is None:
            self.form.add_error(
                name, ValidationError(_("Enter the renewal quantity. 0 discontinues the product."), "required")
            )

    def _check_addition(self, index: int) -> None:
        product_name = self.name(f"addition-{index}-product")
        quantity_name = self.name(f"addition-{index}-quantity")
        cleaned, errors, add_error = self.form.cleaned_data, self.form.errors, self.form.add_error
        code, quantity = cleaned.get(product_name, ""), cleaned.get(quantity_name)
        products = self.form.products
        if code and with_hyphens(code) not in products:
            add_error(
                product_name,
                ValidationError(
                    _("There is no product “%(code)s”. Choose one from the list."), "unknown-product", {"code": code}
                ),
            )
        if quantity is not None and quantity < 0:
            add_error(
                quantity_name,
                ValidationError(
                    _("%(quantity)s cannot be added. Enter 1 or more; to reduce, use the reduced renewal above."),
                    "quantity-negative",
                    {"quantity": f"{quantity:,}"},
                ),
            )
        elif code and quantity_name not in errors and not quantity:
            add_error(quantity_name, ValidationError(_("Enter how many to add, 1 or more."), "required"))
        if quantity and not code and product_name not in errors:
            add_error(product_name, ValidationError(_("Choose the product to add."), "required"))
        if quantity and quantity > MOST_ADDED:
            add_error(
                quantity_name,
                ValidationError(_("At most %(most)s can be added at once."), "too-many", {"most": f"{MOST_ADDED:,}"}),
            )

    # --- what is asked for -------------------------------------------------------------------------------------------

    def to_part(self) -> AskedPart:
        """What is wanted. A field with an error counts as left alone, so that all else is still checked."""
        is_reduced = bool(self.value("is_reduced"))
        holdings = []
        for row in held_of(self.holdings):
            quantity: int | None = None
            if self.value(f"renew-{row.holding}"):
                typed = self.value(f"quantity-{row.holding}") if is_reduced else None
                quantity = row.quantity if typed is None else typed
            offered = self.value(f"offered-{row.holding}") if quantity else None
            holdings.append(replace(row, renewal_quantity=quantity, offered=offered))
        years = self.value("years")
        return AskedPart(
            license_id=self.licenseid.code,
            years=1 if years is None else years,
            is_reduced=is_reduced,
            holdings=tuple(holdings),
            additions=tuple(
                AskedAddition(code, quantity, self.value(f"addition-{row}-offered"))
                for row, code, quantity in self.additions()
            ),
        )

    def first_part(self) -> AskedPart:
        """What stands there when the form opens: one year, everything that expires now, nothing reduced."""
        return first_part(self.licenseid.code, held_of(self.holdings), on=self.on)


def _fields_of(holding: Holding) -> dict[str, forms.Field]:
    """Whether it is renewed, and with how many. The table's heads name them; aloud, each is named with its product."""
    name = name_of(holding.product)
    day = show_day(holding.support_expires_on)
    return {
        f"renew-{holding.pk}": like(_RENEW, _("Renew %(name)s, expiry %(day)s") % {"name": name, "day": day}),
        f"quantity-{holding.pk}": like(
            _QUANTITY, _("Renewal quantity of %(name)s") % {"name": name}, {"data-held": str(holding.quantity)}
        ),
        f"offered-{holding.pk}": like(_OFFERED, _("%(name)s, expiry %(day)s") % {"name": name, "day": day}),
    }


_RENEW = forms.BooleanField(required=False)
_QUANTITY = WholeNumberField(widget=forms.TextInput(attrs={**NUMBER, "class": "qty when-reduced"}))
_OFFERED = OfferedField(
    widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": PLACEHOLDER, "class": "offered"})
)
_ADDED = forms.CharField(
    required=False, validators=[MaxLengthValidator(40)], widget=LongSelect(attrs={"class": "grow"})
)
_ADDED_QUANTITY = WholeNumberField(
    widget=forms.TextInput(attrs={**NUMBER, "class": "qty", "placeholder": _("Quantity")})
)


def _fields_of_addition(index: int) -> dict[str, forms.Field]:
    """One row of additions. The products to choose from come with the page."""
    told = {"number": index + 1}
    return {
        f"addition-{index}-product": like(_ADDED, _("Product to add, row %(number)s") % told),
        f"addition-{index}-quantity": like(_ADDED_QUANTITY, _("Quantity to add, row %(number)s") % told),
        f"addition-{index}-offered": like(_OFFERED, _("Offered price of the addition, row %(number)s") % told),
    }


def part_data(part: AskedPart, prefix: str) -> dict[str, str]:
    """What the fields of a license ID send that ask for this."""
    data: dict[str, str] = {}
    data[f"{prefix}years"] = str(part.years)
    if part.is_reduced:
        data[f"{prefix}is_reduced"] = "on"
    for row in part.holdings:
        data[f"quantity-{row.holding}"] = str(row.quantity if row.renewal_quantity is None else row.renewal_quantity)
        if row.renewal_quantity is not None:
            data[f"renew-{row.holding}"] = "on"
        if row.offered is not None:
            data[f"offered-{row.holding}"] = offered_text(row.offered)
    for index, addition in enumerate(part.additions):
        data[f"{prefix}addition-{index}-product"] = addition.product
        data[f"{prefix}addition-{index}-quantity"] = str(addition.quantity)
        if addition.offered is not None:
            data[f"{prefix}addition-{index}-offered"] = offered_text(addition.offered)
    return data


def without_addition(data: QueryDict, prefix: str, index: int) -> QueryDict:
    """What was sent, without one row of a license ID's additions: those below it move up. An empty one stays."""
    data = data.copy()
    for row in range(index, MOST_ADDITIONS):
        for part in ("product", "quantity", "offered"):
            name, below = f"{prefix}addition-{row}-{part}", f"{prefix}addition-{row + 1}-{part}"
            if below in data:
                data.setlist(name, data.getlist(below))
            elif row == 0 and name in data:
                data[name] = ""
            else:
                data.pop(name, None)
    return data


def first_moved_up(data: QueryDict, licenseid: LicenseID) -> QueryDict:
    """What was sent, with this license ID as the first: the one that was so is gone, and with it what was typed."""
    moved = QueryDict(mutable=True)
    for name, texts in data.lists():
        match = ANY.fullmatch(name)
        if match is None or match[1] not in (None, str(licenseid.pk)):
            moved.setlist(name, texts)
        elif match[1] is not None:
            moved.setlist(match[2], texts)
    return moved
