"""Which open quotes would be offered otherwise today."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F

from quotes.models import Quote, State

from ..models import QuoteDrift


def drifts_by_key(keys: Iterable[str], *, on: date) -> dict[str, QuoteDrift]:
    """The same by the keys of quotes. One query, none without keys."""
    wanted = [key for key in keys if key]
    rows = QuoteDrift.objects.filter(
        quote__key__in=wanted, quote__status__state=State.ISSUED, quote__valid_until__gte=on
    ).annotate(quote_key=F("quote__key"))
    return {str(row.quote_key): row for row in rows if row.is_drifting} if wanted else {}


def drifts_of(quotes: Iterable[Quote], *, on: date) -> dict[int, QuoteDrift]:
    """By quote, those that would be offered otherwise, of the quotes that are open on the day. One query."""
    rows = QuoteDrift.objects.filter(
        quote__in=[quote.pk for quote in quotes], quote__status__state=State.ISSUED, quote__valid_until__gte=on
    )
    return {row.quote_id: row for row in rows if row.is_drifting}
