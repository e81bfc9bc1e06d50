"""Comparisons searched and filtered."""

from datetime import date

from django.db.models import Q, QuerySet

from foundation.text.search import MOST_SEARCHED, search_words
from licensing.models import Customer, User

from ..models import Comparison
from ..record.comparisons import visible_comparisons

IN_STATE = {
    "withdrawn": Q(status__withdrawn_at__isnull=False),
    "quoted": Q(status__withdrawn_at=None, is_quoted=True),
}
MOST_OF_CUSTOMER = 5


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
    is_standing = Q(status__withdrawn_at=None, is_quoted=False)
    if state == "expired":
        return is_standing & Q(valid_until__lt=on)
    return is_standing & Q(valid_until__gte=on, status__chosen__isnull=state != "chosen")


def comparisons_of(user: User, customer: Customer) -> QuerySet[Comparison]:
    """The newest ones of a customer, also those of one that was merged into it."""
    found = visible_comparisons(user).filter(Q(customer=customer) | Q(customer__merged_into=customer))
    return found.order_by("-made_at", "-pk")[:MOST_OF_CUSTOMER]
