"""What changes a customer's contacts: one adds, corrects, removes and brings back under the customer's lock."""

from collections.abc import Callable, Mapping
from typing import Any

from foundation.transactions import one_transaction

from ..models import Contact, Customer

CONTACT_FIELDS = (
    "name",
    "kana",
    "department",
    "email",
    "phone",
    "language",
    "for_quotes",
    "for_technical",
    "for_billing",
)


class ContactGone(Exception):
    """Nothing was written: somebody removed the contact meanwhile."""


@one_transaction
def add_contact(*, customer: Customer, values: Mapping[str, Any]) -> Contact:
    """A new contact. Raises ValidationError where the customer has the same already, Customer.DoesNotExist where the
    customer was deleted or merged into another meanwhile, or is another reseller's.
    """
    rows = Customer.objects.filter(reseller=customer.reseller_id, merged_into=None)
    locked = rows.select_for_update(no_key=True).get(pk=customer.pk)
    return _save(Contact(customer=locked), values)


@one_transaction
def change_contact(
    *, contact: Contact, values: Mapping[str, Any], look: Callable[[Contact], None] = lambda _contact: None
) -> Contact:
    """What is true of the contact from now on; issued quotes keep what they say.

    Raises ValidationError and Customer.DoesNotExist as above, ContactGone, Contact.DoesNotExist, and what `look` raises
    over the locked row.
    """
    found = _locked(contact)
    if found.is_gone:
        raise ContactGone
    look(found)
    return _save(found, values)


@one_transaction
def mark_contact(*, contact: Contact, is_gone: bool) -> bool:
    """Mark as gone, or bring back. False where it stood so already; then nothing was written.

    Raises ValidationError where a contact that comes back is there anew, Contact.DoesNotExist, Customer.DoesNotExist.
    """
    found = _locked(contact)
    if found.is_gone == is_gone:
        return False
    found.is_gone = is_gone
    _save(found, {})
    return True


def _locked(contact: Contact) -> Contact:
    """The contact as it is now. Its customer is locked too, so that of two alike the second is refused.

    Raises Customer.DoesNotExist where the customer has come to another reseller since the contact was loaded.
    """
    rows = Customer.objects.select_for_update(no_key=True, of=("self",)).filter(contacts=contact.pk)
    rows.get(reseller=contact.customer.reseller_id)
    return Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)


def _save(row: Contact, values: Mapping[str, Any]) -> Contact:
    for name in CONTACT_FIELDS:
        if name in values:
            setattr(row, name, values[name])
    row.full_clean()
    row.save()
    return row
