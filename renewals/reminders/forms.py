"""What a manager says of the reseller's rhythm."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.fields import WholeNumberField
from foundation.versioned_forms import VersionedForm
from quotes.letters.forms import BodyField, KnownPlaceholders, SubjectField

from ..models import ReminderSettings
from .texts import DEFAULTS, MANY_LINES, NEEDED, PLACEHOLDERS, letter_of

MOST_DAYS = 180
NUMBER = {"inputmode": "numeric", "autocomplete": "off"}
LANGUAGES = {"ja": gettext_lazy("Japanese"), "en": gettext_lazy("English")}


def _days(label: str | Promise, help_text: str | Promise) -> WholeNumberField:
    words = gettext_lazy("Enter 0 to 180 days, or leave it empty.")
    return WholeNumberField(
        label=label,
        help_text=help_text,
        min_value=0,
        max_value=MOST_DAYS,
        widget=forms.TextInput(attrs=NUMBER),
        error_messages={"min_value": words, "max_value": words},
    )


class RhythmForm(VersionedForm):
    """The rhythm and its texts."""

    marks_optional = False
    sends_digest = forms.BooleanField(
        label=gettext_lazy("Digest every morning"),
        required=False,
        help_text=gettext_lazy("To each of your people: what is due, answered, silent, not delivered. Else nothing."),
    )
    confirm_days = _days(
        gettext_lazy("Ask for quantities, days before the expiry"),
        gettext_lazy("Where nothing was begun. Empty: never by itself."),
    )
    silent_days = _days(
        gettext_lazy("Quote without an answer, days before its validity ends"),
        gettext_lazy("Once for each quote that was sent. Empty: never."),
    )
    expiry_days = _days(
        gettext_lazy("Support expiry, days before it"),
        gettext_lazy("Once, where nothing was ordered or refused. Empty: never."),
    )
    first_hour = WholeNumberField(
        label=gettext_lazy("Letters go from (hour)"), required=True, min_value=0, max_value=23
    )
    last_hour = WholeNumberField(label=gettext_lazy("until (hour)"), required=True, min_value=1, max_value=24)

    def __init__(self, *args: Any, settings: ReminderSettings, **kwargs: Any) -> None:
        names = ("sends_digest", "confirm_days", "silent_days", "expiry_days", "first_hour", "last_hour")
        initial = {name: getattr(settings, name) for name in names}
        for kind, language in DEFAULTS:
            letter = letter_of(settings, kind, language)
            initial |= {f"{kind}_subject_{language}": letter.subject, f"{kind}_body_{language}": letter.body}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        for kind, language in DEFAULTS:
            known = KnownPlaceholders(PLACEHOLDERS[kind])
            self.fields[f"{kind}_subject_{language}"] = SubjectField(
                known=known, not_here=MANY_LINES[kind], required=False
            )
            self.fields[f"{kind}_body_{language}"] = BodyField(
                known=known, needed=NEEDED[kind], rows=16, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_hour"), cleaned.get("last_hour")
        if first is not None and last is not None and first >= last:
            self.add_error("last_hour", _("The first hour comes before the last."))
        for kind, language in DEFAULTS:
            for part in ("subject", "body"):
                name = f"{kind}_{part}_{language}"
                cleaned[name] = str(cleaned.get(name) or "").strip()
        return cleaned

    def texts(self) -> list[dict[str, Any]]:
        """The fields of the texts, as the page shows them."""
        return [
            {
                "kind": kind,
                "language": LANGUAGES[language],
                "subject": self[f"{kind}_subject_{language}"],
                "body": self[f"{kind}_body_{language}"],
            }
            for kind, language in DEFAULTS
        ]

    def values(self) -> dict[str, Any]:
        """What is stored: a text that is the portal's own is kept empty. The form was valid."""
        kept = dict(self.cleaned_data)
        for (kind, language), (subject, body) in DEFAULTS.items():
            for part, own in (("subject", subject), ("body", body.strip())):
                name = f"{kind}_{part}_{language}"
                kept[name] = "" if kept[name] == own else kept[name]
        return kept
