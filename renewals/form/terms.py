"""What a quote says instead of the reseller's standing texts: the form's fields, and what they ask for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.fields import DayField, WholeNumberField
from foundation.live_fields import LiveForm
from licensing.models import Reseller

from ..asked import LONGEST_TERM_TEXT, AskedTerms
from ..calculation.calculate import MOST_DAYS
from ..issue.document import standing_text

MOST_REMARKS = 1000
TEXTS = ("payment_terms", "delivery", "remarks")
NAMES = (*TEXTS, "valid_until", "valid_days")


class DaysField(WholeNumberField):
    """A number of days: `14`, `１４日`."""

    units = ("日間", "日", "days", "day")


def validity_days_field(**kwargs: Any) -> DaysField:
    """A number of days of a quote's own validity."""
    wrong = _("Enter 1 to 365 days.")
    return DaysField(
        label=_("Validity in days after the issue"),
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "qty"}),
        error_messages={"min_value": wrong, "max_value": wrong},
        **kwargs,
    )


class TermsForm(LiveForm):
    """The fields of a quote's own terms; each is empty where the reseller's standing text holds."""

    payment_terms = forms.CharField(label=_("Terms of payment"), max_length=LONGEST_TERM_TEXT, required=False)
    delivery = forms.CharField(label=_("Delivery"), max_length=LONGEST_TERM_TEXT, required=False)
    remarks = forms.CharField(
        label=_("Remarks"),
        max_length=MOST_REMARKS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    valid_until = DayField(
        label=_("Last day of validity"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    valid_days = validity_days_field()

    def tell_standing(self, reseller: Reseller, *, language: str) -> None:
        """Say below each text what stands on the quote where it is left empty."""
        for name in TEXTS:
            standing = standing_text(reseller, name, language)
            told = _("Empty: as always, “%(text)s”") % {"text": standing} if standing else _("Empty: none")
            self.fields[name].help_text = told
        days = _(
            "Empty: %(days)s days, as always. It ends earlier where the price does not hold so long, and never later."
        )
        self.fields["valid_days"].help_text = days % {"days": reseller.validity_days}

    @property
    def has_terms(self) -> bool:
        """Whether something was typed of them."""
        return any(str(self.data.get(name, "")).strip() for name in NAMES)

    def check_terms(self) -> None:
        """A last day or a number of days."""
        if self.cleaned_data.get("valid_until") and self.cleaned_data.get("valid_days"):
            text = _("Enter the last day or the number of days, one of the two.")
            self.add_error("valid_days", ValidationError(text, "one-of-two"))

    def to_terms(self) -> AskedTerms:
        """A field with an error counts as left alone; a last day goes before a number of days."""
        cleaned = self.cleaned_data
        texts = {name: (cleaned.get(name) or "").replace("\r\n", "\n").strip() for name in TEXTS}
        until = cleaned.get("valid_until")
        return AskedTerms(**texts, valid_until=until, valid_days=None if until else cleaned.get("valid_days"))


def terms_data(terms: AskedTerms) -> dict[str, str]:
    """What the fields send that ask for this; what is empty is not sent."""
    data = {name: getattr(terms, name) for name in TEXTS}
    data["valid_until"] = f"{terms.valid_until:%Y/%m/%d}" if terms.valid_until else ""
    data["valid_days"] = "" if terms.valid_days is None else str(terms.valid_days)
    return {name: text for name, text in data.items() if text}
