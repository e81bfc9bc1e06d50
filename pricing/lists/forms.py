"""What a price admin is asked when a list is copied or withdrawn."""

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminTextareaWidget, AdminTextInputWidget
from django.utils.translation import gettext_lazy as _

from foundation.fields import DayField
from foundation.text.validators import validate_printable

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
