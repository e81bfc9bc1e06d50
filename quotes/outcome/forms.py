"""Why a quote stands otherwise from now on: typed, or chosen from the common reasons."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST_REASON = 500
OTHER = "other"
LOST_BECAUSE = {
    "price": gettext_lazy("Price"),
    "supplier": gettext_lazy("Another supplier was chosen"),
    "budget": gettext_lazy("Budget or timing"),
    "unused": gettext_lazy("The product is no longer used"),
    "silence": gettext_lazy("No answer from the customer"),
    OTHER: gettext_lazy("Another reason"),
}
"""Why quotes are commonly lost."""


class ReasonForm(forms.Form):
    """A reason, which must be given."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_REASON}),
        error_messages={"required": gettext_lazy("Enter the reason.")},
    )

    @property
    def text(self) -> str:
        """What is kept. For a valid form."""
        reason: str = self.cleaned_data["reason"]
        return reason


class RemarkForm(ReasonForm):
    """A remark that may be left out."""

    reason = forms.CharField(
        label=gettext_lazy("Remark"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_REASON}),
    )


class LossForm(ReasonForm):
    """One of the common reasons, and more in words; in words alone where it is another."""

    marks_optional = False

    cause = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=list(LOST_BECAUSE.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the reason.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("In more detail"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 400}),
    )
    field_order = ("cause", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("cause") == OTHER and "reason" not in self.errors and not cleaned.get("reason"):
            self.add_error("reason", _("Describe the other reason."))
        return cleaned

    @property
    def text(self) -> str:
        cause, more = self.cleaned_data["cause"], self.cleaned_data["reason"]
        if cause == OTHER:
            return str(more)
        said = str(LOST_BECAUSE[cause])
        return _("%(reason)s: %(detail)s") % {"reason": said, "detail": more} if more else said
