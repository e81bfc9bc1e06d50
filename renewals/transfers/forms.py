"""To which reseller a customer comes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licensing.models import Customer, Reseller


class ResellerForm(forms.Form):
    """Another reseller than the customer's own."""

    to = forms.ModelChoiceField(
        label=_("New reseller"),
        queryset=Reseller.objects.none(),
        empty_label="–",
        error_messages={
            "required": _("Choose the new reseller."),
            "invalid_choice": _("Choose a reseller of the list."),
        },
    )

    def __init__(self, data: Any = None, *, customer: Customer) -> None:
        super().__init__(data)
        field: Any = self.fields["to"]
        field.queryset = Reseller.objects.exclude(pk=customer.reseller_id)
