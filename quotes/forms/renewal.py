"""The renewal form: strings come in, `Asked` goes out, and the other way. Strings end here."""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from foundation.fields import WholeNumberField
from foundation.text.typed import half_width
from licensing.models import Holding, LicenseID, Product
from pricing.engine.rulebook import WARNING_RULES
from pricing.engine.values import TaxRounding
from renewals.asked import LONGEST_NOTE, LONGEST_SUBJECT, Asked, AskedAddition, AskedPart, held_of

MOST_ADDITIONS = 20
MOST_ADDED = 9_999_999
NOT_STORED = {
    "csrfmiddlewaretoken", "action", "key", "held", "seen_total", "seen_version", "seen_warnings", "page", "license_id",
    "acknowledge", "again",
}  # fmt: skip
"""What a form sends about itself: no draft and no quote keeps it."""
MOST_SUBJECT, MOST_NOTE = 100, 1000
"""Characters."""
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
        label=_("Subject"), max_length=MOST_SUBJECT, error_messages={"required": _("Enter the subject of the quote.")}
    )
    note = forms.CharField(label=_("Note to the customer"), max_length=MOST_NOTE, required=False, widget=forms.Textarea)
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

    def to_asked(self) -> Asked:
        """What is wanted. A field with an error counts as left alone, so that all else is still checked."""
        cleaned = self.cleaned_data
        is_reduced = cleaned.get("is_reduced", False)
        holdings = []
        for row in held_of(self.holdings):
            quantity: int | None = None
            if cleaned.get(f"renew-{row.holding}"):
                typed = cleaned.get(f"quantity-{row.holding}") if is_reduced else None
                quantity = row.quantity if typed is None else typed
            holdings.append(replace(row, renewal_quantity=quantity))
        years = cleaned.get("years")
        part = AskedPart(
            license_id=self.licenseid.code,
            years=1 if years is None else years,
            is_reduced=is_reduced,
            holdings=tuple(holdings),
            additions=tuple(AskedAddition(code, quantity) for _row, code, quantity in self._additions()),
        )
        return Asked(
            parts=(part,),
            subject=cleaned.get("subject", self._text("subject")[:LONGEST_SUBJECT]),
            note=cleaned.get("note", self._text("note")[:LONGEST_NOTE]),
            with_calculation=cleaned.get("with_calculation", False),
            tax_rounding=TaxRounding(self.licenseid.customer.reseller.tax_rounding),
        )

    def as_typed(self) -> dict[str, list[str]]:
        """By field: what was typed and is not what a form of `to_asked` shows, so that a draft loses nothing."""
        shown = asked_data(self.to_asked())
        typed = {
            name: [text.replace("\x00", "") for text in self.data.getlist(name)]
            for name in self.data
            if name not in NOT_STORED and name in self.fields
        }
        if self.data.get("held", self.held_now()) != self.held_now():  # the page was opened before they changed
            typed["held"] = [self._text("held")]
        names = {*typed, *(name for name in shown if name.startswith("addition-"))}
        return {
            name: typed.get(name, [])
            for name in sorted(names)
            if [*filter(None, typed.get(name, []))] != [*filter(None, shown.getlist(name))]
        }

    @property
    def is_nothing(self) -> bool:
        """Whether nobody would miss what stands here: the form as it opens, or one emptied of products and texts."""
        first, asked, typed = self.first_asked(), self.to_asked(), self.as_typed()
        if asked == first and not typed:
            return True
        [part] = asked.parts
        is_chosen = any(not row.is_left_out for row in part.holdings) or bool(part.additions)
        is_typed = any(text.strip() for name, texts in typed.items() if name != "subject" for text in texts)
        texts = {asked.subject.strip(), asked.note.strip()}
        return not is_chosen and not is_typed and texts <= {"", first.subject}

    def row_of(self, key: str) -> int:
        """The row of the additions that the engine's key of an addition, `added-0`, is about."""
        return [row for row, _code, _quantity in self._additions()][int(key.removeprefix("added-"))]

    def key_of(self, row: int) -> str:
        """The engine's key of what a row adds; empty where it adds nothing."""
        rows = [row for row, _code, _quantity in self._additions()]
        return f"added-{rows.index(row)}" if row in rows else ""

    @property
    def is_forged(self) -> bool:
        """Whether something was sent that this form never sends."""
        codes = {error.code for errors in self.errors.as_data().values() for error in errors}
        return bool(codes & {"unknown-field", "repeated-field", "null_characters_not_allowed"})

    def _text(self, name: str) -> str:
        return str(self.data.get(name, "")).replace("\x00", "")

    @property
    def products(self) -> dict[str, Product]:
        """The rows of every product that is held or added, by code."""
        if self._products is None:
            self._products = {holding.product.code: holding.product for holding in self.holdings}
            named = {half_width(row.product) for row in self.addition_rows()}
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
        if code and half_width(code) not in self.products:
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
            code = half_width(self.cleaned_data.get(f"addition-{index}-product", ""))
            quantity = self.cleaned_data.get(f"addition-{index}-quantity")
            if code in self.products and quantity is not None:
                yield index, code, quantity

    # --- first opening -----------------------------------------------------------------------------------------------

    def first_asked(self) -> Asked:
        """What stands in the form when it opens: one year, everything that expires now, nothing reduced."""
        english = self.licenseid.customer.language == "en"
        subject = "Renewal of licenses (%(code)s)" if english else "ライセンス更新（%(code)s）"
        first = min((holding.support_expires_on for holding in self.holdings), default=self.on)
        last = max(first, self.on + RENEWED_TOGETHER)
        part = AskedPart(
            license_id=self.licenseid.code,
            years=1,
            is_reduced=False,
            holdings=tuple(
                replace(row, renewal_quantity=row.quantity if row.support_expires_on <= last else None)
                for row in held_of(self.holdings)
            ),
        )
        rounding = TaxRounding(self.licenseid.customer.reseller.tax_rounding)
        return Asked(parts=(part,), subject=subject % {"code": self.licenseid.code}, tax_rounding=rounding)

    def first_entry(self) -> QueryDict:
        """The same as the form sends it, with a key of its own."""
        entry = asked_data(self.first_asked())
        entry["key"] = str(uuid.uuid4())
        entry["held"] = self.held_now()
        return entry


def asked_data(asked: Asked, as_typed: Mapping[str, Sequence[str]] | None = None) -> QueryDict:
    """What a form of `asked` sends; `as_typed` are texts that stand in it instead."""
    [part] = asked.parts
    data = QueryDict(mutable=True)
    data["years"] = str(part.years)
    data["subject"], data["note"] = asked.subject, asked.note
    for name, is_on in (("is_reduced", part.is_reduced), ("with_calculation", asked.with_calculation)):
        if is_on:
            data[name] = "on"
    for row in part.holdings:
        data[f"quantity-{row.holding}"] = str(row.quantity if row.renewal_quantity is None else row.renewal_quantity)
        if row.renewal_quantity is not None:
            data[f"renew-{row.holding}"] = "on"
    for index, addition in enumerate(part.additions):
        data[f"addition-{index}-product"] = addition.product
        data[f"addition-{index}-quantity"] = str(addition.quantity)
    for name, texts in (as_typed or {}).items():
        data.setlist(name, list(texts))
    return data


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
