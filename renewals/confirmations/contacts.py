"""Addresses that were typed for a letter become contacts."""

from django.core.exceptions import ValidationError

from licensing.contacts.operations import add_contact
from licensing.models import Customer

from .recipients import Addressed


def keep_contact(addressed: Addressed) -> None:
    """Keep an address that was typed with a name, for quotes; nothing where it is one already, or without a name."""
    if not (addressed.is_new and addressed.to_name):
        return
    language = addressed.customer.language
    values = {"name": addressed.to_name, "email": addressed.to, "language": language, "for_quotes": True}
    try:
        add_contact(customer=addressed.customer, values=values)
    except (ValidationError, Customer.DoesNotExist):
        return  # they are one already, or the customer has gone: the letter is on its way all the same
