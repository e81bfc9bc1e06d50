"""What a manager says of thresholds, and what an approver answers."""

from collections.abc import Iterable, Sequence
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

from ..models import ApprovalRequest

LONGEST_WORDS = 1000
APPROVE, SEND_BACK = "approve", "send-back"


def _percent(label: Any, help_text: Any) -> PercentField:
    return PercentField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


class ThresholdsForm(VersionedForm):
    """What makes a quote of the reseller need approval."""

    marks_optional = False
    approval_reduction = _percent(
        gettext_lazy("Reduction, in percent"),
        gettext_lazy("Above it. The whole reduction, of the list subtotal. Empty: not asked for."),
    )
    approval_amount = YenField(
        label=gettext_lazy("Amount, in yen"),
        help_text=gettext_lazy("Above it. The total with tax. Empty: not asked for."),
        min_value=0,
        max_value=MOST_YEN,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    approval_line_margin = _percent(
        gettext_lazy("Margin of a line, in percent"),
        gettext_lazy("Below it. Of what the line is offered at, by your cost rates. Empty: not asked for."),
    )
    approval_quote_margin = _percent(
        gettext_lazy("Margin of the quote, in percent"),
        gettext_lazy("Below it. Of what is offered, as far as it has cost rates. Empty: not asked for."),
    )
    approval_unrated = forms.BooleanField(
        label=gettext_lazy("A line without a cost rate"),
        required=False,
        help_text=gettext_lazy(
            "Nobody can say what is left of it: nothing is guessed. Without the mark it asks nothing."
        ),
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


class DecisionForm(forms.Form):
    """Two buttons: approved, or sent back."""

    @property
    def is_approved(self) -> bool:
        """Which of the two buttons was pressed."""
        return bool(self.data.get("act") == APPROVE)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.data.get("act") not in (APPROVE, SEND_BACK):
            raise ValidationError(_("Press one of the two buttons."), "act")
        return cleaned

    def refuse_without_words(self, name: str) -> None:
        """Whoever gets something back must be told why, in this field."""
        self.add_error(name, _("Say why it is sent back, and what is to be changed."))


class AnswerForm(DecisionForm):
    """Approved, or sent back with words."""

    words = forms.CharField(
        label=gettext_lazy("Words to whoever asked"),
        help_text=gettext_lazy("Needed where it is sent back."),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.is_approved and "words" in cleaned and not cleaned["words"]:
            self.refuse_without_words("words")
        return cleaned


class SeveralForm(DecisionForm):
    """Ticked requests: approved together, or sent back with words for each or one for all."""

    words = forms.CharField(
        label=gettext_lazy("Words to whoever asked, for all that are ticked"),
        help_text=gettext_lazy("Where something is sent back, words are needed: here for all, or beside each."),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, data: Any = None, *, ticked: Sequence[ApprovalRequest] = (), listed: Iterable[ApprovalRequest] = ()
    ) -> None:
        """`ticked`: what was sent with a tick; `listed`: what the page shows."""
        super().__init__(data)
        self.ticked = ticked
        for one in (*ticked, *listed):
            label = _("Words to %(name)s about %(customer)s %(codes)s")
            told = {"name": one.asked_by.name, "customer": one.customer_name, "codes": one.license_codes}
            self.fields[f"words-{one.pk}"] = forms.CharField(
                label=label % told,
                max_length=LONGEST_WORDS,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )

    def words_for(self, request: ApprovalRequest) -> str:
        """Its own, or those for all."""
        return str(self.cleaned_data.get(f"words-{request.pk}") or self.cleaned_data.get("words", ""))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.ticked:
            raise ValidationError(_("Tick the requests that you answer."), "ticks")
        if not self.is_approved and not self.errors:
            missing = [one for one in self.ticked if not self.words_for(one)]
            for one in missing:
                self.refuse_without_words(f"words-{one.pk}")
        return cleaned
