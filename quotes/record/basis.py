"""Quotes that rest on holdings as they were: the room above, which knows what was asked for, tells which (R21, R22)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from ..models import Quote, State

Find = Callable[[Sequence[int]], set[int]]
_FINDERS: list[Find] = []


def watch_basis(*, find: Find) -> None:
    """From an app's `ready`. `find` takes numbers of quotes, and gives back those of which a quoted holding changed.

    One query for many as for few.
    """
    _FINDERS.append(find)


def resting_on_old(quotes: Iterable[Quote]) -> set[int]:
    """The numbers of those whose quoted holdings are not what they were when they were quoted, or are gone."""
    numbers = [quote.pk for quote in quotes]
    return set().union(*(find(numbers) for find in _FINDERS)) if numbers else set()


def open_on_old(quote: Quote, *, on: date) -> list[Quote]:
    """Other open quotes of the same license IDs that rest on holdings as they were, by their numbers."""
    others = Quote.objects.filter(
        parts__licenseid__in=quote.parts.values("licenseid"),
        reseller=quote.reseller_id,
        status__state=State.ISSUED,
        valid_until__gte=on,
    ).exclude(pk=quote.pk)
    rows = list(others.select_related("status", "customer").defer("document", "trace", "asked").distinct())
    old = resting_on_old(rows)
    return sorted((one for one in rows if one.pk in old), key=lambda one: one.number)
