"""The renewal form: strings come in, `Asked` goes out, and the other way. Strings end here."""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from foundation.fields import WholeNumberField, YenField
from foundation.live_fields import SwappedInput
from foundation.text.typed import with_hyphens
from licensing.models import Contact, Holding, LicenseID, Product
from licensing.queries import name_contact, present_contacts, products_by_code
from pricing.engine.values import TaxRounding
from quotes.paper.wording import name_license_ids

from ..asked import LONGEST_NOTE, LONGEST_REASON, LONGEST_SUBJECT, Asked
from .free_lines import FreeRows, free_lines_data
from .free_lines import name as free_name
from .part import ABOUT_ITSELF, ANY, NUMBER, OF_HOLDING, AdditionRow, FormPart, part_data
from .terms import NAMES as TERMS
from .terms import TEXTS, TermsForm, terms_data
from .tried import NAMES as OF_SHEET

NOT_STORED = {
    "csrfmiddlewaretoken", "action", "key", "seen_total", "seen_version", "page", "license_id", "with", "again",
    "shown",
}  # fmt: skip
"""What a form sends about itself: no draft and no quote keeps it."""
MOST_SUBJECT, MOST_NOTE = 100, 1000
"""Characters."""


class RenewalForm(TermsForm):
    """The renewal of one or more license IDs of one customer (R18): each has its fields, see `FormPart`."""

    marks_optional = ("note", "reduction", "offer_reason", *TERMS)

    key = forms.UUIDField(widget=forms.HiddenInput)
    seen_total = WholeNumberField(widget=SwappedInput)
    seen_version = WholeNumberField(widget=forms.HiddenInput)
    page = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    """Which open page it is, and whose: views/held.py."""
    license_id = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    """The first license ID. Sent by a draft's form, to find the way back where the draft is gone."""
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100_000)
    """What stands on the page: views/places.py."""
    contact = forms.ChoiceField(
        label=_("Addressee"),
        required=False,
        error_messages={
            "invalid_choice": _("This contact was removed, or is none of this customer’s. Choose the addressee again.")
        },
    )
    """To whom the quote is addressed: the number of a contact, or empty for what the customer's data says."""
    subject = forms.CharField(
        label=_("Subject"), max_length=MOST_SUBJECT, error_messages={"required": _("Enter the subject of the quote.")}
    )
    note = forms.CharField(
        label=_("Note to the customer"), max_length=MOST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    with_calculation = forms.BooleanField(
        label=_("Add a page to the PDF that shows the calculation step by step"), required=False
    )
    reduction = YenField(
        label=_("Further reduction on the whole quote"),
        widget=forms.TextInput(attrs={**NUMBER, "class": "offered"}),
        help_text=_("Yen, tax excluded. It is shared over the tax rates in proportion to their subtotals."),
    )
    offer_reason = forms.CharField(
        label=_("Internal reason"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with the quote, and never shown to the customer."),
    )
    again = forms.BooleanField(label=_("Issue a second, identical quote"), required=False)
    """A second quote like one of today is meant."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        licenseid: LicenseID,
        holdings: Sequence[Holding],
        on: date,
        further: Sequence[tuple[LicenseID, Sequence[Holding]]] = (),
        gone: Sequence[str] = (),
        further_row: str | None = None,
        further_free_row: bool = False,
        sees_margins: bool = False,
    ) -> None:
        """`further` are the other license IDs, all of one customer, with what they hold; `gone` are codes that were
        sent and cannot stand in the form. `further_row` is the prefix of the license ID that gets one more row of
        additions; with `further_free_row` there is one more free line. `sees_margins`: whether it is for somebody
        who does: it asks what their own lines cost.
        """
        rows = [(licenseid, holdings), *further]
        self.sees_margins = sees_margins
        self.parts = [
            FormPart(self, one, held, on=on, is_first=position == 0) for position, (one, held) in enumerate(rows)
        ]
        self.licenseid = licenseid
        self.holdings = [holding for _one, held in rows for holding in held]
        self.on = on
        self.gone = gone
        if data is None:
            data = self.first_entry()
        super().__init__(data)
        self.data: QueryDict
        cast(forms.ChoiceField, self.fields["contact"]).choices = self._addressees
        for part in self.parts:
            part.add_fields(self.data, added_rows=1 if part.prefix == further_row else 0)
        self.free = FreeRows(self, self.data, added=1 if further_free_row else 0)
        customer = licenseid.customer
        self.tell_standing(customer.reseller, language="en" if customer.language == "en" else "ja")
        self._products: dict[str, Product] | None = None

    # --- the license IDs ----------------------------------------------------------------------------------------------

    @property
    def licenseids(self) -> list[LicenseID]:
        """All that stand in the form, also those left out again."""
        return [part.licenseid for part in self.parts]

    @property
    def quoted(self) -> list[FormPart]:
        """Those that are not left out; all where every one is, which is refused."""
        return [part for part in self.parts if not part.is_left_out] or self.parts

    @property
    def changed_parts(self) -> list[FormPart]:
        """Those whose holdings changed since the page was opened."""
        return [part for part in self.quoted if part.are_others_held]

    @property
    def is_several(self) -> bool:
        """Whether the page has a block for each."""
        return len(self.parts) > 1

    def part_of(self, name: str) -> FormPart | None:
        """The license ID whose field this is; None for a field of the quote."""
        return next((part for part in self.parts if part.owns(name)), None)

    # --- what the view asks -------------------------------------------------------------------------------------------

    def to_asked(self) -> Asked:
        """What is wanted. A field with an error counts as left alone, so that all else is still checked."""
        cleaned = self.cleaned_data
        return Asked(
            parts=tuple(part.to_part() for part in self.quoted),
            contact=int(chosen) if (chosen := cleaned.get("contact")) else None,
            subject=cleaned.get("subject", self._text("subject")[:LONGEST_SUBJECT]),
            note=cleaned.get("note", self._text("note")[:LONGEST_NOTE]),
            with_calculation=cleaned.get("with_calculation", False),
            reduction=cleaned.get("reduction") or 0,
            offer_reason=cleaned.get("offer_reason", self._text("offer_reason")[:LONGEST_REASON]),
            tax_rounding=TaxRounding(self.licenseid.customer.reseller.tax_rounding),
            free_lines=tuple(line for _row, line in self.free.asked()),
            terms=self.to_terms(),
            says_costs=self.sees_margins,
        )

    def as_typed(self) -> dict[str, list[str]]:
        """By field: what was typed and is not what a form of `to_asked` shows, so that a draft loses nothing."""
        shown = asked_data(self.to_asked(), prefixes=self.prefixes, with_costs=self.sees_margins)
        typed = {
            name: [text.replace("\x00", "") for text in self.data.getlist(name)]
            for name in self.data
            if name in self.fields and not self._is_about_itself(name) and name not in self.free.blank_names
        }
        for part in self.parts:
            if part.are_others_held:
                typed[part.name("held")] = [part.typed("held").replace("\x00", "")]
        names = {*typed, *(name for name in shown if "addition-" in name or name.startswith("free-"))}
        return {
            name: typed.get(name, [])
            for name in sorted(names)
            if [*filter(None, typed.get(name, []))] != [*filter(None, shown.getlist(name))]
        }

    @cached_property
    def contacts(self) -> list[Contact]:
        """Those of the customer. Asked for where one is chosen, or the list of them is drawn."""
        customer = self.licenseid.customer
        prefetch_related_objects([customer], "contacts")
        return present_contacts(customer)

    @property
    def addressee(self) -> Contact | None:
        """The contact that is chosen; None where none is, or one that cannot be."""
        chosen = self.data.get("contact")
        return next((one for one in self.contacts if str(one.pk) == chosen), None) if chosen else None

    def _addressees(self) -> list[tuple[str, str]]:
        """First what the customer's data says."""
        customer = self.licenseid.customer
        own = " ".join(filter(None, (customer.department, customer.person)))
        usual = _("%(addressee)s (from the customer’s data)") % {"addressee": own} if own else _("The company only")
        return [("", str(usual)), *((str(one.pk), name_contact(one)) for one in self.contacts)]

    @property
    def prefixes(self) -> dict[str, str]:
        """By license ID's code: what stands before the names of its fields."""
        return {part.licenseid.code: part.prefix for part in self.parts}

    @property
    def is_nothing(self) -> bool:
        """Whether nobody would miss what stands here: the form as it opens, or one emptied of products and texts."""
        first, asked, typed = self.first_asked(), self.to_asked(), self.as_typed()
        if asked == first and not typed:
            return True
        is_chosen = any(
            bool(part.additions) or any(not row.is_left_out for row in part.holdings) for part in asked.parts
        )
        is_chosen = is_chosen or asked.needed_format > 1
        is_typed = any(text.strip() for name, texts in typed.items() if name != "subject" for text in texts)
        texts = {asked.subject.strip(), asked.note.strip()}
        return not is_chosen and not is_typed and texts <= {"", first.subject}

    def row_of(self, key: str) -> tuple[FormPart, int]:
        """The license ID and row of the additions that the engine's key, `added-0`, is about."""
        rows = [(part, row) for part in self.quoted for row, _code, _quantity in part.additions()]
        return rows[int(key.removeprefix("added-"))]

    def key_of(self, part: FormPart, row: int) -> str:
        """The engine's key of what a row adds; empty where it adds nothing."""
        rows = [(one.prefix, at) for one in self.quoted for at, _code, _quantity in one.additions()]
        return f"added-{rows.index((part.prefix, row))}" if (part.prefix, row) in rows else ""

    @property
    def has_reduction(self) -> bool:
        """Whether something was typed of a reduction on the whole quote, or a reason for what is offered."""
        return bool(self._text("reduction").strip() or self._text("offer_reason").strip())

    @property
    def printed_names(self) -> list[str]:
        """The fields whose texts stand on the quote as they were typed."""
        free = [free_name(index, field) for index in self.free.said for field in ("description", "unit")]
        return ["subject", "note", *free, *TEXTS]

    @property
    def is_forged(self) -> bool:
        """Whether something was sent that this form never sends."""
        codes = {error.code for errors in self.errors.as_data().values() for error in errors}
        return bool(codes & {"unknown-field", "repeated-field", "null_characters_not_allowed"})

    def _text(self, name: str) -> str:
        return str(self.data.get(name, "")).replace("\x00", "")

    def _is_about_itself(self, name: str) -> bool:
        return name in NOT_STORED or any(name == part.name(field) for part in self.parts for field in ABOUT_ITSELF)

    @property
    def products(self) -> dict[str, Product]:
        """The rows of every product that is held or added, by code."""
        if self._products is None:
            self._products = {holding.product.code: holding.product for holding in self.holdings}
            rows: Iterable[AdditionRow] = (row for part in self.parts for row in part.addition_rows())
            named = {with_hyphens(row.product) for row in rows}
            if missing := {code for code in named - self._products.keys() if code and "\x00" not in code}:
                self._products.update(products_by_code(missing))
        return self._products

    # --- checks ------------------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for part in self.parts:
            part.check()
        self.free.check()
        self.check_terms()
        self._check_names()
        if changed := self.changed_parts:
            text = _(
                "The holdings of this license ID have changed since this page was opened. "
                "Check the quantities below and try again."
            )
            if self.is_several:
                text = _(
                    "The holdings of %(codes)s have changed since this page was opened. "
                    "Check the quantities below and try again."
                )
            self._refuse("holdings-changed", text, codes=", ".join(part.licenseid.code for part in changed))
        for code in self.gone:
            self._refuse(
                "license-id-gone",
                _("%(code)s is not among this customer’s license IDs any more, so it is not in this quote."),
                code=code[:40],
            )
        if all(part.is_left_out for part in self.parts):
            self._refuse("all-left-out", _("Every license ID is left out. Take at least one into the quote again."))
        return cleaned

    def _check_names(self) -> None:
        """Every field once, and none that this form does not have, or had before the holdings changed."""
        are_others_held = bool(self.gone) or any(
            part.name("held") not in self.data or part.are_others_held for part in self.parts
        )
        for name in self.data:
            if are_others_held and OF_HOLDING.fullmatch(name):
                continue
            if self.gone and (match := ANY.fullmatch(name)) and match[1]:
                continue
            if OF_SHEET.fullmatch(name):
                continue  # what is looked at beside the form is no part of it
            if name not in self.fields and name not in {"csrfmiddlewaretoken", "action", "with"}:
                self._refuse(
                    "unknown-field",
                    _("The entry “%(name)s” does not belong to this form. Open the license ID again."),
                    name=name[:60],
                )
            elif len(self.data.getlist(name)) > 1 and not re.fullmatch(r"with|(\d{1,18}-)?acknowledge", name):
                self.add_error(
                    name if name in self.fields else None,
                    ValidationError(
                        _("This was sent more than once with different entries. Enter it once."), "repeated-field"
                    ),
                )

    def _refuse(self, error: str, text: Any, **told: str) -> None:
        self.add_error(None, ValidationError(text, error, told or None))

    def followed_subject(self) -> str | None:
        """The subject of what is quoted now, where the one typed was proposed for other license IDs; else None."""
        typed = self._text("subject")
        codes = [one.code for one in self.licenseids]
        quoted = [part.licenseid.code for part in self.parts if not part.typed("left_out")] or codes
        named = [code for code in (*codes, *self.gone) if code in typed]
        for language in ("ja", "en"):
            followed = word_subject(quoted, language=language)
            if typed == followed:
                return None
            counts = range(1, len(codes) + len(self.gone) + 1)
            if any(typed == word_subject([code] * count, language=language) for code in named for count in counts):
                return followed
        return None

    # --- first opening -----------------------------------------------------------------------------------------------

    def first_asked(self) -> Asked:
        """What stands in the form when it opens: one year, everything that expires now, nothing reduced."""
        return Asked(
            parts=tuple(part.first_part() for part in self.parts),
            subject=first_subject(self.licenseids),
            tax_rounding=TaxRounding(self.licenseid.customer.reseller.tax_rounding),
        )

    def first_entry(self) -> QueryDict:
        """The same as the form sends it, with a key of its own."""
        entry = asked_data(self.first_asked(), prefixes=self.prefixes)
        entry["key"] = str(uuid.uuid4())
        for part in self.parts:
            entry[part.name("held")] = part.held_now()
        if self.is_several:
            entry.setlist("with", [one.code for one in self.licenseids[1:]])
        return entry


def first_subject(licenseids: Sequence[LicenseID]) -> str:
    """The subject that stands in the form until somebody types another, in the customer's language."""
    return word_subject([one.code for one in licenseids], language=licenseids[0].customer.language)


def word_subject(codes: Sequence[str], *, language: str) -> str:
    """It names the first license ID, and how many more there are."""
    if language == "en":
        return f"Renewal of licenses ({name_license_ids(codes, language='en')})"
    return f"ライセンス更新（{name_license_ids(codes, language='ja')}）"


def asked_data(
    asked: Asked,
    as_typed: Mapping[str, Sequence[str]] | None = None,
    *,
    prefixes: Mapping[str, str] | None = None,
    with_costs: bool = False,
) -> QueryDict:
    """What a form of `asked` sends; `as_typed` are texts that stand in it instead. `with_costs`: of somebody who sees
    margins.

    `prefixes` are those of the form's license IDs, by code; without them there is one license ID.
    """
    data = QueryDict(mutable=True)
    data["subject"], data["note"] = asked.subject, asked.note
    data["contact"] = str(asked.contact or "")
    if asked.reduction:
        data["reduction"] = f"{asked.reduction:,}"
    if asked.offer_reason:
        data["offer_reason"] = asked.offer_reason
    for name, text in (free_lines_data(asked.free_lines, with_costs=with_costs) | terms_data(asked.terms)).items():
        data[name] = text
    if asked.with_calculation:
        data["with_calculation"] = "on"
    for part in asked.parts:
        for name, text in part_data(part, (prefixes or {}).get(part.license_id, "")).items():
            data[name] = text
    for name, texts in (as_typed or {}).items():
        data.setlist(name, list(texts))
    return data
