"""What staff and customers type about quantity confirmations."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.fields import DayField, WholeNumberField
from foundation.versioned_forms import VersionedForm
from licensing.models import Customer, LicenseID
from quotes.letters.forms import BodyField, KnownPlaceholders, SubjectField

from ..models import ConfirmationSettings
from .letters_form import LettersForm
from .recipients import Recipient
from .texts import DEFAULTS, LINK, PLACEHOLDERS, letter_of

NEEDED = {LINK: gettext_lazy("Without {link} in the text nobody could answer.")}
MANY_LINES = (LINK, "license_ids", "signature")
"""Placeholders that stand in the text only."""
MOST_SHOWN = 20
"""Customers of whom the page shows each with a choice of recipients; of more it lists them, with the first one."""
LONGEST_OPEN = 180
"""Days from today until which an answer may be waited for."""


@dataclass(frozen=True)
class Group:
    """One customer with the license IDs that they are asked about, and to whom it may be written."""

    customer: Customer
    licenseids: list[LicenseID]
    known: list[Recipient]


class AskForm(LettersForm[Group]):
    """Whom to ask about which license IDs, until when, with which text."""

    needs_name = False
    recipient_widget = forms.RadioSelect

    key = forms.UUIDField(widget=forms.HiddenInput)
    open_until = DayField(label=gettext_lazy("Answer until"), error_messages={"required": gettext_lazy("Enter a day.")})
    remind_on = DayField(
        label=gettext_lazy("Remind on"), required=False, help_text=gettext_lazy("Once, where no answer has come.")
    )
    marks_optional = ("remind_on",)

    def __init__(self, data: Any = None, *, groups: Sequence[Group], settings: ConfirmationSettings, on: date) -> None:
        """`on`: today."""
        self.on = on
        self.leaves_out = len(groups) > MOST_SHOWN
        until = on + timedelta(days=settings.days_open)
        remind = on + timedelta(days=settings.remind_after) if settings.remind_after else None
        first: dict[str, Any] = {"key": uuid.uuid4(), "open_until": until.strftime("%Y/%m/%d")}
        if remind:
            first["remind_on"] = remind.strftime("%Y/%m/%d")
        super().__init__(data, groups=groups, initial=first)
        letters = {language: letter_of(settings, language) for language in self.languages}
        self.add_texts(letters, known=PLACEHOLDERS, needed=NEEDED, not_in_subject=MANY_LINES)

    @property
    def shown(self) -> list[Group]:
        """The customers with fields of their own: all, or of many those to whom nobody can be written yet."""
        return [group for group in self.groups if not (self.leaves_out and group.known)]

    def clean_open_until(self) -> date:
        day: date = self.cleaned_data["open_until"]
        last = self.on + timedelta(days=LONGEST_OPEN)
        if not self.on <= day <= last:
            raise ValidationError(_("Choose a day from today until %(last)s.") % {"last": date_format(last)})
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        until, remind = cleaned.get("open_until"), cleaned.get("remind_on")
        if until and remind and not self.on <= remind <= until:
            self.add_error("remind_on", _("Choose a day from today until the last day for the answer."))
        if not self.errors and not self.addressed():
            raise ValidationError(_("None of these customers has an address. Type one at least."), code="nobody")
        return cleaned


class SettingsForm(VersionedForm):
    """How a reseller asks its customers."""

    shows_prices = forms.BooleanField(
        label=gettext_lazy("Show what a renewal as held costs"),
        required=False,
        help_text=gettext_lazy("As a rough figure, tax included. Otherwise customers see no price before the quote."),
    )
    days_open = WholeNumberField(
        label=gettext_lazy("Days for the answer"),
        required=True,
        min_value=1,
        max_value=LONGEST_OPEN,
        error_messages={"required": gettext_lazy("Enter 1 to 180 days.")},
    )
    remind_after = WholeNumberField(
        label=gettext_lazy("Remind after days"),
        min_value=1,
        help_text=gettext_lazy("Once, where no answer has come. Leave empty to remind nobody."),
    )
    marks_optional = ("remind_after",)

    def __init__(self, *args: Any, settings: ConfirmationSettings, **kwargs: Any) -> None:
        letters = {language: letter_of(settings, language) for language in DEFAULTS}
        kwargs["initial"] = {
            "shows_prices": settings.shows_prices,
            "days_open": settings.days_open,
            "remind_after": settings.remind_after,
            **{f"subject_{language}": letter.subject for language, letter in letters.items()},
            **{f"body_{language}": letter.body for language, letter in letters.items()},
        }
        super().__init__(*args, **kwargs)
        known = KnownPlaceholders(PLACEHOLDERS)
        for language in DEFAULTS:
            self.fields[f"subject_{language}"] = SubjectField(known=known, not_here=MANY_LINES, required=False)
            self.fields[f"body_{language}"] = BodyField(known=known, needed=NEEDED, rows=22, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        days, after = cleaned.get("days_open"), cleaned.get("remind_after")
        if days and after and after > days:
            self.add_error("remind_after", _("Remind within the days for the answer."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What is stored: a text that is the portal's own is kept empty."""
        kept = {name: self.cleaned_data[name] for name in ("shows_prices", "days_open", "remind_after")}
        for language, (subject, body) in DEFAULTS.items():
            own_subject, own_body = (self.cleaned_data[f"{name}_{language}"].strip() for name in ("subject", "body"))
            kept[f"subject_{language}"] = "" if own_subject == subject else own_subject
            kept[f"body_{language}"] = "" if own_body == body.strip() else own_body
        return kept
