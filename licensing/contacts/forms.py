"""What is typed about a contact."""

from typing import Any

from foundation.fields import AddressField, PlainField
from foundation.versioned_forms import VersionedForm

from ..forms import fields_of
from ..models import Contact
from .operations import CONTACT_FIELDS


class ContactForm(VersionedForm):
    """A contact of a customer, new or there already."""

    def __init__(self, *args: Any, contact: Contact | None = None, language: str = "ja", **kwargs: Any) -> None:
        """`language`: of a new one, the customer's."""
        known = contact or Contact(language=language)
        kwargs["initial"] = {name: getattr(known, name) for name in CONTACT_FIELDS}
        super().__init__(*args, **kwargs)
        self.row = contact
        self.fields.update(fields_of(Contact, CONTACT_FIELDS, phone=PlainField, email=AddressField))
