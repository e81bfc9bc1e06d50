"""What an administrator asks about prices on a day."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from foundation.fields import DayField
from foundation.text.search import search_key
from foundation.text.typed import with_hyphens
from licensing.models import LicenseID, Product

from ..engine.values import LEAST_YEARS, MOST_YEARS
from ..models import PriceList

TEXT = {"autocomplete": "off"}


class SensibleDayField(DayField):
    """A day on which there may be prices."""

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and not 2000 <= day.year <= 2099:
            raise ValidationError(_("The day must lie between 2000 and 2099. Look for a typo."), "too-far")
        return day


def day_field() -> SensibleDayField:
    return SensibleDayField(
        label=_("day"),
        required=False,
        widget=forms.TextInput(attrs={**TEXT, "size": "16"}),
    )


class ProductDayForm(forms.Form):
    """Which product's prices, and on which day."""

    product = forms.CharField(
        label=_("product"),
        max_length=40,
        error_messages={"required": _("Enter the product code.")},
        widget=forms.TextInput(attrs={**TEXT, "list": "products", "size": "20"}),
    )
    on = day_field()
    with_drafts = forms.BooleanField(label=_("with drafts"), required=False)

    def clean_product(self) -> Product:
        code = with_hyphens(self.cleaned_data["product"])
        product = Product.objects.filter(code__iexact=code).first()
        if product is None:
            text = _("There is no product “%(code)s”. Choose one from the list.")
            raise ValidationError(text, "unknown-product", {"code": code})
        return product


class LicenseDayForm(forms.Form):
    """Which license ID, on which day, for how long, and with which one or two lists."""

    license_id = forms.CharField(
        label=_("license ID"),
        max_length=40,
        error_messages={"required": _("Enter the license ID.")},
        widget=forms.TextInput(attrs={**TEXT, "size": "20"}),
    )
    on = day_field()
    years = forms.TypedChoiceField(
        label=_("Term"),
        coerce=int,
        required=False,
        empty_value=None,
        choices=[(years, str(years)) for years in range(LEAST_YEARS, MOST_YEARS + 1)],
    )
    first = forms.TypedChoiceField(label=_("price list"), coerce=int, required=False, empty_value=None)
    second = forms.TypedChoiceField(label=_("compared with"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, price_lists: Sequence[PriceList], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.pk, label_of(row)) for row in price_lists]
        self.fields["first"].choices = [("", _("the one in force on the day")), *choices]  # type: ignore[attr-defined]
        self.fields["second"].choices = [("", _("no other")), *choices]  # type: ignore[attr-defined]

    def clean_license_id(self) -> LicenseID:
        text = self.cleaned_data["license_id"]
        found = LicenseID.objects.filter(search_key=search_key(text)).select_related("customer__reseller")
        licenseid = found.prefetch_related("holdings__product__programme").first()
        if licenseid is None:
            raise ValidationError(_("There is no license ID “%(code)s”."), "unknown-license-id", {"code": text})
        return licenseid


def label_of(price_list: PriceList) -> str:
    """A list with its day, and whether it is a draft, for a choice."""
    day = date_format(price_list.effective_on, "SHORT_DATE_FORMAT")
    if price_list.is_published:
        return f"{price_list.name} ({day})"
    return str(_("%(name)s (%(day)s, draft)")) % {"name": price_list.name, "day": day}
