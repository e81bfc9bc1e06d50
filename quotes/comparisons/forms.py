"""What staff send about a comparison."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..letters.comparing import PLACEHOLDERS
from ..letters.forms import BodyField, KnownPlaceholders, RecipientForm, SubjectField
from ..letters.words import has_link

LONGEST_REASON = 500


class WithdrawForm(forms.Form):
    """A reason, which must be given."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_REASON}),
        help_text=_("Only your company sees it."),
        error_messages={"required": _("Enter the reason.")},
    )


class SendComparisonForm(RecipientForm):
    """To whom a comparison is sent, with which text. A share link stands in it, and the PDF is attached."""

    subject = SubjectField(known=KnownPlaceholders(PLACEHOLDERS))
    body = BodyField(known=KnownPlaceholders(PLACEHOLDERS), rows=24)
    filled_for = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    """The recipient's name for which the text was filled in."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "body" in cleaned and not has_link(cleaned["body"]):
            self.add_error("body", gettext("Write {link} where the share link is to stand."))
        return cleaned
