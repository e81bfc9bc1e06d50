"""The clock against the log: what is issued today cannot come before what was issued already."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, Max, QuerySet
from django.utils.timezone import get_default_timezone

from foundation.kept_query import KeptQuery, Later
from licensing.models import Reseller

from ..models import Quote, QuoteEvent
from .events import record_event
from .refusals import ClockBehind

SKEW = timedelta(minutes=5)
"""By so much the clocks of several machines may differ, and an entry wait for those before it: who began just before
midnight may write after somebody who looked at a quote a moment after it."""
CONFIRMED = QuoteEvent.Kind.CLOCK_CONFIRMED


@dataclass(frozen=True, slots=True)
class Ahead:
    """A log that holds entries of a later day than today."""

    reseller: Reseller
    latest: datetime
    """The moment of the latest one since the clock was confirmed last."""


def refuse_earlier_day(*, reseller: Reseller, now: datetime) -> None:
    """Raises ClockBehind where the log holds entries of a later day in Japan, by more than SKEW: then this machine's
    clock is wrong now, or was. Which of the two, an operator says (`confirm_clock`).
    """
    if ahead := _ahead(reseller, now):
        raise ClockBehind(today=_day(now), latest=_day(ahead.latest))


def logs_ahead(*, now: datetime, reseller: str = "") -> Iterator[Ahead]:
    """Every log that is ahead of the clock; `reseller`: the code of the only one to look at."""
    for one in Reseller.objects.filter(**({"code": reseller} if reseller else {})).order_by("code"):
        if ahead := _ahead(one, now):
            yield ahead


def confirm_clock(*, ahead: Ahead, reason: str, by_name: str, now: datetime) -> QuoteEvent:
    """Write into the log that somebody looked at the clock and that it is right now. It stands with the last quote
    or comparison that the log tells of, since every entry is of one; from it on, moments count anew.
    """
    with transaction.atomic():
        log = QuoteEvent.objects.filter(reseller=ahead.reseller)
        last = log.select_related("quote", "comparison").latest("position")
        return record_event(
            quote=last.about,
            kind=CONFIRMED,
            now=now,
            by_name=by_name,
            detail={"reason": reason, "latest": ahead.latest.isoformat()},
        )


def _ahead(reseller: Reseller, now: datetime) -> Ahead | None:
    """Two look-ups by index where nothing is wrong, as nearly always."""
    moments = [moment for query in _LATEST for [moment] in query.rows(reseller=reseller.pk)]
    if not moments or not _is_ahead(max(moments), now):
        return None
    log = QuoteEvent.objects.filter(reseller=reseller)
    confirmed = log.filter(kind=CONFIRMED).aggregate(at=Max("position"))["at"] or 0
    latest = log.filter(position__gte=confirmed).aggregate(at=Max("at"))["at"]
    return Ahead(reseller, latest) if _is_ahead(latest, now) else None


def _last_entry() -> QuerySet[Any, Any]:
    log = QuoteEvent.objects.filter(reseller=Later("reseller", BigIntegerField()))
    return log.order_by("-position").values_list("at")[:1]


def _newest_quote() -> QuerySet[Any, Any]:
    quotes = Quote.objects.filter(reseller=Later("reseller", BigIntegerField()))
    return quotes.order_by("-issued_at").values_list("issued_at")[:1]


_LATEST = KeptQuery(_last_entry), KeptQuery(_newest_quote)
"""When something was entered last. Asked whenever a quote is issued."""


def _is_ahead(moment: datetime, now: datetime) -> bool:
    return _day(moment) > _day(now) and moment - now > SKEW


def _day(moment: datetime) -> date:
    return moment.astimezone(get_default_timezone()).date()
