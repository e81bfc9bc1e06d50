"""The log of what happens to quotes and comparisons: entries are added at its end, each sealed with the one before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, QuerySet

from foundation.among import among_later
from foundation.integrity import make_canonical
from foundation.integrity.bulk import write_new
from foundation.kept_query import KeptQuery, KeptRows, Later
from foundation.transactions import one_transaction
from licensing.models import User

from ..models import Comparison, EventChain, Quote, QuoteEvent, Shared, ShareLink, event_hash


class SealBroken(Exception):
    """An entry would not be read back as it was sealed, so nothing was written. A kind of value that nobody thought of:
    `foundation.integrity.canonical` is the place to mend.
    """


@dataclass(frozen=True, slots=True)
class Entry:
    """What the log is to be told of a quote or a comparison."""

    about: Shared
    kind: str
    by: User | None = None
    """None where somebody came by a share link, or the portal did it by itself; `by_name` then says who."""
    by_name: str = ""
    link: ShareLink | None = None
    ip: str | None = None
    user_agent: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    """What else is to be remembered, as JSON: texts, whole numbers, lists."""


@one_transaction
def record_events(entries: Sequence[Entry], *, now: datetime) -> list[QuoteEvent]:
    """Add entries, one or many, to the log of the one reseller of all they are about, in this order.

    Call it last in a transaction: until its end, other entries of the same reseller wait. What is sealed is what the
    database gives back: every value is brought to its one form before, and the entries are read again after. Raises
    SealBroken.
    """
    [reseller] = {entry.about.reseller_id for entry in entries}
    if not (found := _CHAINS.rows(reseller=reseller)):
        EventChain.objects.get_or_create(reseller_id=reseller)
        found = _CHAINS.rows(reseller=reseller)
    [(last, sealed)] = found
    events = []
    for position, entry in enumerate(entries, start=last + 1):
        event = _event(entry, reseller, now)
        event.position, event.previous_hash = position, sealed
        make_canonical(event)
        event.hash = sealed = event_hash(event)
        events.append(event)
    write_new(events, with_keys=True)
    stored = {row.pk: row for row in _EVENTS.rows(numbers=[event.pk for event in events])}
    for entry, event in zip(entries, events, strict=True):
        if event_hash(stored[event.pk]) != event.hash:
            raise SealBroken(
                f"{entry.kind} of {entry.about.number}: the database gives back something else than was sealed."
            )
    _go_on(reseller, events)
    return events


def _chains() -> QuerySet[EventChain, Any]:
    chains = EventChain.objects.filter(reseller=Later("reseller", BigIntegerField())).order_by()
    return chains.select_for_update(no_key=True).values_list("last_position", "last_hash")


_CHAINS = KeptQuery(_chains)
_EVENTS = KeptRows(lambda: QuoteEvent.objects.filter(pk__in=among_later("numbers")).order_by())


def _go_on(reseller: int, events: Sequence[QuoteEvent]) -> None:
    """Bring the end of the chain to these entries, step by step: the database refuses a leap."""
    step = "UPDATE quotes_eventchain SET last_position = %s, last_hash = %s WHERE reseller_id = %s"
    with connection.cursor() as cursor:
        cursor.executemany(step, [(event.position, event.hash, reseller) for event in events])


def record_event(
    *,
    quote: Shared,
    kind: str,
    now: datetime,
    by: User | None = None,
    by_name: str = "",
    link: ShareLink | None = None,
    ip: str | None = None,
    user_agent: str = "",
    detail: dict[str, Any] | None = None,
) -> QuoteEvent:
    """One entry, see `Entry` and `record_events`. `quote` may be a comparison."""
    entry = Entry(quote, kind, by, by_name, link, ip, user_agent, detail or {})
    [event] = record_events([entry], now=now)
    return event


def _event(entry: Entry, reseller: int, now: datetime) -> QuoteEvent:
    return QuoteEvent(
        quote=entry.about if isinstance(entry.about, Quote) else None,
        comparison=entry.about if isinstance(entry.about, Comparison) else None,
        kind=entry.kind,
        at=now,
        by=entry.by,
        by_name=entry.by_name or (entry.by.name if entry.by else ""),
        link=entry.link,
        ip=entry.ip,
        user_agent=entry.user_agent,
        detail=entry.detail,
        reseller_id=reseller,
    )
