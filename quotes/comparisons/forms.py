"""What staff send about a comparison."""

from django import forms
from django.utils.translation import gettext_lazy as _

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
