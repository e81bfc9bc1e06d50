"""What staff send to make a share link."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from foundation.fields import DayField, WholeNumberField

from .operations import LinkDays

MOST_DOWNLOADS = 10_000


class LinkForm(forms.Form):
    """For whom, until when, and how many downloads."""

    recipient = forms.CharField(
        label=_("For whom"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "known-recipients"}),
        help_text=_("Name or department. Only your company sees it, in the history."),
        error_messages={
            "required": _("Enter whom the link is for."),
            "max_length": _("Write it in at most %(limit_value)d characters."),
        },
    )
    expires_on = DayField(label=_("Opens until"), error_messages={"required": _("Enter the last day.")})
    max_downloads = WholeNumberField(
        label=_("Downloads of the PDF"),
        help_text=_("The most downloads allowed. Leave empty for no limit."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, days: LinkDays, newest: int | None, addressee: str = "") -> None:
        """`newest` is the number (pk) of the quote's newest link, which the page shows; `addressee`: on the quote."""
        first = {
            "recipient": addressee,
            "expires_on": days.usual.strftime("%Y/%m/%d"),
            "max_downloads": settings.SHARE_LINK_MAX_DOWNLOADS,
            "seen": newest or "",
        }
        super().__init__(data, initial=first)
        between = _("From today until %(last)s.") % {"last": date_format(days.last)}
        day = self.fields["expires_on"]
        day.help_text = format_lazy("{} {}", between, day.help_text)
        out_of_bounds = _("Choose a day from today until %(last)s.") % {"last": date_format(days.last)}
        day.validators += [MinValueValidator(days.first, out_of_bounds), MaxValueValidator(days.last, out_of_bounds)]

    def clean_max_downloads(self) -> int | None:
        number: int | None = self.cleaned_data["max_downloads"]
        if number is not None and not 1 <= number <= MOST_DOWNLOADS:
            words = _("Enter 1 to %(most)s, or leave it empty for no limit.")
            raise forms.ValidationError(words, "out_of_bounds", {"most": f"{MOST_DOWNLOADS:,}"})
        return number

    @property
    def seen_link(self) -> int | None:
        """The newest link when the page was opened."""
        text = self.cleaned_data["seen"]
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
