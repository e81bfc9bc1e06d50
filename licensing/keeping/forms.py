"""What is typed of a license ID and of what it holds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from foundation.fields import CodeField, DayField, WholeNumberField
from foundation.live_fields import LongSelect
from foundation.text.language import name_of
from foundation.versioned_forms import VersionedForm
from foundation.versions import last_change

from ..models import Holding, LicenseID, Product
from ..models.licenses import CODE, MOST_HELD
from .operations import HeldRow

MOST_NEW = 20
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
NAME = re.compile(r"(held|new)-(\d{1,18})-(product|quantity|expires|ends)", re.ASCII)
IN_A_CELL = {"autocomplete": "off"}


class NewLicenseIDForm(forms.Form):
    """A license ID, in any width, with any hyphens."""

    code = CodeField(
        label=_("license ID"),
        max_length=40,
        validators=[CODE],
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Enter the license ID.")},
    )
    note = forms.CharField(
        label=_("internal note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For staff only; never printed."),
    )


class CodeForm(forms.Form):
    """The code that a license ID should have had."""

    code = CodeField(
        label=_("The right license ID"),
        max_length=40,
        validators=[CODE],
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": _("Enter the license ID.")},
    )
    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one holding, as the template shows them."""

    product: BoundField
    quantity: BoundField
    expires: BoundField
    ends: BoundField | None
    """None: a new one."""


class HoldingsForm(VersionedForm):
    """All that a license ID holds, with rows to add. An empty row adds nothing."""

    note = forms.CharField(
        label=_("internal note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For staff only; never printed."),
    )

    def __init__(self, data: Any = None, *, licenseid: LicenseID, has_more: bool = False) -> None:
        """`has_more`: one more row to add than were sent."""
        self.row: LicenseID = licenseid
        self.holdings = list(licenseid.holdings.select_related("product"))
        initial: dict[str, Any] = {"note": licenseid.note}
        for one in self.holdings:
            initial |= {
                f"held-{one.pk}-product": str(one.product_id),
                f"held-{one.pk}-quantity": str(one.quantity),
                f"held-{one.pk}-expires": f"{one.support_expires_on:%Y/%m/%d}",
            }
        sent = {match[2] for name in data or () if (match := NAME.fullmatch(name)) and match[1] == "new"}
        count = max([int(number) + 1 for number in sent if int(number) < MOST_NEW], default=0)
        self.new_rows = range(min(max(count + has_more, 1 if self.holdings else 2), MOST_NEW))
        if data is not None:
            data = data.copy()
            for name, text in initial.items():
                if name.startswith("held-") and name not in data:
                    data[name] = text  # came meanwhile: it stays
        super().__init__(data, initial=initial)
        self.products = {product.pk: product for product in Product.objects.order_by("code")}
        choices = [("", "–"), *((str(one.pk), f"{name_of(one)} ({one.code})") for one in self.products.values())]
        for one in self.holdings:
            self._add_row(f"held-{one.pk}", choices, is_new=False)
        for number in self.new_rows:
            self._add_row(f"new-{number}", choices, is_new=True)

    def _add_row(self, prefix: str, choices: list[tuple[str, str]], *, is_new: bool) -> None:
        self.fields[f"{prefix}-product"] = forms.ChoiceField(
            label=_("product"),
            required=not is_new,
            choices=choices,
            widget=LongSelect,
            error_messages={"required": _("Choose the product."), "invalid_choice": _("Choose a product of the list.")},
        )
        self.fields[f"{prefix}-quantity"] = WholeNumberField(
            label=_("held quantity"),
            required=not is_new,
            widget=forms.TextInput(attrs={"inputmode": "numeric", **IN_A_CELL}),
            validators=[
                MinValueValidator(1, _("The held quantity must be at least 1. Delete the holding if it ended.")),
                MaxValueValidator(MOST_HELD, _("The held quantity must be at most 9,999,999.")),
            ],
            error_messages={"required": _("Enter the quantity.")},
        )
        too_far = _("The support expiry must lie between 2000 and 2099. Look for a typo.")
        self.fields[f"{prefix}-expires"] = DayField(
            label=_("support expiry"),
            required=not is_new,
            widget=forms.TextInput(attrs=IN_A_CELL),
            validators=[MinValueValidator(FIRST_DAY, too_far), MaxValueValidator(LAST_DAY, too_far)],
            error_messages={"required": _("Enter the last day of support.")},
        )
        self.fields[f"{prefix}-expires"].help_text = ""
        if not is_new:
            self.fields[f"{prefix}-ends"] = forms.BooleanField(label=_("has ended"), required=False)

    def find_last_change(self) -> tuple[str, Any]:
        return last_change(self.row, [Holding])

    def rows(self) -> Iterator[Row]:
        """Those that are held, then those to add."""
        prefixes = [*(f"held-{one.pk}" for one in self.holdings), *(f"new-{number}" for number in self.new_rows)]
        for prefix in prefixes:
            ends = self[f"{prefix}-ends"] if f"{prefix}-ends" in self.fields else None
            yield Row(self[f"{prefix}-product"], self[f"{prefix}-quantity"], self[f"{prefix}-expires"], ends)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._tell_gone()
        self._drop_errors_of_ended(cleaned)
        for number in self.new_rows:
            self._complete(f"new-{number}")
        seen: set[tuple[int, date]] = set()
        for prefix, row in self._kept():
            if row.key in seen:
                text = _("A product stands twice with the same support expiry. Enter the sum of both in one row.")
                self.add_error(f"{prefix}-expires", text)
            seen.add(row.key)
        return cleaned

    def held_rows(self) -> list[HeldRow]:
        """What is to be held from now on. The form is valid."""
        return [row for _prefix, row in self._kept()]

    def _kept(self) -> Iterator[tuple[str, HeldRow]]:
        """Complete rows that have not ended."""
        cleaned = self.cleaned_data
        prefixes: list[tuple[str, int | None]] = [(f"held-{one.pk}", one.pk) for one in self.holdings]
        prefixes += [(f"new-{number}", None) for number in self.new_rows]
        for prefix, number in prefixes:
            product, quantity, day = (cleaned.get(f"{prefix}-{name}") for name in ("product", "quantity", "expires"))
            if product and quantity and day and not cleaned.get(f"{prefix}-ends"):
                yield prefix, HeldRow(number, self.products[int(product)], quantity, day)

    def _complete(self, prefix: str) -> None:
        """A new row of which something was typed needs all of it."""
        names = [f"{prefix}-{name}" for name in ("product", "quantity", "expires")]
        if not any(self.data.get(name, "").strip() for name in names):
            return
        texts = (_("Choose the product."), _("Enter the quantity."), _("Enter the last day of support."))
        for name, text in zip(names, texts, strict=True):
            if name not in self.errors and self.cleaned_data.get(name) in (None, ""):
                self.add_error(name, text)

    def _drop_errors_of_ended(self, cleaned: dict[str, Any]) -> None:
        """What has ended needs no right values."""
        for one in self.holdings:
            if cleaned.get(f"held-{one.pk}-ends"):
                for name in ("product", "quantity", "expires"):
                    self.errors.pop(f"held-{one.pk}-{name}", None)

    def _tell_gone(self) -> None:
        """Rows of the page that somebody else ended meanwhile, with what was typed into them."""
        there = {str(one.pk) for one in self.holdings}
        sent = {match[2] for name in self.data if (match := NAME.fullmatch(name)) and match[1] == "held"}
        for number in sorted(sent - there):
            if self.data.get(f"held-{number}-ends"):
                continue
            names = dict(self.products_in_words())
            typed = [self.data.get(f"held-{number}-{name}", "")[:40] for name in ("product", "quantity", "expires")]
            told = " · ".join(text for text in (names.get(typed[0], ""), *typed[1:]) if text)
            text = _("Somebody else ended this holding meanwhile: %(row)s. If it is still held, add it in a new row.")
            self.add_error(None, text % {"row": told or "–"})

    def products_in_words(self) -> Iterator[tuple[str, str]]:
        """By the row's number as it is sent."""
        for product in self.products.values():
            yield str(product.pk), capfirst(str(product))
