"""What an administrator types about golden cases; strings end here."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models.functions import Upper
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from foundation.fields import WholeNumberField, YenField
from foundation.text.days import read_day
from foundation.text.numbers import whole_number
from foundation.text.typed import with_hyphens
from foundation.versioned_forms import meet_list, shown_in_rows
from foundation.versions import NAME, Difference, Version, mark, meet, read_version, version_of
from licensing.models import Product
from licensing.models.licenses import MOST_HELD
from licensing.queries import former_codes

from ..engine.values import LEAST_YEARS, MOST_YEARS
from ..models import Asked, AskedHolding, GoldenCase
from ..models.golden import MOST_DAYS

MOST_ROWS = 60
USUAL_DAYS = 60
"""Support expires this many days after the quote's date where nothing is typed."""

TEXT = {"autocomplete": "off"}
SHORT = {**TEXT, "size": "8"}


MOST_STATED = 999_999_999_999


class QuantityField(WholeNumberField):
    """A number of licenses within bounds."""

    def __init__(self, *, least: int, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={**SHORT, "inputmode": "numeric"}), **kwargs)
        self.least = least

    def clean(self, value: Any) -> int | None:
        number: int | None = super().clean(value)
        if number is not None and not self.least <= number <= MOST_HELD:
            text = _("Enter a number from %(least)s to 9,999,999.")
            raise ValidationError(text, "out-of-bounds", {"least": self.least})
        return number


class AmountField(YenField):
    """A whole amount in yen, with or without its sign; empty: none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={**SHORT, "inputmode": "numeric", "size": "14"}), **kwargs)

    def clean(self, value: Any) -> int | None:
        number: int | None = super().clean(value)
        if number is not None and not 0 <= number <= MOST_STATED:
            raise ValidationError(_("Enter an amount from 0 to 999,999,999,999 yen."), "out-of-bounds")
        return number


class ExpiryField(forms.CharField):
    """Days after the quote's date, or a fixed day: `{"expires_in_days": 60}` or `{"expires_on": "2027-03-31"}`."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return {"expires_in_days": USUAL_DAYS}
        try:
            day = read_day(text)
        except ValueError:
            days = whole_number(text)
        else:
            days = None
            if 2000 <= day.year <= 2099:
                return {"expires_on": day.isoformat()}
        if days is None or abs(days) > MOST_DAYS:
            raise ValidationError(
                _("“%(value)s” is neither a number of days like 60 nor a day like 2027/03/31."),
                "not-an-expiry",
                {"value": text},
            )
        return {"expires_in_days": days}


class _FieldOfRow(BoundField):
    """Read out with the number of its row."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        row = str(form.prefix).rpartition("-")[2]
        if row.isdecimal():
            self.label = f"{self.label} {int(row) + 1}"


class ProductRow(forms.Form):
    """A row that names a product; one without a product counts as empty."""

    bound_field_class = _FieldOfRow

    product = forms.CharField(
        label=_("product"),
        max_length=40,
        error_messages={"required": _("Enter the product code.")},
        widget=forms.TextInput(attrs={**TEXT, "list": "products", "size": "16"}),
    )
    quantity = QuantityField(
        label=_("held quantity"),
        least=1,
        required=True,
        error_messages={"required": _("Enter how many.")},
    )

    def has_changed(self) -> bool:
        """Whether anything was typed that a row cannot do without."""
        names = ("product", "quantity", "renewal_quantity")
        return any(str(self[name].value() or "").strip() for name in names if name in self.fields)

    def clean_product(self) -> str:
        return with_hyphens(self.cleaned_data["product"])


class HoldingRow(ProductRow):
    renewal_quantity = QuantityField(label=_("Renewal quantity"), least=0)
    is_left_out = forms.BooleanField(label=_("left out"), required=False)
    expires = ExpiryField(
        label=_("support expiry"), required=False, max_length=40, widget=forms.TextInput(attrs={**TEXT, "size": "12"})
    )


class AdditionRow(ProductRow):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].label = _("Product to add")
        self.fields["quantity"].label = _("Quantity to add")


HoldingRows = forms.formset_factory(HoldingRow, extra=4, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
AdditionRows = forms.formset_factory(AdditionRow, extra=2, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


class CaseForm(forms.Form):
    """A golden case without its rows."""

    name = forms.CharField(
        label=_("name"),
        max_length=100,
        help_text=_("What it guards, for example “120 and 30 together, 3 years”."),
        widget=forms.TextInput(attrs={**TEXT, "class": "vTextField"}),
    )
    note = forms.CharField(
        label=_("internal note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    is_active = forms.BooleanField(label=_("active"), required=False, initial=True)
    years = forms.TypedChoiceField(
        label=_("Term"),
        coerce=int,
        choices=[(years, str(years)) for years in range(LEAST_YEARS, MOST_YEARS + 1)],
    )
    is_reduced = forms.BooleanField(label=_("Reduced renewal"), required=False)
    tax_rounding = forms.ChoiceField(
        label=_("rounding of tax"),
        choices=[("down", _("down")), ("half_up", _("half up")), ("up", _("up"))],
    )
    vendor_amount = AmountField(
        label=_("amount the vendor states"),
        help_text=_("Typed by hand, in yen, tax excluded: the case fails where the subtotal differs from it."),
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    """The fingerprint of the result that was on screen."""

    def __init__(self, *args: Any, case: GoldenCase | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        taken = GoldenCase.objects.filter(name=name)
        if self.case is not None:
            taken = taken.exclude(pk=self.case.pk)
        if taken.exists():
            raise ValidationError(_("There is a golden case of this name already. Choose another name."))
        return name


class CaseEntry:
    """A whole golden case as it is typed: the form, and the rows of holdings and additions."""

    renamed: Mapping[str, str] = MappingProxyType({})
    """Former codes that were typed, and those of now; once it was checked."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, case: GoldenCase | None = None) -> None:
        asked: Asked | None = case.asked if case else None
        first: dict[str, Any] = {}
        if case and asked:
            first = {
                "name": case.name,
                "note": case.note,
                "is_active": case.is_active,
                "years": asked["years"],
                "is_reduced": asked["is_reduced"],
                "tax_rounding": asked["tax_rounding"],
                "vendor_amount": case.vendor_amount,
            }
        self.form = CaseForm(data, initial=first, case=case)
        holdings = [_holding_typed(row) for row in asked["holdings"]] if asked else []
        additions = [dict(row) for row in asked["additions"]] if asked else []
        self.holdings = HoldingRows(data, initial=holdings, prefix="holding", form_kwargs={"empty_permitted": True})
        self.additions = AdditionRows(data, initial=additions, prefix="addition", form_kwargs={"empty_permitted": True})

    @property
    def version(self) -> Version:
        """Of a case that is shown."""
        version = version_of(self.form)
        for formset in (self.holdings, self.additions):
            version.rows[str(formset.prefix)] = {"": mark(shown_in_rows(formset))}
        return version

    def meet(self, posted: QueryDict) -> tuple[QueryDict, list[Difference]]:
        """What was sent, and how it differs from this, the case as it is stored now: `foundation.versions.meet`."""
        merged, differences = meet(posted=posted, files={}, form=self.form)
        version = read_version(posted.get(NAME))
        if version is None:
            return posted, []
        if merged is posted:
            merged = posted.copy()
        for formset, label in ((self.holdings, _("Held")), (self.additions, _("Added"))):
            before = version.rows.get(str(formset.prefix), {}).get("")
            found = meet_list(formset=formset, before=before, label=str(label), posted=posted, merged=merged)
            differences += [found] if found else []
        return merged, differences

    def is_valid(self) -> bool:
        valid = self.form.is_valid()
        valid = self.holdings.is_valid() and valid
        valid = self.additions.is_valid() and valid
        return self._check_rows() and valid

    def forgive(self) -> None:
        """Say nothing of what is wrong so far: rows are still being added."""
        for form in (self.form, *self.holdings.forms, *self.additions.forms):
            form.errors.clear()
        for formset in (self.holdings, self.additions):
            formset.non_form_errors().clear()

    @property
    def errors(self) -> list[Any]:
        """What is wrong with the case as a whole."""
        return [
            *self.form.non_field_errors(),
            *self.holdings.non_form_errors(),
            *self.additions.non_form_errors(),
        ]

    def asked(self) -> Asked:
        """What to price. For a valid entry."""
        cleaned = self.form.cleaned_data
        return {
            "years": cleaned["years"],
            "is_reduced": cleaned["is_reduced"],
            "tax_rounding": cleaned["tax_rounding"],
            "holdings": [_holding_asked(row) for row in _filled(self.holdings)],
            "additions": [{"product": row["product"], "quantity": row["quantity"]} for row in _filled(self.additions)],
        }

    def _check_rows(self) -> bool:
        """What no single field can see: unknown products, a smaller number that would not count, no row at all."""
        rows = [form for formset in (self.holdings, self.additions) for form in formset.forms if _row(form)]
        typed = {_row(form)["product"] for form in rows if "product" in _row(form)}
        known = {
            code.upper(): code
            for code in Product.objects.annotate(upper=Upper("code"))
            .filter(upper__in=[code.upper() for code in typed])
            .values_list("code", flat=True)
        }
        former: dict[str, str] = {}
        if {code.upper() for code in typed} - known.keys():
            former = {old.upper(): code for old, code in former_codes().items() if old.upper() not in known}
        self.renamed = {code: former[code.upper()] for code in sorted(typed) if code.upper() in former}
        known |= former
        is_reduced = self.form.cleaned_data.get("is_reduced", False)
        for form in rows:
            row = _row(form)
            code = row.get("product", "")
            if code.upper() in known:
                row["product"] = known[code.upper()]
            elif code:
                text = _("There is no product “%(code)s”. Choose one from the list.")
                form.add_error("product", ValidationError(text, "unknown-product", {"code": code}))
            renewed, held = row.get("renewal_quantity"), row.get("quantity")
            if renewed is None:
                continue
            if row.get("is_left_out"):
                text = _("What is left out has no renewal quantity. Clear it, or take the tick away.")
                form.add_error("renewal_quantity", ValidationError(text, "left-out"))
            elif held and 0 < renewed < held and not is_reduced:
                text = _("A smaller number counts only with reduced renewal. Tick “Reduced renewal”.")
                form.add_error("renewal_quantity", ValidationError(text, "not-reduced"))
        if not rows:
            self.form.add_error(None, ValidationError(_("Enter at least one product, held or added."), "no-row"))
        return bool(rows) and not any(form.errors for form in rows)


def _row(form: forms.Form) -> dict[str, Any]:
    """What was typed into a row, as far as it is right; nothing where it was left empty."""
    cleaned: dict[str, Any] = getattr(form, "cleaned_data", {})
    return cleaned if form.has_changed() else {}


def _filled(formset: Any) -> list[dict[str, Any]]:
    return [_row(form) for form in formset.forms if _row(form)]


def _holding_asked(row: Mapping[str, Any]) -> AskedHolding:
    """A row as the case keeps it. Nothing typed as the renewal quantity: all that is held."""
    renewed = row["quantity"] if row["renewal_quantity"] is None else row["renewal_quantity"]
    asked: AskedHolding = {
        "product": row["product"],
        "quantity": row["quantity"],
        "renewal_quantity": None if row["is_left_out"] else renewed,
    }
    asked.update(row["expires"])
    return asked


def _holding_typed(row: Mapping[str, Any]) -> dict[str, Any]:
    """A holding of a case as it would be typed."""
    renewed = row["renewal_quantity"]
    return {
        "product": row["product"],
        "quantity": row["quantity"],
        "renewal_quantity": None if renewed == row["quantity"] else renewed,
        "is_left_out": renewed is None,
        "expires": row.get("expires_on") or str(row["expires_in_days"]),
    }
