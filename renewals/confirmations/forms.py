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

from foundation.fields import AddressField, DayField, WholeNumberField
from foundation.text.validators import validate_address, validate_one_line, validate_printable
from foundation.versioned_forms import VersionedForm
from licensing.models import Customer, LicenseID
from quotes.letters.operations import Letter

from ..models import ConfirmationSettings
from .recipients import Recipient
from .texts import DEFAULTS, PLACEHOLDERS, has_link, letter_of, unknown_placeholders

OTHER = "other"
ADDRESS = {"inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
MOST_SHOWN = 20
"""Customers of whom the page shows each with a choice of recipients; of more it lists them, with the first one."""
LONGEST_OPEN = 180
"""Days from today until which an answer may be waited for."""


def refuse_unknown_placeholders(text: str) -> None:
    """Raises ValidationError that names what is in braces and means nothing."""
    if wrong := unknown_placeholders(text):
        raise ValidationError(
            _("%(wrong)s is no placeholder. Placeholders are: %(known)s.")
            % {
                "wrong": ", ".join(f"{{{name}}}" for name in wrong),
                "known": " ".join(f"{{{name}}}" for name in PLACEHOLDERS),
            },
            code="placeholder",
        )


class SubjectField(forms.CharField):
    """One line, with placeholders."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Subject of the e-mail"),
            max_length=200,
            validators=[validate_one_line, refuse_unknown_placeholders],
            **kwargs,
        )


class BodyField(forms.CharField):
    """The text, with placeholders; without the link's nobody could answer."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Text of the e-mail"),
            max_length=5000,
            widget=forms.Textarea(attrs={"rows": 22}),
            validators=[refuse_unknown_placeholders, self.refuse_without_link],
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n")

    @staticmethod
    def refuse_without_link(text: str) -> None:
        if text and not has_link(text):
            raise ValidationError(_("Without {link} in the text nobody could answer."), code="link")


@dataclass(frozen=True)
class Group:
    """One customer with the license IDs that they are asked about, and to whom it may be written."""

    customer: Customer
    licenseids: list[LicenseID]
    known: list[Recipient]


@dataclass(frozen=True)
class Addressed:
    """A group as it was filled in: to whom, in which language."""

    group: Group
    to: str
    to_name: str
    language: str
    is_new: bool
    """Whether the address was typed: it is not a contact yet."""


class AskForm(forms.Form):
    """Whom to ask about which license IDs, until when, with which text."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    open_until = DayField(label=gettext_lazy("Answer until"), error_messages={"required": gettext_lazy("Enter a day.")})
    remind_on = DayField(
        label=gettext_lazy("Remind on"), required=False, help_text=gettext_lazy("Once, where no answer has come.")
    )
    marks_optional = ("remind_on",)

    def __init__(self, data: Any = None, *, groups: Sequence[Group], settings: ConfirmationSettings, on: date) -> None:
        """`on`: today. Languages of the letters are those in which any of the customers or contacts is written to."""
        self.groups, self.on = groups, on
        self.is_compact = len(groups) > MOST_SHOWN
        until = on + timedelta(days=settings.days_open)
        remind = on + timedelta(days=settings.remind_after) if settings.remind_after else None
        first: dict[str, Any] = {"key": uuid.uuid4(), "open_until": until.strftime("%Y/%m/%d")}
        if remind:
            first["remind_on"] = remind.strftime("%Y/%m/%d")
        super().__init__(data, initial=first)
        for group in self.shown:
            self.fields |= self._fields_of(group)
        spoken = {group.customer.language for group in groups} | {one.language for g in groups for one in g.known}
        self.languages = [language for language in DEFAULTS if language in spoken]
        for language in self.languages:
            letter = letter_of(settings, language)
            self.fields[f"subject_{language}"] = SubjectField(initial=letter.subject)
            self.fields[f"body_{language}"] = BodyField(initial=letter.body)

    @property
    def shown(self) -> list[Group]:
        """The customers with fields of their own: all, or of many those to whom nobody can be written yet."""
        return [group for group in self.groups if not (self.is_compact and group.known)]

    def _fields_of(self, group: Group) -> dict[str, forms.Field]:
        number = group.customer.pk
        choices = [(one.address, one.words) for one in group.known] + [(OTHER, _("Another address"))]
        fields: dict[str, forms.Field] = {
            f"recipient-{number}": forms.ChoiceField(
                label=_("To"),
                choices=choices,
                widget=forms.RadioSelect,
                initial=group.known[0].address if group.known else OTHER,
                error_messages={"required": _("Choose the recipient.")},
            ),
            f"to-{number}": AddressField(
                label=_("E-mail address"),
                required=False,
                max_length=254,
                validators=[validate_address],
                help_text=_("With a name it becomes a contact of the customer."),
                error_messages={"invalid": _("This is not an e-mail address.")},
                widget=forms.TextInput(attrs=ADDRESS | {"data-instead-of": f"recipient-{number}"}),
            ),
            f"to_name-{number}": forms.CharField(
                label=_("Recipient's name"),
                required=False,
                max_length=100,
                validators=[validate_one_line, validate_printable],
            ),
        }
        if not group.known:
            fields[f"recipient-{number}"].widget = forms.HiddenInput()
        return fields

    def clean_open_until(self) -> date:
        day: date = self.cleaned_data["open_until"]
        last = self.on + timedelta(days=LONGEST_OPEN)
        if not self.on <= day <= last:
            raise ValidationError(_("Choose a day from today until %(last)s.") % {"last": date_format(last)})
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        until, remind = cleaned.get("open_until"), cleaned.get("remind_on")
        if until and remind and not self.on <= remind <= until:
            self.add_error("remind_on", _("Choose a day from today until the last day for the answer."))
        for group in self.shown:
            number = group.customer.pk
            chosen, typed = cleaned.get(f"recipient-{number}"), cleaned.get(f"to-{number}")
            if self.is_compact and not typed:
                continue  # who has no address is not asked, and named
            if chosen == OTHER and not typed and f"to-{number}" not in self.errors:
                self.add_error(f"to-{number}", _("Type the address to which the question goes."))
            elif chosen and chosen != OTHER and typed:
                words = _(
                    "You chose %(chosen)s, and typed another address here. To send to the typed one, choose “Another "
                    "address”; to send to the chosen one, empty this field."
                )
                self.add_error(f"to-{number}", words % {"chosen": chosen})
        return cleaned

    def fields_of(self, group: Group) -> dict[str, Any]:
        """The bound fields of a customer, for the page."""
        number = group.customer.pk
        return {name: self[f"{name}-{number}"] for name in ("recipient", "to", "to_name")}

    def addressed(self) -> list[Addressed]:
        """To whom each group is written; of many without those who have no address. The form was valid."""
        found = []
        for group in self.groups:
            number = group.customer.pk
            chosen = self.cleaned_data.get(f"recipient-{number}") or group.known[0].address
            if chosen == OTHER and self.is_compact and not self.cleaned_data[f"to-{number}"]:
                continue
            if chosen == OTHER:
                to, name = self.cleaned_data[f"to-{number}"], self.cleaned_data[f"to_name-{number}"]
                found.append(Addressed(group, to, " ".join(name.split()), group.customer.language, is_new=True))
            else:
                one = next(known for known in group.known if known.address == chosen)
                found.append(Addressed(group, one.address, one.name, one.language, is_new=False))
        return found

    def texts(self, language: str) -> tuple[str, str]:
        """Subject and text in a language, with their placeholders. The form was valid."""
        return self.cleaned_data[f"subject_{language}"], self.cleaned_data[f"body_{language}"]

    def letter(self, language: str) -> Letter:
        """The text in a language, with its placeholders. The form was valid."""
        return Letter(*self.texts(language))


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
        for language in DEFAULTS:
            self.fields[f"subject_{language}"] = SubjectField(required=False)
            self.fields[f"body_{language}"] = BodyField(required=False)

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
