"""What the one search box finds of customers and license IDs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet, Value

from foundation.text.kept_search import Sought, rows_with, with_all

from ..models import Contact, Customer, FormerCode, Holding, LicenseID, Product, User
from .seen import visible_customers

MOST_FEW = 200
"""As many as a list of numbers in a query says without taking longer than what it saves."""


def customers_with(words: Sequence[str], *, or_license_ids: bool = False) -> Q:
    """Customers in whose name, kana or contacts, with their e-mail addresses, each of the search keys is found.

    A condition on rows of `visible_customers`. Contacts are the person to whom quotes are addressed, those that were
    entered, and those who may log in. `or_license_ids`: also those one of whose license IDs has it.
    """
    return Q(pk__in=rows_with(_customers_or_license_ids if or_license_ids else _customers, words))


def _customers(words: Sequence[str]) -> QuerySet[Any, Any]:
    return with_all([_sought(word) for word in words])


def _customers_or_license_ids(words: Sequence[str]) -> QuerySet[Any, Any]:
    license_ids = LicenseID.objects.order_by()
    return with_all([_sought(word, license_ids.filter(search_key__contains=word).values("customer")) for word in words])


def _sought(word: str, *also: QuerySet[Any, Any]) -> Sought:
    people = User.objects.filter(customer__isnull=False, is_active=True)
    keys = Q(search_key__contains=word), Q(contact_key__contains=word)
    return Sought(
        keys, lambda key: Customer.objects.order_by().filter(key).values("pk"), [*_elsewhere(word, people), *also]
    )


def license_ids_named(words: Sequence[str]) -> Q:
    """License IDs in whose code or customer's name each of the search keys is found. A condition on LicenseID rows."""
    return Q(pk__in=rows_with(_license_ids, words))


def _license_ids(words: Sequence[str]) -> QuerySet[Any, Any]:
    own = LicenseID.objects.order_by()

    def by_customer(key: Q) -> QuerySet[Any, Any]:
        return own.filter(customer__in=Customer.objects.order_by().filter(key).values("pk")).values("pk")

    return with_all(
        [
            Sought((Q(search_key__contains=word),), by_customer, (own.filter(search_key__contains=word).values("pk"),))
            for word in words
        ]
    )


def _parts_of_customers(word: str, user: User | AnonymousUser) -> list[QuerySet[Any, Any]]:
    """Row numbers of customers, by each of what a word is looked for in."""
    customers = Customer.objects.order_by()
    return [
        customers.filter(search_key__contains=word).values("pk"),
        customers.filter(contact_key__contains=word).values("pk"),
        *_elsewhere(word, contacts_seen_by(user)),
    ]


def _elsewhere(word: str, people: QuerySet[User]) -> list[QuerySet[Any, Any]]:
    """Row numbers of customers by what is not their own key: former names, those who may log in, contacts."""
    merged = Customer.objects.order_by().filter(merged_into__isnull=False, search_key__contains=word)
    return [merged.values("merged_into"), *_customers_of_contacts(word, people)]


@dataclass(frozen=True, slots=True)
class Few:
    """Where a word is found that few have: row numbers."""

    license_ids: list[int]
    customers: list[int]


_PRODUCT, _LICENSE_ID, _CUSTOMER = range(3)


def few_with(word: str, user: User | AnonymousUser) -> Few | None:
    """The license IDs whose own code has a word, and the customers that have it (as above). One query.

    None where a product has it, by which any license ID may be found, or where that is more than MOST_FEW.
    """
    license_ids = LicenseID.objects.order_by().filter(search_key__contains=word)
    parts = [
        (_PRODUCT, FormerCode.objects.order_by().filter(search_key__contains=word).values("pk")),
        (_LICENSE_ID, license_ids.values("pk")),
        *((_CUSTOMER, rows) for rows in _parts_of_customers(word, user)),
    ]
    others = [rows.annotate(kind=Value(kind)).values_list("kind", *rows.query.values_select) for kind, rows in parts]
    products = Product.objects.order_by().filter(search_key__contains=word)
    first = products.annotate(kind=Value(_PRODUCT)).values_list("kind", "pk")
    found = list(first.union(*others, all=True)[: MOST_FEW + 1])
    if len(found) > MOST_FEW or any(kind == _PRODUCT for kind, _pk in found):
        return None
    own: dict[int, set[int]] = {_LICENSE_ID: set(), _CUSTOMER: set()}
    for kind, pk in found:
        own[kind].add(pk)
    return Few(sorted(own[_LICENSE_ID]), sorted(own[_CUSTOMER]))


def license_ids_with(word: str, user: User | AnonymousUser) -> Q:
    """License IDs in whose code, held products or customer (as above) the search key is found."""
    former = FormerCode.objects.filter(search_key__contains=word)
    products = Product.objects.filter(Q(search_key__contains=word) | Q(pk__in=former.values("product")))
    return (
        Q(search_key__contains=word)
        | Q(customer__search_key__contains=word)
        | Q(customer__contact_key__contains=word)
        | once_called(word, "customer__")
        | _whose_contact_has(word, user, "customer__")
        | Q(pk__in=Holding.objects.filter(product__in=products).values("licenseid"))
    )


def contacts_seen_by(user: User | AnonymousUser) -> QuerySet[User]:
    """The customers' people who may log in, of the customers that the user may see."""
    return User.objects.filter(customer__in=visible_customers(user), is_active=True)


def once_called(word: str, way: str) -> Q:
    """Customers into which one of such a name was merged. A condition; `way` leads from the rows to the customer."""
    merged = Customer.objects.filter(merged_into__isnull=False, search_key__contains=word)
    return Q(**{f"{way}pk__in": merged.values("merged_into")})


def _customers_of_contacts(word: str, people: QuerySet[User]) -> tuple[QuerySet[Any, Any], QuerySet[Any, Any]]:
    """Row numbers of customers: by those who may log in, and by those that were entered."""
    users = people.order_by().filter(search_key__contains=word).values("customer")
    return users, Contact.objects.order_by().filter(is_gone=False, search_key__contains=word).values("customer")


def _whose_contact_has(word: str, user: User | AnonymousUser, way: str) -> Q:
    """A condition; `way` leads from the rows to the customer."""
    users, entered = _customers_of_contacts(word, contacts_seen_by(user))
    return Q(**{f"{way}pk__in": users}) | Q(**{f"{way}pk__in": entered})
