"""The clock against the log: what is issued today cannot come before what was issued already."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import get_default_timezone

from licensing.models import Reseller

from ..models import Quote, QuoteEvent
from .events import record_event
from .refusals import ClockBehind

CONFIRMED = QuoteEvent.Kind.CLOCK_CONFIRMED


@dataclass(frozen=True, slots=True)
class Ahead:
    """A log that holds entries of a later day than today."""

    reseller: Reseller
    latest: datetime
    """The moment of the latest one since the clock was confirmed last."""


def refuse_earlier_day(*, reseller: Reseller, now: datetime) -> None:
    """Raises ClockBehind where the log holds entries of a later day in Japan: then this machine's clock is wrong now,
    or was. Which of the two, an operator says (`confirm_clock`).
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
    log = QuoteEvent.objects.filter(reseller=reseller)
    last = log.order_by("-position").values_list("at", flat=True).first()
    newest = Quote.objects.filter(reseller=reseller).order_by("-issued_at").values_list("issued_at", flat=True).first()
    if last is None or max(_day(last), _day(newest or last)) <= _day(now):
        return None
    confirmed = log.filter(kind=CONFIRMED).aggregate(at=Max("position"))["at"] or 0
    latest = log.filter(position__gte=confirmed).aggregate(at=Max("at"))["at"]
    return Ahead(reseller, latest) if _day(latest) > _day(now) else None


def _day(moment: datetime) -> date:
    return moment.astimezone(get_default_timezone()).date()
