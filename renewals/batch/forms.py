"""How the quotes of a run are made."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.text.validators import validate_printable
from pricing.engine.values import LEAST_YEARS, MOST_YEARS

from ..form.forms import MOST_NOTE
from .operations import Settings

EACH, TOGETHER = "each", "customer"


class SettingsForm(forms.Form):
    """Settings that hold for every quote of the run; each can be opened and changed afterwards."""

    marks_optional = ("note",)

    years = forms.TypedChoiceField(label=gettext_lazy("Term"), coerce=int, initial=1)
    per = forms.ChoiceField(
        label=gettext_lazy("Quotes"),
        choices=[
            (EACH, gettext_lazy("One for each license ID")),
            (TOGETHER, gettext_lazy("One for each customer, over all their license IDs")),
        ],
        initial=EACH,
        widget=forms.RadioSelect,
    )
    as_confirmed = forms.BooleanField(
        label=gettext_lazy("Quantities and term as the customer confirmed, where they did"),
        help_text=gettext_lazy("All others as held."),
        required=False,
        initial=True,
    )
    note = forms.CharField(
        label=gettext_lazy("Note to the customer"),
        max_length=MOST_NOTE,
        required=False,
        validators=[validate_printable],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    with_calculation = forms.BooleanField(
        label=gettext_lazy("Add a page to the PDF that shows the calculation step by step"), required=False
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        years: Any = self.fields["years"]
        years.choices = [
            (count, ngettext("%(counter)s year", "%(counter)s years", count) % {"counter": count})
            for count in range(LEAST_YEARS, MOST_YEARS + 1)
        ]
        years.error_messages["invalid_choice"] = _("Choose the term.")

    def settings(self) -> Settings:
        """For a valid form."""
        cleaned = self.cleaned_data
        return Settings(
            is_per_customer=cleaned["per"] == TOGETHER,
            years=cleaned["years"],
            note=cleaned["note"].replace("\r\n", "\n"),
            with_calculation=cleaned["with_calculation"],
            as_confirmed=cleaned["as_confirmed"],
        )
