"""Forms of what managers look after."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.fields import AddressField, PercentField, PlainField, WholeNumberField, YenField
from foundation.text.language import LANGUAGES
from foundation.text.validators import validate_printable
from foundation.versioned_forms import VersionedForm

from ..importing import read_picture
from ..models import Customer, Invitation, Reseller, User
from ..models.licenses import list_segments, plain_segment
from ..models.resellers import MOST_YEN
from ..models.roles import Role
from ..operations.companies import CUSTOMER_FIELDS, PICTURES, RESELLER_FIELDS
from ..operations.people import OWN_WORDS
from ..queries import RIGHTS, segments_in_use
from .typed import PostalCodeField


def fields_of(model: type[Model], names: Iterable[str], **classes: type[forms.Field]) -> dict[str, forms.Field]:
    """The form fields of a model's columns, with the checks of the model at the field."""

    def field_of(column: Any, **kwargs: Any) -> Any:
        field = column.formfield(**({"form_class": classes[column.name]} if column.name in classes else {}), **kwargs)
        field.validators += [check for check in column.validators if check not in field.validators]
        return field

    return fields_for_model(model, fields=list(names), formfield_callback=field_of)


class PersonForm(VersionedForm):
    """Somebody who is there already. Without a role for customer contacts, and for oneself."""

    name = forms.CharField(label=pgettext_lazy("of a person", "name"), max_length=100, validators=[validate_printable])
    name_en = forms.CharField(
        label=_("name in Latin letters"),
        max_length=100,
        required=False,
        validators=[validate_printable],
        help_text=_("For quotes in English, for example Yoko Aoki. Without it they show the name above."),
    )
    role = forms.ChoiceField(
        label=_("role"),
        choices=[(Role.STAFF, Role.STAFF.label), (Role.MANAGER, Role.MANAGER.label)],
        help_text=_("Managers may do what staff may, and look after people, customers and company data."),
    )
    may_see_margins = forms.BooleanField(
        label=_("sees cost and margin"),
        required=False,
        help_text=_(
            "For staff: cost rates, and what is left of each quote after them. Managers always see them, "
            "customers never."
        ),
    )

    approves = forms.BooleanField(
        label=_("may approve quotes"),
        required=False,
        help_text=_("Of colleagues, where your thresholds ask for it; never of their own."),
    )
    approves_amount = YenField(
        label=_("approves up to, in yen"),
        help_text=_("The total with tax. Empty: any amount."),
        min_value=0,
        max_value=MOST_YEN,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    approves_reduction = PercentField(
        label=_("approves reductions up to, in percent"),
        help_text=_("Of the list subtotal. Empty: any reduction."),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )

    def __init__(self, *args: Any, person: User, has_role: bool, **kwargs: Any) -> None:
        names = ("name", "name_en", "role", "may_see_margins", *RIGHTS)
        kwargs["initial"] = {name: getattr(person, name) for name in names}
        super().__init__(*args, **kwargs)
        self.row = person
        if not has_role:
            del self.fields["role"], self.fields["may_see_margins"]
        if not person.is_reseller_staff:
            for name in ("name_en", *RIGHTS):
                del self.fields[name]

    def rights(self) -> dict[str, Any]:
        """What they may approve; empty for a contact. The form was valid."""
        return {name: self.cleaned_data[name] for name in RIGHTS if name in self.fields}


class OwnWordsForm(VersionedForm):
    """How one stands on quotes and under letters."""

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(person, name) for name in OWN_WORDS}
        super().__init__(*args, **kwargs)
        self.row = person
        own = fields_of(User, OWN_WORDS, direct_phone=PlainField, printed_email=AddressField)
        own["mail_signature"].widget.attrs["rows"] = 6
        self.fields.update(own)


class InviteForm(forms.Form):
    """Who is invited. Without a role for a customer's contact."""

    email = AddressField(label=_("e-mail"), max_length=254)
    name = forms.CharField(label=pgettext_lazy("of a person", "name"), max_length=100, validators=[validate_printable])
    role = forms.ChoiceField(
        label=_("role"),
        choices=[(Role.STAFF, Role.STAFF.label), (Role.MANAGER, Role.MANAGER.label)],
        help_text=_("Managers may do what staff may, and look after people, customers and company data."),
    )
    language = forms.ChoiceField(label=_("language of the invitation"), choices=LANGUAGES)

    def __init__(
        self, *args: Any, has_role: bool, language: str = "ja", email: str = "", name: str = "", **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"language": language, "email": email, "name": name}
        super().__init__(*args, **kwargs)
        if not has_role:
            del self.fields["role"]


class AcceptForm(forms.Form):
    """What somebody who was invited says of themselves, and the password that they choose."""

    name = forms.CharField(
        label=pgettext_lazy("of a person", "name"),
        max_length=100,
        validators=[validate_printable],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    name_en = forms.CharField(
        label=_("name in Latin letters"),
        max_length=100,
        required=False,
        validators=[validate_printable],
        help_text=_("For quotes in English, for example Yoko Aoki. Without it they show the name above."),
    )
    password = forms.CharField(
        label=pgettext_lazy("for logging in", "Password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html(),
    )
    again = forms.CharField(
        label=_("Password, once more"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        kwargs["initial"] = {"name": invitation.name}
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        if invitation.customer_id or invitation.reseller_id is None:
            del self.fields["name_en"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords are not the same. Type both again."))
        elif password:
            try:
                validate_password(password, User(email=self.invitation.email, name=cleaned.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


def segment_field(model: type[Model], used: Iterable[str]) -> forms.ChoiceField:
    """A customer's segment, chosen from those that have words and those in use; none is known at first."""
    column: Any = model._meta.get_field("segment")
    return forms.ChoiceField(
        label=column.verbose_name,
        help_text=column.help_text,
        required=False,
        choices=[("", _("not known")), *list_segments(used)],
    )


class CustomerForm(VersionedForm):
    """All that a manager says of a customer."""

    def __init__(self, *args: Any, customer: Customer | None = None, **kwargs: Any) -> None:
        known = {name: getattr(customer, name) for name in CUSTOMER_FIELDS} if customer else {"language": "ja"}
        kwargs["initial"] = known | {"segment": plain_segment(known.get("segment", ""))}
        super().__init__(*args, **kwargs)
        self.row = customer
        own = fields_of(Customer, CUSTOMER_FIELDS, postal_code=PostalCodeField)
        self.fields.update(own | {"segment": segment_field(Customer, segments_in_use())})


ENGLISH_ACCOUNT = ("bank_name_en", "bank_branch_en", "bank_account_holder_en")
"""What of the bank account quotes in English say in their own letters."""


class CompanyForm(VersionedForm):
    """What a manager says of the own company: as printed on quotes, terms, seal and logo."""

    def __init__(self, *args: Any, reseller: Reseller, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(reseller, name) for name in RESELLER_FIELDS}
        super().__init__(*args, **kwargs)
        self.row = reseller
        plain = dict.fromkeys(("phone", "bank_account_number", *ENGLISH_ACCOUNT), PlainField)
        own = fields_of(Reseller, RESELLER_FIELDS, email=AddressField, postal_code=PostalCodeField, **plain)
        for name in ("remarks", "remarks_en"):
            own[name].widget.attrs["rows"] = 3
        days = own["validity_days"]
        own["validity_days"] = WholeNumberField(
            label=days.label,
            help_text=days.help_text,
            required=True,
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        )
        self.fields.update(own)
        for name in PICTURES:
            column: Any = Reseller._meta.get_field(name)
            self.fields[name] = forms.FileField(
                label=column.verbose_name,
                required=False,
                help_text=_("PNG or JPEG, 2 MB at most. It is drawn anew: nothing else that the file holds is kept."),
                widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
            )
            if getattr(reseller, name):
                self.fields[f"without_{name}"] = forms.BooleanField(label=_("Show none from now on"), required=False)

    def clean(self) -> dict[str, Any]:
        """An account that quotes show is whole, in each language in which it is entered."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("prints_bank_account"):
            for name in ("bank_name", "bank_branch", "bank_account_number", "bank_account_holder"):
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, _("Enter this: quotes are to show the account."))
        if any(cleaned.get(name) for name in ENGLISH_ACCOUNT):
            for name in ENGLISH_ACCOUNT:
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(
                        name, _("Enter this too: bank, branch and holder in English letters belong together.")
                    )
        return cleaned

    def clean_seal(self) -> Any:
        return self._read("seal")

    def clean_logo(self) -> Any:
        return self._read("logo")

    def _read(self, name: str) -> Any:
        return read_picture(self.cleaned_data[name]) if self.cleaned_data.get(name) else None

    def pictures(self) -> dict[str, Any]:
        """New pictures by name, None for one that is to go; those that stay are left out."""
        cleaned = self.cleaned_data
        new = {name: cleaned[name] for name in PICTURES if cleaned.get(name)}
        gone = {name: None for name in PICTURES if cleaned.get(f"without_{name}") and name not in new}
        return new | gone
