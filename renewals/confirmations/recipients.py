"""To whom a customer's letter may go without typing, and to whom it does."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from licensing.models import Contact, Customer, User
from licensing.queries import visible_contacts

MOST_RECIPIENTS = 6


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address of a customer, and in which language one writes there."""

    address: str
    name: str
    language: str

    @property
    def words(self) -> str:
        """As a choice."""
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class Addressed:
    """To whom a customer's letter goes."""

    customer: Customer
    to: str
    to_name: str
    language: str
    """Of the letter: `ja` or `en`."""
    is_new: bool = False
    """Whether the address was typed: it is not a contact yet."""


def was_removed(address: str, *, customer: int) -> bool:
    """Whether an address is that of a contact who was removed, and of nobody whom the customer still has."""
    same = Contact.objects.filter(Q(customer=customer) | Q(customer__merged_into=customer), email__iexact=address)
    found = set(same.values_list("is_gone", flat=True))
    users = User.objects.filter(customer=customer, email__iexact=address, is_active=True)
    return found == {True} and not users.exists()


def recipients_of(customers: Iterable[Customer], *, user: User) -> dict[int, list[Recipient]]:
    """By customer's row number: contacts for quotes, people who log in, other contacts. Two queries."""
    by_number = {customer.pk: customer for customer in customers}
    found: dict[int, dict[str, Recipient]] = {number: {} for number in by_number}
    contacts = visible_contacts(user).filter(customer__in=by_number, is_gone=False).exclude(email="")
    rows = list(contacts.order_by("kana", "name", "pk"))
    people = User.objects.filter(customer__in=by_number, is_active=True).order_by("name", "pk")
    logged = [
        (one.customer_id or 0, Recipient(one.email, one.name, by_number[one.customer_id or 0].language))
        for one in people
    ]
    named = [(one, (one.customer_id, Recipient(one.email, one.name, one.language))) for one in rows]
    first = [known for one, known in named if one.for_quotes]
    last = [known for one, known in named if not one.for_quotes]
    for number, known in (*first, *logged, *last):
        found[number].setdefault(known.address, known)
    return {number: list(known.values())[:MOST_RECIPIENTS] for number, known in found.items()}
