"""Which open quotes would be offered otherwise today."""

from collections.abc import Iterable
from datetime import date

from quotes.models import Quote, State

from ..models import QuoteDrift


def drifts_of(quotes: Iterable[Quote], *, on: date) -> dict[int, QuoteDrift]:
    """By quote, those that would be offered otherwise, of the quotes that are open on the day. One query."""
    rows = QuoteDrift.objects.filter(
        quote__in=[quote.pk for quote in quotes], quote__status__state=State.ISSUED, quote__valid_until__gte=on
    )
    return {row.quote_id: row for row in rows if row.is_drifting}
