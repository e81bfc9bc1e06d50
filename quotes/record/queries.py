"""Which quotes a user may see."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.fields.json import KT

from foundation.text.search import search_key
from licensing.models import Customer, User
from licensing.queries import visible_customers

from ..models import EXPIRED, Quote, QuoteEvent, QuotePart, State

ANSWERS = (QuoteEvent.Kind.ORDER_WISHED, QuoteEvent.Kind.DECLINED)
PLACES = ("status", "customer")
"""What a list shows of each quote beside itself: how it stands, and where its names lead."""
PARTS = Prefetch("parts", QuotePart.objects.select_related("licenseid__customer").order_by("position"))
"""The license IDs of a quote in their order, and whose they are by now."""


def visible_quotes(user: User) -> QuerySet[Quote]:
    """Issued quotes that the user may see, each with how it stands; the documents themselves stay unread.

    A quote is the record of the reseller that issued it: it stays there when its customer changes the reseller. Of two
    customers that were merged, the one that stays sees the quotes of both.
    """
    quotes = Quote.objects.select_related("status", "issued_by").defer("document", "trace", "asked")
    if user.is_reseller_staff:
        return quotes.filter(reseller=user.reseller_id) if user.is_active else quotes.none()
    if user.is_portal_admin and user.is_active:
        return quotes
    seen = visible_customers(user)
    return quotes.filter(Q(customer__in=seen) | Q(customer__merged_into__in=seen))


def staff_of(reseller: Any) -> User:
    """Somebody of a reseller's, who is nobody: for a kept query, whose reseller comes when it is asked."""
    somebody = User(role=User.Role.STAFF)
    somebody.reseller_id = reseller
    return somebody


def of_customer(customer: int) -> Q:
    """Quotes that were issued to the customer of this row number, or to one that was merged into it."""
    return Q(customer=customer) | Q(customer__merged_into=customer)


def any_of(quotes: QuerySet[Quote], *conditions: Q) -> QuerySet[Any, Any]:
    """Row numbers of the quotes for which one of the conditions holds. Each is looked up by its own index."""
    first, *others = (quotes.order_by().filter(condition).values("pk") for condition in conditions)
    return first.union(*others, all=True)


def customers_named(word: str) -> tuple[Q, Q]:
    """`customer_named` in two conditions, for `any_of`. Few customers were merged: it begins at those."""
    own = Q(customer__reseller=F("reseller"))
    merged = Customer.objects.order_by().filter(merged_into__isnull=False)
    into_such = merged.filter(merged_into__search_key__contains=word)
    return own & Q(customer__search_key__contains=word), own & Q(customer__in=into_such.values("pk"))


def customer_named(word: str) -> Q:
    """Quotes whose customer, or what it was merged into, has the search key in its present name or kana.

    What another reseller calls a customer that has come to it is nothing to find it by.
    """
    named_so = Q(customer__search_key__contains=word) | Q(customer__merged_into__search_key__contains=word)
    return Q(customer__reseller=F("reseller")) & named_so


def revisions_of(user: User, quote: Quote) -> QuerySet[Quote]:
    """All revisions of the quote's number, the first one first."""
    same = visible_quotes(user).filter(reseller=quote.reseller_id, month=quote.month, sequence=quote.sequence)
    return same.order_by("revision")


def latest_revision(quote: Quote) -> Quote:
    """The last revision of the quote's number."""
    same = Quote.objects.filter(reseller=quote.reseller_id, month=quote.month, sequence=quote.sequence)
    return same.defer("document", "trace", "asked").latest("revision")


def with_answer_message(quotes: QuerySet[Quote]) -> QuerySet[Quote]:
    """The quotes, each with what its customer wrote with the last answer: `answer_message`, None where nothing."""
    answers = QuoteEvent.objects.filter(quote=OuterRef("pk"), kind__in=ANSWERS).order_by("-position")
    return quotes.annotate(answer_message=Subquery(answers.values(message=KT("detail__message"))[:1]))


def in_key(part: int, word: str) -> Q:
    """The word in one part of a quote's search key, which are separated by spaces: number, customer, license ID, …"""
    return Q(search_key__contains=word, search_key__regex="^" + "[^ ]* " * part + "[^ ]*" + re.escape(word))


def in_states(states: Iterable[str], on: date) -> Q:
    """The states as people see them on a day."""
    found = Q(pk__in=())
    for state in states:
        if state == EXPIRED:
            found |= Q(status__state=State.ISSUED, valid_until__lt=on)
        elif state == State.ISSUED:
            found |= Q(status__state=state, valid_until__gte=on)
        else:
            found |= Q(status__state=state)
    return found


def issuers_of(user: User) -> set[str]:
    """The names of those who issued the quotes that the user may see, as the quotes have them.

    Of one reseller each name is looked up behind the one before it: few steps, however many quotes there are.
    """
    if not user.is_reseller_staff:
        return set(visible_quotes(user).order_by().values_list("issued_by_name", flat=True).distinct())
    with connection.cursor() as cursor:
        cursor.execute(_ISSUERS, {"reseller": user.reseller_id})
        return {name for (name,) in cursor.fetchall()}


_ISSUERS = """
WITH RECURSIVE names (name) AS (
  SELECT min(issued_by_name) FROM quotes_quote WHERE reseller_id = %(reseller)s
  UNION ALL
  SELECT (SELECT min(issued_by_name) FROM quotes_quote WHERE reseller_id = %(reseller)s AND issued_by_name > names.name)
  FROM names WHERE names.name IS NOT NULL
) SELECT name FROM names WHERE name IS NOT NULL
"""


def named(people: Iterable[str], word: str) -> list[str]:
    """The names in which a search key is found; a reseller has few people, and records keep names as they were."""
    return sorted(name for name in people if word in search_key(name))


def of_amount(field: str, word: str) -> Q:
    """The amount that a search key may mean: 1,500,070 and ¥1,500,070 have become 1500070 and ¥1500070."""
    match = re.fullmatch(r"[¥\\]?(\d{1,15})円?", word, re.ASCII)
    return Q(**{field: int(match[1])}) if match else Q(pk__in=())
