"""What a manager says of thresholds, and what an approver answers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.fields import PercentField, YenField
from foundation.versioned_forms import VersionedForm
from licensing.models import Reseller
from licensing.models.resellers import MOST_YEN
from licensing.queries import THRESHOLDS

LONGEST_WORDS = 1000
APPROVE, SEND_BACK = "approve", "send-back"


class ThresholdsForm(VersionedForm):
    """Above what a quote of the reseller needs approval."""

    marks_optional = False
    approval_reduction = PercentField(
        label=gettext_lazy("Reduction, in percent"),
        help_text=gettext_lazy("The whole reduction, of the list subtotal. Empty: not asked for."),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    approval_amount = YenField(
        label=gettext_lazy("Amount, in yen"),
        help_text=gettext_lazy("The total with tax. Empty: not asked for."),
        min_value=0,
        max_value=MOST_YEN,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, reseller: Reseller, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(reseller, name) for name in THRESHOLDS}
        super().__init__(*args, **kwargs)
        self.row = reseller


class MessageForm(forms.Form):
    """What is said to the approvers."""

    message = forms.CharField(
        label=gettext_lazy("Message to the approvers"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AnswerForm(forms.Form):
    """Approved, or sent back with words."""

    words = forms.CharField(
        label=gettext_lazy("Words to whoever asked"),
        help_text=gettext_lazy("Needed where it is sent back."),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def is_approved(self) -> bool:
        """Which of the two buttons was pressed."""
        return bool(self.data.get("act") == APPROVE)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.data.get("act") not in (APPROVE, SEND_BACK):
            raise ValidationError(_("Press one of the two buttons."), "act")
        if not self.is_approved and "words" in cleaned and not cleaned["words"]:
            self.add_error("words", _("Say why it is sent back, and what is to be changed."))
        return cleaned
