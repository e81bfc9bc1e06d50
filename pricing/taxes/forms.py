"""What a price admin is asked about a tax rate."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from foundation.fields import DayField, PercentField
from licensing.models import Product
from licensing.models.licenses import list_tax_categories

from ..models import TaxRate
from .operations import TaxRateRefused, check_tax_rate


class TaxRateForm(forms.Form):
    category = forms.ChoiceField(label=_("tax category"), help_text=_("Products name the category they fall under."))
    percent = PercentField(
        label=_("percent"),
        max_digits=5,
        decimal_places=2,
        min_value=0,
        validators=[MaxValueValidator(Decimal("99.99"))],
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    effective_on = DayField(
        label=_("effective on"), help_text=_("The first day of this rate: today or later."), widget=AdminDateWidget
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        used = {*Product.objects.values_list("tax_category", flat=True).distinct()}
        used |= {*TaxRate.objects.values_list("category", flat=True).distinct()}
        category: Any = self.fields["category"]
        category.choices = list_tax_categories(used)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not self.errors:
            try:
                check_tax_rate(category=cleaned["category"], effective_on=cleaned["effective_on"], now=self.now)
            except TaxRateRefused as refused:
                self.add_error("effective_on", str(refused))
        return cleaned


class WithdrawTaxRateForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
