"""What a price admin is asked when a list is copied or withdrawn, or a product is taken out of sale."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminTextareaWidget, AdminTextInputWidget
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from foundation.fields import DayField
from foundation.text.validators import validate_printable
from licensing.models import Product

from ..models import PriceList


class CopyForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the new draft"), max_length=100, validators=[validate_printable], widget=AdminTextInputWidget
    )
    effective_on = DayField(label=_("Effective on"), widget=AdminDateWidget)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if PriceList.objects.filter(name=name).exists():
            raise forms.ValidationError(_("There is a price list of this name already. Choose another name."))
        return name


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=AdminTextareaWidget(attrs={"rows": 3}))


class EndForm(forms.Form):
    """In which draft, from when on, and what takes the product's place."""

    draft = forms.ModelChoiceField(
        label=_("Draft in which it is written"),
        queryset=PriceList.objects.none(),
        error_messages={"required": _("Choose a draft.")},
    )
    since_on = DayField(
        label=_("not sold since"),
        widget=AdminDateWidget,
        help_text=_("The first day on which the product is not sold."),
        error_messages={"required": _("Enter the day.")},
    )
    successor = forms.ModelChoiceField(
        label=_("successor"),
        queryset=Product.objects.none(),
        required=False,
        empty_label=_("none"),
        help_text=_("What takes its place, if anything."),
    )

    def __init__(self, data: Any = None, *, product: Product, on: date) -> None:
        """`on`: today in Japan."""
        super().__init__(data)
        drafts: Any = self.fields["draft"]
        drafts.queryset = PriceList.objects.filter(published_at__isnull=True).order_by("-effective_on", "-pk")
        drafts.label_from_instance = lambda row: f"{row} ({row.effective_on:%Y/%m/%d})"
        successors: Any = self.fields["successor"]
        successors.queryset = Product.objects.exclude(pk=product.pk).order_by("code")
        self.fields["since_on"].validators += [
            MinValueValidator(date(2000, 1, 1), _("The day must lie between 2000 and 2099. Look for a typo.")),
            MaxValueValidator(date(2099, 12, 31), _("The day must lie between 2000 and 2099. Look for a typo.")),
        ]
        self.initial["since_on"] = f"{on:%Y/%m/%d}"
