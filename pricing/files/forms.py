"""What a price admin is asked about a price file: when it is uploaded, and when it is confirmed."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from foundation.fields import DayField
from foundation.text.validators import validate_printable
from licensing.models import Programme

from ..models import PriceImport, PriceList
from . import reading


class DraftForm(forms.Form):
    """What the new draft is called, and its day."""

    name = forms.CharField(
        label=_("Name of the new draft"),
        max_length=100,
        validators=[validate_printable],
        help_text=_("As quotes cite it, for example 2026年10月版."),
    )
    effective_on = DayField(
        label=_("Effective on"),
        widget=AdminDateWidget,
        help_text=_("The first day, Japan time, on which quotes use it once it is published."),
    )

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if PriceList.objects.filter(name=name).exists():
            raise forms.ValidationError(_("There is a price list of this name already. Choose another name."))
        return name

    def clean_effective_on(self) -> date:
        day: date = self.cleaned_data["effective_on"]
        if not date(2000, 1, 1) <= day <= date(2099, 12, 31):
            raise forms.ValidationError(_("The day must lie between 2000 and 2099. Look for a typo."))
        return day


class ConfirmForm(DraftForm):
    """Also asks whether products that the portal does not know are to be made."""

    def __init__(self, *args: Any, upload: PriceImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products = upload.new_products.get("products", [])
        if products:
            if not all(product["programme"] for product in products):
                self.fields["programme"] = forms.ModelChoiceField(
                    Programme.objects.all(),
                    label=_("Programme of the new products"),
                    help_text=_("Of those whose programme the file does not name."),
                )
            self.fields["makes_products"] = forms.BooleanField(
                label=_("Make the new products"),
                help_text=_("They are listed above. A wrong code would become a product of its own: look at each."),
            )


class UploadForm(DraftForm):
    file = forms.FileField(
        label=_("File with the prices"),
        help_text=format_lazy(
            _("XLSX, or CSV in UTF-8 or Shift_JIS (cp932). At most {size} MB and {rows} rows."),
            size=reading.MOST_BYTES // 1024 // 1024,
            rows=f"{reading.MOST_ROWS:,}",
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
        error_messages={"empty": _("The file is empty. Choose the file with the table.")},
    )
    based_on = forms.ModelChoiceField(
        PriceList.objects.all(),
        label=_("Compare with"),
        required=False,
        empty_label=_("nothing: all products count as added"),
        help_text=_(
            "What changes is told against this list. The new draft holds what is in the file, nothing else: "
            "without the columns of discounts it has no discounts."
        ),
    )
    field_order = ("file", "based_on", "name", "effective_on")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            reading.check_size(file.size)
            self.content = file.read()
            reading.check_head(self.content)
        except reading.FileRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return file
