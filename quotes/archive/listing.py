"""The list of quotes, by how they stand."""

from collections.abc import Iterable
from datetime import date

from django.db.models import BigIntegerField, Count, Q, QuerySet

from foundation.kept_query import KeptRows, Later
from foundation.text.search import in_all, search_words
from licensing.models import Customer, User

from ..models import EXPIRED, Quote, QuoteCount, State
from ..record.queries import (
    PARTS,
    PLACES,
    any_of,
    customers_named,
    in_states,
    issuers_of,
    named,
    of_amount,
    of_customer,
    staff_of,
    visible_quotes,
    with_answer_message,
)
from .counts import counts_kept_for, standings

ANSWERS_SHOWN = 5
"""On the first page: of a list that leads on to the whole."""
STATUSES = ("current", "answered", "closed", *State.values, EXPIRED, "all")
"""What `find_quotes` filters by: the revisions that count, those whose customer answered and waits, those
with an outcome (ordered, lost, withdrawn), a shown state."""


def find_quotes(*, user: User, text: str, status: str, on: date) -> QuerySet[Quote]:
    """Issued quotes, newest first: every word of the text in number, license ID, subject, customer, the customer's
    order number or issuing person.

    The customer is found by the name on the quote, and by its present name and kana. A number is also found as the
    total. `status` is one of STATUSES; an issued quote expires at the end of its last day (R15).
    """
    quotes = with_places(visible_quotes(user)).order_by("-issued_at", "-pk")
    words = search_words(text)
    people = issuers_of(user) if words else set()
    of_words = []
    for word in words:
        conditions = [
            Q(search_key__contains=word),
            *customers_named(word),
            Q(status__order_key__contains=word),
            of_amount("total", word),
        ]
        if names := named(people, word):
            conditions.append(Q(issued_by_name__in=names))
        of_words.append(any_of(visible_quotes(user), *conditions))
    if of_words:
        quotes = quotes.filter(in_all(of_words))
    return quotes.filter(_has_status(status, on))


def with_places(quotes: QuerySet[Quote]) -> QuerySet[Quote]:
    """The quotes with all that a list shows of them."""
    return quotes.select_related("reseller", *PLACES).prefetch_related(PARTS)


def count_by_status(*, user: User, text: str, statuses: Iterable[str], on: date) -> dict[str, int]:
    """How many of the found quotes there are of each of STATUSES."""
    kept = None if search_words(text) else counts_kept_for(user)
    if kept is not None:
        counted = _count_all(user, kept, on)
        return {status: counted[status] for status in statuses}
    counts = {status: Count("pk", filter=_has_status(status, on)) for status in statuses}
    return find_quotes(user=user, text=text, status="all", on=on).order_by().aggregate(**counts)


def _count_all(user: User, kept: QuerySet[QuoteCount], on: date) -> dict[str, int]:
    """By STATUSES. Those that were answered and wait are few, and have an index of their own."""
    there = {state: standing.quotes for state, standing in standings(kept, on=on).items()}
    everything = sum(there.values())
    return there | {
        "all": everything,
        "current": everything - there[State.SUPERSEDED],
        "closed": there[State.ORDERED] + there[State.LOST] + there[State.WITHDRAWN],
        "answered": visible_quotes(user).filter(_is_answered()).order_by().count(),
    }


def _has_status(status: str, on: date) -> Q:
    if status == "current":
        return ~Q(status__state=State.SUPERSEDED)
    if status == "answered":
        return _is_answered()
    if status == "closed":
        return Q(status__state__in=[State.ORDERED, State.LOST, State.WITHDRAWN])
    return Q() if status == "all" else in_states([status], on)


def answered_quotes(user: User) -> QuerySet[Quote]:
    """Quotes whose customer has answered and whose outcome nobody has recorded yet, the last answer first."""
    return with_answer_message(visible_quotes(user).filter(_is_answered())).order_by("-status__answered_at", "-pk")


def last_answers(user: User) -> list[Quote]:
    """The last of them, for one of a reseller's people: those that the first page shows, and one more. A kept query."""
    return _LAST_ANSWERS.rows(reseller=user.reseller_id)


def _last_answers() -> QuerySet[Quote]:
    return answered_quotes(staff_of(Later("reseller", BigIntegerField())))[: ANSWERS_SHOWN + 1]


_LAST_ANSWERS = KeptRows(_last_answers)


def quotes_of_customer(user: User, customer: Customer) -> QuerySet[Quote]:
    """The revisions that count of a customer's quotes, and of those merged into it, newest first."""
    quotes = visible_quotes(user).filter(of_customer(customer.pk)).exclude(status__state=State.SUPERSEDED)
    return quotes.order_by("-issued_at", "-pk")


def _is_answered() -> Q:
    return Q(status__state=State.ISSUED, status__answered_at__isnull=False)
