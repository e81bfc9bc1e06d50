"""Why a row of a list was found, where the list does not show what was searched for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Min, Q

from foundation.text.search import search_key, search_words

from ..models import Contact, Customer, Product, User
from .search import contacts_seen_by
from .seen import visible_license_ids


@dataclass(frozen=True)
class Reason:
    """One thing in which a word was found."""

    kind: str
    """`kana`, `former`, `contact`, `product` or `license_id`."""
    text: str
    """What there is, as it is stored."""
    more: int = 0
    """How many others there are of the kind."""


_OF_CONTACTS = ("customer", "name", "email", "search_key")


class Reasons:
    """Those of one page. Four queries however many rows it has, none where nothing was searched for."""

    def __init__(
        self, *, text: str, user: User | AnonymousUser, customers: Iterable[Customer], with_license_ids: bool = False
    ) -> None:
        """`with_license_ids`: the list shows none, so they are told too."""
        self._words = search_words(text)
        self._contacts: dict[int, list[User | Contact]] = defaultdict(list)
        self._former: dict[int, list[Customer]] = defaultdict(list)
        self._codes: dict[int, tuple[str, int]] = {}
        numbers = {customer.pk for customer in customers}
        if not (self._words and numbers):
            return
        any_word = reduce(or_, (Q(search_key__contains=word) for word in self._words))
        for merged in Customer.objects.filter(any_word, merged_into__in=numbers).order_by("pk"):
            self._former[merged.present_id].append(merged)
        for contact in contacts_seen_by(user).filter(any_word, customer__in=numbers).order_by("name", "pk"):
            self._contacts[contact.customer_id or 0].append(contact)
        for entered in Contact.objects.filter(any_word, customer__in=numbers, is_gone=False).only(*_OF_CONTACTS):
            if entered.email not in [known.email for known in self._contacts[entered.customer_id] if known.email]:
                self._contacts[entered.customer_id].append(entered)
        if with_license_ids:
            found = visible_license_ids(user).filter(any_word, customer__in=numbers).order_by().values("customer")
            for row in found.annotate(code=Min("code"), count=Count("pk")):
                self._codes[row["customer"]] = row["code"], row["count"]

    def find(self, customer: Customer, *, shown: Iterable[str], products: Iterable[Product] = ()) -> list[Reason]:
        """What a row was found by beside what it shows; each once, in the order of the words."""
        keys, held = [search_key(text) for text in shown], list(products)
        unseen = [word for word in self._words if not any(word in key for key in keys)]
        return list(dict.fromkeys(reason for word in unseen for reason in self._find(word, customer, held)))

    def _find(self, word: str, customer: Customer, products: list[Product]) -> Iterator[Reason]:
        if word in search_key(customer.kana):
            yield Reason("kana", customer.kana)
        for merged in self._former[customer.pk]:
            if word in merged.search_key:
                yield Reason("former", merged.name)
        contacts = [contact for contact in self._contacts[customer.pk] if word in contact.search_key]
        if word in customer.contact_key and customer.person not in [contact.name for contact in contacts]:
            yield Reason("contact", customer.person)
        if contacts:
            yield Reason("contact", f"{contacts[0].name} {contacts[0].email}".strip(), len(contacts) - 1)
        for product in products:
            if word in product.search_key:
                yield Reason("product", str(product))
        if customer.pk in self._codes:
            yield Reason("license_id", self._codes[customer.pk][0], self._codes[customer.pk][1] - 1)
