"""What managers are asked about cost rates."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.fields import DayField, PercentField
from foundation.spreadsheets.bounds import MEGABYTE, MOST_BYTES
from foundation.spreadsheets.datasets import MOST_AT_ONCE
from foundation.spreadsheets.refusals import FileRefused, check_head, check_size
from foundation.versioned_forms import VersionedForm
from licensing.models import Product, Programme

from ..models import CostRate
from .reading import check_day, check_percent


class RateForm(VersionedForm):
    """The percentage and the first day of a rate that is there."""

    marks_optional = False
    percent = PercentField(
        label=gettext_lazy("Cost rate (%)"),
        help_text=gettext_lazy("What you pay, in percent of the list price: 80 or 72.5."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    effective_on = DayField(label=gettext_lazy("In force from"))

    def __init__(self, *args: Any, rate: CostRate | None = None, on: date | None = None, **kwargs: Any) -> None:
        known = {"effective_on": on} if rate is None else {"percent": rate.percent, "effective_on": rate.effective_on}
        kwargs["initial"] = known
        super().__init__(*args, **kwargs)
        self.row = rate

    def clean_effective_on(self) -> date:
        try:
            return check_day(self.cleaned_data["effective_on"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def clean_percent(self) -> Any:
        try:
            return check_percent(self.cleaned_data["percent"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class NewRateForm(RateForm):
    """Also asks of what it is."""

    of = forms.ChoiceField(label=gettext_lazy("Programme or product"))
    field_order = ("of", "percent", "effective_on")

    def __init__(
        self, *args: Any, programmes: Iterable[Programme], products: Iterable[Product], on: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, on=on, **kwargs)
        self.things: dict[str, Programme | Product] = {f"programme-{one.pk}": one for one in programmes}
        self.things |= {f"product-{one.pk}": one for one in products}
        groups = [
            (
                _("Whole programmes"),
                [(key, str(one)) for key, one in self.things.items() if isinstance(one, Programme)],
            ),
            (_("Single products"), [(key, str(one)) for key, one in self.things.items() if isinstance(one, Product)]),
        ]
        field: Any = self.fields["of"]
        field.choices = [("", _("Choose a programme or a product")), *groups]

    @property
    def thing(self) -> Programme | Product:
        """What a valid form chooses."""
        return self.things[self.cleaned_data["of"]]


class RatesFileForm(forms.Form):
    """A file of rates."""

    file = forms.FileField(
        label=gettext_lazy("File with cost rates"),
        help_text=format_lazy(
            gettext_lazy("XLSX, or CSV in UTF-8 or Shift_JIS (cp932). At most {size} MB and {rows} rows."),
            size=MOST_BYTES // MEGABYTE,
            rows=f"{MOST_AT_ONCE:,}",
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
        error_messages={"empty": gettext_lazy("The file is empty. Choose the file with the table.")},
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        try:
            check_size(file.size)
            content: bytes = file.read()
            check_head(content)
        except FileRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return content
