"""Comparisons searched and filtered."""

import re
from datetime import date

from django.db.models import BigIntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT

from foundation.kept_query import KeptRows, Later
from foundation.text.search import MOST_SEARCHED, search_words
from foundation.text.typed import half_width, with_hyphens
from licensing.models import Customer, User

from ..models import Comparison, QuoteEvent
from ..record.comparisons import visible_comparisons
from ..record.queries import staff_of

IN_STATE = {
    "withdrawn": Q(status__withdrawn_at__isnull=False),
    "quoted": Q(status__withdrawn_at=None, is_quoted=True),
    "unquoted": Q(status__withdrawn_at=None, is_quoted=False),
}
CHOICES_SHOWN = 5
"""On the first page: of a list that leads on to the whole."""
MOST_OF_CUSTOMER = 5
NUMBER = re.compile(r"(?<![0-9a-z])c(\d{4})-?(\d{1,6})(?!\d)", re.IGNORECASE | re.ASCII)


def find_comparisons(*, user: User, text: str, state: str, on: date) -> QuerySet[Comparison]:
    """Those that the user may see and that have all words in number, customer, license IDs or subject; newest first.

    `state`: a key of COMPARISON_STATES; empty: all.
    """
    found = visible_comparisons(user)
    for word in search_words(text[:MOST_SEARCHED]):
        found = found.filter(search_key__contains=word)
    if state:
        found = found.filter(_in_state(state, on))
    return found.order_by("-made_at", "-pk")


def _in_state(state: str, on: date) -> Q:
    if state in IN_STATE:
        return IN_STATE[state]
    is_standing = IN_STATE["unquoted"]
    if state == "expired":
        return is_standing & Q(valid_until__lt=on)
    return is_standing & Q(valid_until__gte=on, status__chosen__isnull=state != "chosen")


def comparisons_of(user: User, customer: Customer) -> QuerySet[Comparison]:
    """The newest ones of a customer, also those of one that was merged into it."""
    found = visible_comparisons(user).filter(Q(customer=customer) | Q(customer__merged_into=customer))
    return found.order_by("-made_at", "-pk")[:MOST_OF_CUSTOMER]


def chosen_comparisons(user: User) -> QuerySet[Comparison]:
    """Of which the customer has chosen an alternative, and no quote was made yet; the last choice first. Each with what
    was written with it: `choice_message`.
    """
    choices = QuoteEvent.objects.filter(comparison=OuterRef("pk"), kind=QuoteEvent.Kind.CHOSEN).order_by("-position")
    is_waiting = Q(status__chosen_at__isnull=False) & IN_STATE["unquoted"]
    found = visible_comparisons(user).filter(is_waiting)
    found = found.annotate(choice_message=Subquery(choices.values(message=KT("detail__message"))[:1]))
    return found.order_by("-status__chosen_at", "-pk")


def last_choices(user: User) -> list[Comparison]:
    """The last of them, for one of a reseller's people: those that the first page shows, and one more. A kept query."""
    return _LAST_CHOICES.rows(reseller=user.reseller_id)


def _last_choices() -> QuerySet[Comparison]:
    return chosen_comparisons(staff_of(Later("reseller", BigIntegerField())))[: CHOICES_SHOWN + 1]


_LAST_CHOICES = KeptRows(_last_choices)


def comparisons_in_box(user: User, text: str) -> QuerySet[Comparison]:
    """Comparisons whose number stands in what was typed into the one search box: C2611-0007, or C2611-7."""
    numbers = NUMBER.findall(with_hyphens(half_width(text[:MOST_SEARCHED])))
    if not numbers:
        return Comparison.objects.none()
    wanted = [f"C{month}-{int(sequence):04d}" for month, sequence in numbers]
    return visible_comparisons(user).filter(number__in=wanted).order_by("-made_at", "-pk")
