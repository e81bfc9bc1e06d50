"""Where text becomes what is entered on a renewal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.fields import DayField
from foundation.text.validators import validate_printable

from ..models import DeskEntry


class EntryForm(forms.Form):
    """What staff say of one renewal."""

    follow_up_on = DayField(label=_("Follow-up day"), required=False)
    note = forms.CharField(label=_("Internal note"), max_length=500, required=False, validators=[validate_printable])
    declined_reason = forms.CharField(
        label=_("Reason why it is not renewed"),
        max_length=500,
        required=False,
        validators=[validate_printable],
        help_text=_("With a reason the renewal is closed as not renewed. Empty the field to take that back."),
    )

    def __init__(self, *args: Any, entry: DeskEntry | None, **kwargs: Any) -> None:
        if entry:
            kwargs["initial"] = {name: getattr(entry, name) for name in ("follow_up_on", "note", "declined_reason")}
        super().__init__(*args, **kwargs)


class FilterNameForm(forms.Form):
    """Under which name a filter is kept."""

    name = forms.CharField(label=_("name of the filter"), max_length=60, validators=[validate_printable])
