"""How the quotes of a run are made, and to whom they are sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.fields import AddressField
from foundation.text.validators import validate_address, validate_one_line, validate_printable
from licensing.models import Customer
from pricing.engine.values import LEAST_YEARS, MOST_YEARS
from quotes.letters.operations import PATTERN, Letter
from quotes.letters.several import DEFAULTS, PLACEHOLDERS, QUOTES
from quotes.models import Quote

from ..confirmations.recipients import Recipient
from ..form.forms import MOST_NOTE
from .operations import Addressed, Settings

EACH, TOGETHER = "each", "customer"


class SettingsForm(forms.Form):
    """Settings that hold for every quote of the run; each can be opened and changed afterwards."""

    marks_optional = ("note",)

    years = forms.TypedChoiceField(label=gettext_lazy("Term"), coerce=int, initial=1)
    per = forms.ChoiceField(
        label=gettext_lazy("Quotes"),
        choices=[
            (EACH, gettext_lazy("One for each license ID")),
            (TOGETHER, gettext_lazy("One for each customer, over all their license IDs")),
        ],
        initial=EACH,
        widget=forms.RadioSelect,
    )
    as_confirmed = forms.BooleanField(
        label=gettext_lazy("Quantities and term as the customer confirmed, where they did"),
        help_text=gettext_lazy("All others as held."),
        required=False,
        initial=True,
    )
    note = forms.CharField(
        label=gettext_lazy("Note to the customer"),
        max_length=MOST_NOTE,
        required=False,
        validators=[validate_printable],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    with_calculation = forms.BooleanField(
        label=gettext_lazy("Add a page to the PDF that shows the calculation step by step"), required=False
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        years: Any = self.fields["years"]
        years.choices = [
            (count, ngettext("%(counter)s year", "%(counter)s years", count) % {"counter": count})
            for count in range(LEAST_YEARS, MOST_YEARS + 1)
        ]
        years.error_messages["invalid_choice"] = _("Choose the term.")

    def settings(self) -> Settings:
        """For a valid form."""
        cleaned = self.cleaned_data
        return Settings(
            is_per_customer=cleaned["per"] == TOGETHER,
            years=cleaned["years"],
            note=cleaned["note"].replace("\r\n", "\n"),
            with_calculation=cleaned["with_calculation"],
            as_confirmed=cleaned["as_confirmed"],
        )


OTHER = "other"
ADDRESS = {"inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}


@dataclass(frozen=True)
class Group:
    """A customer with what was issued for them and not sent yet, and to whom it may go."""

    customer: Customer
    quotes: Sequence[Quote]
    known: Sequence[Recipient]


class LettersForm(forms.Form):
    """To whom each customer's letter goes, and what it says."""

    def __init__(self, data: Any = None, *, groups: Sequence[Group]) -> None:
        super().__init__(data)
        self.groups = groups
        for group in groups:
            self.fields |= self._fields_of(group)
        spoken = {group.customer.language for group in groups} | {one.language for g in groups for one in g.known}
        self.languages = [language for language in DEFAULTS if language in spoken]
        for language in self.languages:
            subject, body = DEFAULTS[language]
            self.fields[f"subject_{language}"] = forms.CharField(
                label=_("Subject of the e-mail"),
                max_length=200,
                initial=subject,
                validators=[validate_one_line, refuse_unknown],
            )
            self.fields[f"body_{language}"] = forms.CharField(
                label=_("Text of the e-mail"),
                max_length=5000,
                initial=body,
                validators=[refuse_unknown, refuse_without_quotes],
                widget=forms.Textarea(attrs={"rows": 22}),
            )

    def _fields_of(self, group: Group) -> dict[str, forms.Field]:
        number = group.customer.pk
        choices = [(one.address, one.words) for one in group.known] + [(OTHER, _("Another address"))]
        choice = forms.ChoiceField(
            label=_("To"), choices=choices, initial=group.known[0].address if group.known else OTHER
        )
        if not group.known:
            choice.widget = forms.HiddenInput()
        to = AddressField(
            label=_("E-mail address"),
            required=False,
            max_length=254,
            validators=[validate_address],
            widget=forms.TextInput(attrs=ADDRESS | {"data-instead-of": f"recipient-{number}"}),
            help_text=_("It becomes a contact of the customer. Without one nothing is sent to this customer now."),
            error_messages={"invalid": _("This is not an e-mail address.")},
        )
        name = forms.CharField(
            label=_("Recipient's name"),
            required=False,
            max_length=100,
            validators=[validate_one_line, validate_printable],
        )
        return {f"recipient-{number}": choice, f"to-{number}": to, f"to_name-{number}": name}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for group in self.groups:
            number = group.customer.pk
            if cleaned.get(f"recipient-{number}", OTHER) != OTHER and cleaned.get(f"to-{number}"):
                self.add_error(f"to-{number}", _("To send to the address typed here, choose “Another address”."))
            if cleaned.get(f"to-{number}") and not cleaned.get(f"to_name-{number}"):
                self.add_error(f"to_name-{number}", _("Enter the name too: it becomes a contact."))
        return cleaned

    def fields_of(self, group: Group) -> dict[str, Any]:
        """The bound fields of a customer, for the page."""
        number = group.customer.pk
        return {name: self[f"{name}-{number}"] for name in ("recipient", "to", "to_name")}

    def addressed(self) -> list[tuple[Addressed, bool]]:
        """To whom it goes, and whether that was typed and is no contact yet; for a valid form. Customers for whom
        nothing was typed are left out.
        """
        found = []
        for group in self.groups:
            number = group.customer.pk
            chosen = self.cleaned_data[f"recipient-{number}"]
            if chosen != OTHER:
                one = next(known for known in group.known if known.address == chosen)
                found.append((Addressed(group.customer, one.address, one.name, one.language), False))
            elif to := self.cleaned_data[f"to-{number}"]:
                name = " ".join(self.cleaned_data[f"to_name-{number}"].split())
                found.append((Addressed(group.customer, to, name, group.customer.language), True))
        return found

    def letters(self) -> dict[str, Letter]:
        """The texts by language, for a valid form."""
        cleaned = self.cleaned_data
        return {one: Letter(cleaned[f"subject_{one}"], cleaned[f"body_{one}"]) for one in self.languages}


def refuse_unknown(text: str) -> None:
    """Raises ValidationError that names what is in braces and means nothing."""
    if wrong := [name for name in PATTERN.findall(text) if name not in PLACEHOLDERS]:
        raise forms.ValidationError(
            _("%(wrong)s is no placeholder. Placeholders are: %(known)s.")
            % {
                "wrong": ", ".join(f"{{{name}}}" for name in dict.fromkeys(wrong)),
                "known": " ".join(f"{{{name}}}" for name in PLACEHOLDERS),
            },
            code="placeholder",
        )


def refuse_without_quotes(text: str) -> None:
    """Raises ValidationError where the quotes stand nowhere in a text."""
    if QUOTES not in PATTERN.findall(text):
        raise forms.ValidationError(_("Write {quotes} where the quotes with their links are to stand."), code="quotes")
