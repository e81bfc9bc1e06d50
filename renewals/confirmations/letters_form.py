"""What letters to several customers have in common: to whom each goes, typed on the spot or known, and the texts."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from foundation.fields import AddressField
from foundation.text.validators import validate_address, validate_one_line, validate_printable
from licensing.models import Customer
from quotes.letters.forms import BodyField, KnownPlaceholders, SubjectField
from quotes.letters.words import Letter

from .recipients import Addressed, Recipient

OTHER = "other"
ADDRESS = {"inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
LANGUAGES = ("ja", "en")


class Addressee(Protocol):
    """A customer to whom a letter is to go."""

    @property
    def customer(self) -> Customer: ...
    @property
    def known(self) -> Sequence[Recipient]:
        """Where one may write without typing, the best first."""


Group = TypeVar("Group", bound=Addressee)


class LettersForm(forms.Form, Generic[Group]):
    """To whom each customer's letter goes. Below it each kind of letter adds its texts."""

    needs_name = True
    """Whether an address that is typed needs a name with it: it becomes a contact."""
    leaves_out = True
    """Whether a customer for whom nothing is typed gets no letter; else that is refused."""
    recipient_widget: type[forms.Widget] = forms.Select

    def __init__(self, data: Any = None, *, groups: Sequence[Group], **kwargs: Any) -> None:
        """Languages of the letters are those in which any of the customers or contacts is written to."""
        super().__init__(data, **kwargs)
        self.groups = groups
        for group in self.shown:
            self.fields |= self._fields_of(group)
        spoken = {group.customer.language for group in groups} | {one.language for g in groups for one in g.known}
        self.languages = [language for language in LANGUAGES if language in spoken]

    @property
    def shown(self) -> Sequence[Group]:
        """The customers with fields of their own; of the others the first known recipient is written to."""
        return self.groups

    def add_texts(
        self,
        letters: Mapping[str, Letter],
        *,
        known: Collection[str],
        needed: Mapping[str, str | Promise],
        not_in_subject: Collection[str] = (),
        prefix: str = "",
    ) -> None:
        """Fields for the text in each of these languages. `known`: its placeholders; `prefix`: of the fields' names."""
        placeholders = KnownPlaceholders(known)
        for language, letter in letters.items():
            self.fields[f"{prefix}subject_{language}"] = SubjectField(
                known=placeholders, not_here=not_in_subject, initial=letter.subject
            )
            self.fields[f"{prefix}body_{language}"] = BodyField(
                known=placeholders, needed=needed, rows=22, initial=letter.body
            )

    def _fields_of(self, group: Group) -> dict[str, forms.Field]:
        number = group.customer.pk
        choices = [(one.address, one.words) for one in group.known] + [(OTHER, _("Another address"))]
        if self.leaves_out:
            hint = _("It becomes a contact of the customer. Without one nothing is sent to this customer now.")
        else:
            hint = _("With a name it becomes a contact of the customer.")
        recipient: forms.Field = forms.ChoiceField(
            label=_("To"),
            choices=choices,
            widget=self.recipient_widget,
            initial=group.known[0].address if group.known else OTHER,
            error_messages={"required": _("Choose the recipient.")},
        )
        if not group.known:  # nothing to choose from: whoever was chosen before may have gone meanwhile
            recipient = forms.CharField(required=False, widget=forms.HiddenInput, initial=OTHER)
        return {
            f"recipient-{number}": recipient,
            f"to-{number}": AddressField(
                label=_("E-mail address"),
                required=False,
                max_length=254,
                validators=[validate_address],
                help_text=hint,
                error_messages={"invalid": _("This is not an e-mail address.")},
                widget=forms.TextInput(attrs=ADDRESS | {"data-instead-of": f"recipient-{number}"}),
            ),
            f"to_name-{number}": forms.CharField(
                label=_("Recipient's name"),
                help_text=_("Needed with an address that is typed.") if self.needs_name else "",
                required=False,
                max_length=100,
                validators=[validate_one_line, validate_printable],
            ),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for group in self.shown:
            self._clean_addressee(group, cleaned)
        return cleaned

    def _clean_addressee(self, group: Group, cleaned: Mapping[str, Any]) -> None:
        number = group.customer.pk
        chosen, typed = self._chosen(group, cleaned), cleaned.get(f"to-{number}")
        if chosen and chosen != OTHER and typed:
            words = _(
                "You chose %(chosen)s, and typed another address here. To send to the typed one, choose “Another "
                "address”; to send to the chosen one, empty this field."
            )
            self.add_error(f"to-{number}", words % {"chosen": chosen})
        elif chosen == OTHER and not typed and not self.leaves_out and f"to-{number}" not in self.errors:
            self.add_error(f"to-{number}", _("Type the address to which the question goes."))
        if typed and self.needs_name and not cleaned.get(f"to_name-{number}"):
            self.add_error(f"to_name-{number}", _("Enter the name too: it becomes a contact."))

    def _chosen(self, group: Group, cleaned: Mapping[str, Any]) -> str:
        """A known address, OTHER, or nothing where that was refused."""
        if not group.known:
            return OTHER
        number = group.customer.pk
        first = "" if f"recipient-{number}" in self.fields else group.known[0].address
        return str(cleaned.get(f"recipient-{number}") or first)

    def fields_of(self, group: Group) -> dict[str, Any]:
        """The bound fields of a customer, for the page."""
        number = group.customer.pk
        return {name: self[f"{name}-{number}"] for name in ("recipient", "to", "to_name")}

    def texts_of(self, prefix: str = "") -> list[tuple[str, Any, Any]]:
        """The bound fields of the texts, for the page: language, subject, text."""
        languages = [one for one in LANGUAGES if f"{prefix}subject_{one}" in self.fields]
        return [(one, self[f"{prefix}subject_{one}"], self[f"{prefix}body_{one}"]) for one in languages]

    def addressed(self) -> list[tuple[Group, Addressed]]:
        """To whom it goes, for a valid form; without customers for whom nothing was typed."""
        found = []
        for group in self.groups:
            customer, number = group.customer, group.customer.pk
            chosen = self._chosen(group, self.cleaned_data)
            if chosen != OTHER:
                one = next(known for known in group.known if known.address == chosen)
                found.append((group, Addressed(customer, one.address, one.name, one.language)))
            elif to := self.cleaned_data[f"to-{number}"]:
                name = " ".join(self.cleaned_data[f"to_name-{number}"].split())
                found.append((group, Addressed(customer, to, name, customer.language, is_new=True)))
        return found

    def letters(self, prefix: str = "") -> dict[str, Letter]:
        """The texts by language, with placeholders. For a valid form."""
        cleaned = self.cleaned_data
        languages = [one for one in LANGUAGES if f"{prefix}subject_{one}" in self.fields]
        return {one: Letter(cleaned[f"{prefix}subject_{one}"], cleaned[f"{prefix}body_{one}"]) for one in languages}
