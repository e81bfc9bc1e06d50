"""What the one search box finds of customers and license IDs."""

import re
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from foundation.addresses import clean_address

from ..models import Holding, Product, User
from ..models.text import search_key
from .seen import visible_customers

MOST_SEARCHED = 200
"""Characters of a search that count, 100 words at most."""
_AROUND = "<>〈〉「」『』[]\"'“”,、。;:!?"
_POLITE = re.compile(r"(?:様|御中)$")


def search_words(text: str) -> list[str]:
    """The search keys of the words in a text; every one of them must be found.

    Marks around a word, as they come with what is copied from a letter, and 様 or 御中 after it make no difference. Of
    a text that is longer than any name, the beginning counts: a database bears only so many conditions.
    """
    words = (clean_address(word) if "@" in word or "＠" in word else word for word in text[:MOST_SEARCHED].split())
    keys = (_POLITE.sub("", search_key(word).strip(_AROUND)) for word in words)
    return [key for key in keys if key]


def says_nothing(text: str) -> bool:
    """Whether something was typed of which nothing is left to search by, such as 「株式会社」 or a hyphen."""
    return bool(text.strip()) and not search_words(text)


def customers_with(word: str, user: User | AnonymousUser) -> Q:
    """Customers in whose name, kana or contacts, with their e-mail addresses, the search key is found.

    A condition on Customer rows. Contacts are the person to whom quotes are addressed, and those who may log in.
    """
    return Q(search_key__contains=word) | Q(contact_key__contains=word) | Q(pk__in=_whose_contact_has(word, user))


def license_ids_with(word: str, user: User | AnonymousUser) -> Q:
    """License IDs in whose code, held products or customer (as above) the search key is found."""
    products = Product.objects.filter(search_key__contains=word)
    return (
        Q(search_key__contains=word)
        | Q(customer__search_key__contains=word)
        | Q(customer__contact_key__contains=word)
        | Q(customer__in=_whose_contact_has(word, user))
        | Q(pk__in=Holding.objects.filter(product__in=products).values("licenseid"))
    )


def contacts_seen_by(user: User | AnonymousUser) -> QuerySet[User]:
    """The customers' people who may log in, of the customers that the user may see."""
    return User.objects.filter(customer__in=visible_customers(user), is_active=True)


def _whose_contact_has(word: str, user: User | AnonymousUser) -> QuerySet[User, Any]:
    return contacts_seen_by(user).filter(search_key__contains=word).values("customer")
