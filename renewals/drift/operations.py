"""Keep what open quotes would cost today."""

from datetime import date

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from foundation.integrity.writers import is_being_written
from foundation.transactions import one_transaction
from licensing.models import Holding
from pricing.loader import load_prices
from quotes.models import Quote, QuotePart, State

from ..models import QuoteDrift
from .shadow import totals_today

CHUNK = 200
"""Quotes of one step: a worker that dies loses no more."""


def look(*, on: date) -> int:
    """Price up to CHUNK open quotes again with the prices of the day, of the holdings of now; how many it were."""
    prices = load_prices(on=on)
    last = last_change()
    in_force = prices.price_list.pk if prices.price_list else None
    stale = list(stale_quotes(on=on, price_list=in_force, last=last)[:CHUNK])
    totals = totals_today(stale, prices=prices, on=on)
    rows = []
    for quote in stale:
        total = totals.get(quote.pk, quote.total)
        rows.append(
            QuoteDrift(
                quote=quote,
                looked_on=on,
                price_list=prices.price_list,
                last_change=last,
                total=total,
                difference=None if total is None else total - quote.total,
            )
        )
    QuoteDrift.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["quote"],
        update_fields=["looked_on", "price_list", "last_change", "total", "difference"],
    )
    if len(stale) < CHUNK:  # the others know of no later change: nobody need look for it again
        QuoteDrift.objects.filter(looked_on=on, price_list=in_force, last_change__lt=last).update(last_change=last)
    return len(stale)


def stale_quotes(*, on: date, price_list: int | None, last: int) -> QuerySet[Quote]:
    """Open quotes that were not priced on the day, with the list in force, of the holdings as they are.

    `last`: the last change of holdings that anybody can know of.
    """
    known = QuoteDrift.objects.filter(quote=OuterRef("pk"), looked_on=on, price_list=price_list)
    rows = Quote.objects.filter(status__state=State.ISSUED, valid_until__gte=on)
    if QuoteDrift.objects.filter(looked_on=on, last_change__lt=last).exists():
        # From the quote's few parts to the history of each: asked the other way round, all that was written since is
        # looked through for every quote.
        since = Holding.history.model.objects.filter(
            licenseid=OuterRef("licenseid"), history_id__gt=OuterRef(OuterRef("last_change"))
        )
        changed = QuotePart.objects.filter(Exists(since.order_by()), quote=OuterRef("quote"))
        known = known.exclude(Exists(changed.order_by()))
    return rows.filter(~Exists(known)).only("pk", "total").order_by("pk")


def last_change() -> int:
    """The number of the last entry in the history of holdings of which all before it are seen; 0 where there is none.

    While somebody writes holdings, an entry with a smaller number may still be to come: then it is the last one that
    was known before, and what has changed since is looked at when they have ended.
    """
    last: int = Holding.history.model.objects.aggregate(last=Max("history_id"))["last"] or 0
    known: int = QuoteDrift.objects.aggregate(last=Max("last_change"))["last"] or 0
    return known if last > known and is_being_written(Holding.history.model) else last


@one_transaction
def forget_closed(*, on: date) -> int:
    """Drop what is known of quotes that are not open any more."""
    closed = ~Q(quote__status__state=State.ISSUED) | Q(quote__valid_until__lt=on)
    count, _models = QuoteDrift.objects.filter(closed).delete()
    return count
