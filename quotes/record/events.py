"""The log of what happens to quotes: entries are added at its end, each sealed with the one before it."""

from datetime import datetime
from typing import Any

from foundation.integrity import make_canonical
from foundation.transactions import one_transaction
from licensing.models import User

from ..models import EventChain, Quote, QuoteEvent, ShareLink, event_hash


class SealBroken(Exception):
    """An entry would not be read back as it was sealed, so nothing was written. A kind of value that nobody thought of:
    `foundation.integrity.canonical` is the place to mend.
    """


@one_transaction
def record_event(
    *,
    quote: Quote,
    kind: str,
    now: datetime,
    by: User | None = None,
    by_name: str = "",
    link: ShareLink | None = None,
    ip: str | None = None,
    user_agent: str = "",
    detail: dict[str, Any] | None = None,
) -> QuoteEvent:
    """Add an entry to the log of the quote's reseller.

    `by` is None where somebody came by a share link, or the portal did it by itself; `by_name` then says who. `detail`
    holds what else is to be remembered, as JSON (texts, whole numbers, lists). Call it last in a transaction: until
    its end, other entries of the same reseller wait. What is sealed is what the database gives back: every value is
    brought to its one form before, and the entry is read again after. Raises SealBroken.
    """
    chains = EventChain.objects.select_for_update(no_key=True).filter(reseller=quote.reseller_id)
    if (chain := chains.first()) is None:
        EventChain.objects.get_or_create(reseller_id=quote.reseller_id)
        chain = chains.get()
    event = QuoteEvent(
        quote=quote,
        kind=kind,
        at=now,
        by=by,
        by_name=by_name or (by.name if by else ""),
        link=link,
        ip=ip,
        user_agent=user_agent,
        detail=detail or {},
        reseller_id=quote.reseller_id,
        position=chain.last_position + 1,
        previous_hash=chain.last_hash,
    )
    make_canonical(event)
    event.hash = event_hash(event)
    event.save()
    [stored] = QuoteEvent.objects.filter(pk=event.pk)
    if event_hash(stored) != event.hash:
        raise SealBroken(f"{kind} of {quote.number}: the database gives back something else than was sealed.")
    chain.last_position, chain.last_hash = event.position, event.hash
    chain.save(update_fields=["last_position", "last_hash"])
    return event
