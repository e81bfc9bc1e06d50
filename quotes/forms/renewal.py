"""The renewal form: strings come in, a `RenewalRequest` goes out. Strings end here."""

import re
import unicodedata
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from licensing.forms import WholeNumberField
from licensing.models import Holding, LicenseID, Product
from pricing.engine.problems import WARNING_RULES
from pricing.engine.values import Addition, HoldingChoice, RenewalRequest, TaxRounding
from pricing.loader import holding_values, product_value, segment_value

from ..operations import Wording

MOST_ADDITIONS = 20
MOST_ADDED = 9_999_999
NOT_STORED = {
    "csrfmiddlewaretoken", "action", "seen_total", "seen_version", "page", "license_id", "acknowledge", "again",
    "seen_warnings",
}  # fmt: skip
"""What a form sends and no draft and no quote keeps."""
RENEWED_TOGETHER = timedelta(days=90)
"""Holdings that expire within this many days from today, or first of all, are ticked when the form opens."""


@dataclass(frozen=True)
class AdditionRow:
    """One row of the additions, as the template shows it."""

    index: int
    product_name: str
    quantity_name: str
    product: str
    quantity: str


class RenewalForm(forms.Form):
    """One license ID's renewal. Field names carry the holding's number: `renew-12`, `quantity-12`."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    held = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)
    seen_total = WholeNumberField(widget=forms.HiddenInput)
    seen_version = WholeNumberField(widget=forms.HiddenInput)
    page = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    """Which open page it is, and whose: views/held.py."""
    license_id = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    """Sent by a draft's form, to find the way back where the draft is gone."""
    years = WholeNumberField(label=_("Term"), required=True, error_messages={"required": _("Choose the term.")})
    is_reduced = forms.BooleanField(label=_("Reduced renewal"), required=False)
    subject = forms.CharField(
        label=_("Subject"), max_length=100, error_messages={"required": _("Enter the subject of the quote.")}
    )
    note = forms.CharField(label=_("Note to the customer"), max_length=1000, required=False, widget=forms.Textarea)
    with_calculation = forms.BooleanField(label=_("Add the calculation to the PDF"), required=False)
    acknowledge = forms.MultipleChoiceField(required=False, choices=[(code, code) for code in WARNING_RULES])
    seen_warnings = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)
    """What stood beside the ticks: views/reading.py."""
    again = forms.BooleanField(required=False)
    """A second quote like one of today is meant."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        licenseid: LicenseID,
        holdings: Sequence[Holding],
        on: date,
        added_rows: int = 0,
    ) -> None:
        self.licenseid = licenseid
        self.holdings = holdings
        self.on = on
        if data is None:
            data = self.first_entry()
        super().__init__(data)
        self.data: QueryDict
        for holding in holdings:
            self.fields[f"renew-{holding.pk}"] = forms.BooleanField(required=False)
            self.fields[f"quantity-{holding.pk}"] = WholeNumberField(label=_("Renewal quantity"))
        used = [
            int(match[1]) for name in self.data if (match := re.fullmatch(r"addition-(\d{1,2})-\w+", name, re.ASCII))
        ]
        self.addition_count = min(
            max([index + 1 for index in used if index < MOST_ADDITIONS], default=1) + added_rows, MOST_ADDITIONS
        )
        for index in range(self.addition_count):
            self.fields[f"addition-{index}-product"] = forms.CharField(
                label=_("Product to add"), required=False, max_length=40
            )
            self.fields[f"addition-{index}-quantity"] = WholeNumberField(label=_("Quantity to add"))
        self._products: dict[str, Product] | None = None

    # --- what the template asks ---------------------------------------------------------------------------------------

    def addition_rows(self) -> list[AdditionRow]:
        """The rows of additions as typed, at least one."""
        return [
            AdditionRow(
                index,
                f"addition-{index}-product",
                f"addition-{index}-quantity",
                self.data.get(f"addition-{index}-product", ""),
                self.data.get(f"addition-{index}-quantity", ""),
            )
            for index in range(self.addition_count)
        ]

    def held_now(self) -> str:
        """The holdings as they are now, to notice on the next request that they have changed."""
        return " ".join(f"{holding.pk}:{holding.quantity}" for holding in sorted(self.holdings, key=lambda h: h.pk))

    # --- what the view asks -------------------------------------------------------------------------------------------

    def entry(self) -> dict[str, list[str]]:
        """What was typed, to be stored with a draft or a quote."""
        return {
            name: [value.replace("\x00", "") for value in self.data.getlist(name)]
            for name in sorted(self.data)
            if name not in NOT_STORED and name in self.fields
        }

    @property
    def is_nothing(self) -> bool:
        """Whether nobody would miss what stands here: the form as it opens, or one emptied of products and texts."""
        first = self.first_entry()
        entry = self.entry()
        if _said(entry) == _said({name: first.getlist(name) for name in first}):
            return True
        chosen = [*(f"renew-{holding.pk}" for holding in self.holdings), *(n for n in entry if n[:9] == "addition-")]
        is_chosen = any("".join(entry.get(name, ())).strip() for name in chosen)
        texts = {"".join(entry.get(name, ())).strip() for name in ("subject", "note")}
        return not is_chosen and texts <= {"", first["subject"]}

    @property
    def is_forged(self) -> bool:
        """Whether something was sent that this form never sends."""
        codes = {error.code for errors in self.errors.as_data().values() for error in errors}
        return bool(codes & {"unknown-field", "repeated-field", "null_characters_not_allowed"})

    def wording(self) -> Wording:
        """The texts that staff write. For a valid form."""
        return Wording(self.cleaned_data["subject"], self.cleaned_data["note"], self.cleaned_data["with_calculation"])

    def to_request(self, *, on: date) -> RenewalRequest:
        """The request to price. A field with an error counts as left alone, so that all else is still checked."""
        cleaned = self.cleaned_data
        is_reduced = cleaned.get("is_reduced", False)
        choices = []
        for holding, value in zip(self.holdings, holding_values(self.holdings), strict=True):
            quantity: int | None = None
            if cleaned.get(f"renew-{holding.pk}"):
                typed = cleaned.get(f"quantity-{holding.pk}") if is_reduced else None
                quantity = holding.quantity if typed is None else typed
            choices.append(HoldingChoice(value, quantity))
        additions = [
            Addition(f"added-{index}", product_value(self.products[code]), quantity)
            for index, code, quantity in self._additions()
        ]
        years = cleaned.get("years")
        return RenewalRequest(
            license_id=self.licenseid.code,
            on=on,
            years=1 if years is None else years,
            is_reduced=is_reduced,
            holdings=tuple(choices),
            additions=tuple(additions),
            tax_rounding=TaxRounding(self.licenseid.customer.reseller.tax_rounding),
            customer_segment=segment_value(self.licenseid.customer.segment),
        )

    @property
    def products(self) -> dict[str, Product]:
        """The rows of every product that is held or added, by code."""
        if self._products is None:
            self._products = {holding.product.code: holding.product for holding in self.holdings}
            named = {unicodedata.normalize("NFKC", row.product).strip() for row in self.addition_rows()}
            if missing := {code for code in named - self._products.keys() if code and "\x00" not in code}:
                rows = Product.objects.filter(code__in=missing).select_related("programme")
                self._products.update((row.code, row) for row in rows)
        return self._products

    # --- checks ------------------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._check_names()
        if not cleaned.get("is_reduced"):
            for holding in self.holdings:  # closed fields are not read, so they cannot be wrong
                self.errors.pop(f"quantity-{holding.pk}", None)
        else:
            for holding in self.holdings:
                self._check_quantity(holding, cleaned)
        if "held" in self.data and self.data["held"] != self.held_now():
            self.add_error(
                None,
                ValidationError(
                    _(
                        "The holdings of this license ID have changed since this page was opened. "
                        "Check the quantities below and try again."
                    ),
                    "holdings-changed",
                ),
            )
        for index in range(self.addition_count):
            self._check_addition(index, cleaned)
        return cleaned

    def _check_names(self) -> None:
        """Every field once, and none that this form does not have, or had before the holdings changed."""
        are_others_held = self.data.get("held") != self.held_now()
        for name in self.data:
            if are_others_held and re.fullmatch(r"(?:renew|quantity)-\d{1,18}", name, re.ASCII):
                continue
            if name not in self.fields and name not in {"csrfmiddlewaretoken", "action"}:
                self.add_error(
                    None,
                    ValidationError(
                        _("The entry “%(name)s” does not belong to this form. Open the license ID again."),
                        "unknown-field",
                        {"name": name[:60]},
                    ),
                )
            elif name != "acknowledge" and len(self.data.getlist(name)) > 1:
                self.add_error(
                    name if name in self.fields else None,
                    ValidationError(
                        _("This was sent more than once with different entries. Enter it once."), "repeated-field"
                    ),
                )

    def _check_quantity(self, holding: Holding, cleaned: Mapping[str, Any]) -> None:
        """An emptied quantity may be meant as 0 or as what is held: it is asked for, not guessed."""
        name = f"quantity-{holding.pk}"
        if cleaned.get(f"renew-{holding.pk}") and name not in self.errors and cleaned.get(name) is None:
            self.add_error(
                name, ValidationError(_("Enter the renewal quantity. 0 discontinues the product."), "required")
            )

    def _check_addition(self, index: int, cleaned: Mapping[str, Any]) -> None:
        product_name, quantity_name = f"addition-{index}-product", f"addition-{index}-quantity"
        code, quantity = cleaned.get(product_name, ""), cleaned.get(quantity_name)
        if code and unicodedata.normalize("NFKC", code).strip() not in self.products:
            self.add_error(
                product_name,
                ValidationError(
                    _("There is no product “%(code)s”. Choose one from the list."), "unknown-product", {"code": code}
                ),
            )
        if quantity is not None and quantity < 0:
            self.add_error(
                quantity_name,
                ValidationError(
                    _("%(quantity)s cannot be added. Enter 1 or more; to reduce, use the reduced renewal above."),
                    "quantity-negative",
                    {"quantity": f"{quantity:,}"},
                ),
            )
        elif code and quantity_name not in self.errors and not quantity:
            self.add_error(quantity_name, ValidationError(_("Enter how many to add, 1 or more."), "required"))
        if quantity and not code and product_name not in self.errors:
            self.add_error(product_name, ValidationError(_("Choose the product to add."), "required"))
        if quantity and quantity > MOST_ADDED:
            self.add_error(
                quantity_name,
                ValidationError(_("At most %(most)s can be added at once."), "too-many", {"most": f"{MOST_ADDED:,}"}),
            )

    def _additions(self) -> Iterable[tuple[int, str, int]]:
        for index in range(self.addition_count):
            code = unicodedata.normalize("NFKC", self.cleaned_data.get(f"addition-{index}-product", "")).strip()
            quantity = self.cleaned_data.get(f"addition-{index}-quantity")
            if code in self.products and quantity is not None:
                yield index, code, quantity

    # --- first opening -----------------------------------------------------------------------------------------------

    def first_entry(self) -> QueryDict:
        """What stands in the form when it opens: one year, everything that expires now, nothing reduced."""
        entry = QueryDict(mutable=True)
        entry["key"] = str(uuid.uuid4())
        entry["held"] = self.held_now()
        entry["years"] = "1"
        english = self.licenseid.customer.language == "en"
        subject = "Renewal of licenses (%(code)s)" if english else "ライセンス更新（%(code)s）"
        entry["subject"] = subject % {"code": self.licenseid.code}
        first = min((holding.support_expires_on for holding in self.holdings), default=self.on)
        for holding in self.holdings:
            entry[f"quantity-{holding.pk}"] = str(holding.quantity)
            if holding.support_expires_on <= max(first, self.on + RENEWED_TOGETHER):
                entry[f"renew-{holding.pk}"] = "on"
        return entry


def _said(entry: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What of an entry says something: not the form's key, nor fields left empty."""
    return {name: list(texts) for name, texts in entry.items() if name not in {"key", "held"} and any(texts)}


def without_addition(data: QueryDict, index: int) -> QueryDict:
    """What was sent, without one row of the additions: those below it move up."""
    data = data.copy()
    for row in range(index, MOST_ADDITIONS):
        for part in ("product", "quantity"):
            name, below = f"addition-{row}-{part}", f"addition-{row + 1}-{part}"
            if below in data:
                data.setlist(name, data.getlist(below))
            else:
                data.pop(name, None)
    return data


def entry_data(entry: Mapping[str, Sequence[str]]) -> QueryDict:
    """Stored entries as form data again."""
    data = QueryDict(mutable=True)
    for name, values in entry.items():
        data.setlist(name, list(values))
    return data
