"""The contacts of customers, and which of them log in."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from ..models import Contact, Customer, User
from ..models.contacts import PURPOSES
from .seen import visible_customers


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact as a list shows it."""

    contact: Contact
    log_in: User | None
    """The customer's user at the contact's e-mail address; None: no log-in."""

    @property
    def purposes(self) -> list[str]:
        """What the contact is for, in words."""
        return purposes_of(self.contact)


def visible_contacts(user: User | AnonymousUser) -> QuerySet[Contact]:
    """The contacts of the customers that the user may see, also those marked as gone.

    For a reseller's people and portal admins only: what a reseller notes of people is not shown to the customer.
    """
    if isinstance(user, AnonymousUser) or not (user.is_reseller_staff or user.is_portal_admin):
        return Contact.objects.none()
    return Contact.objects.filter(customer__in=visible_customers(user))


def present_contacts(customer: Customer) -> list[Contact]:
    """The customer's contacts, without those marked as gone; those for quotes first. No query where they are loaded."""
    there = [one for one in customer.contacts.all() if not one.is_gone]
    return sorted(there, key=lambda one: (not one.for_quotes, one.kana, one.name, one.pk))


def find_contact(customer: Customer, number: int | None) -> Contact | None:
    """The customer's contact of this number (pk); None where it is nobody's, another customer's, or gone."""
    if number is None or not 0 < number < 2**63:
        return None
    return customer.contacts.filter(pk=number, is_gone=False).first()


def contact_rows(customer: Customer) -> list[ContactRow]:
    """All contacts that are not gone, with their log-ins."""
    users = User.objects.filter(customer=customer).order_by("is_active")
    log_ins = {user.email.casefold(): user for user in users}
    return [
        ContactRow(contact, log_ins.get(contact.email.casefold()) if contact.email else None)
        for contact in present_contacts(customer)
    ]


def purposes_of(contact: Contact) -> list[str]:
    """What the contact is for, in words."""
    return [str(word) for name, word in PURPOSES.items() if getattr(contact, name)]


def name_contact(contact: Contact) -> str:
    """Name and department, as a list of choices shows them."""
    return f"{contact.name} – {contact.department}" if contact.department else contact.name
