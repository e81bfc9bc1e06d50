"""The chained log of one reseller, entry by entry."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from licensing.models import Reseller

from ...models import Comparison, EventChain, Quote, QuoteEvent, is_sealed
from ...record.clock import SKEW
from .difference import Difference

AT_ONCE = 500
Beat = Callable[[], None]
"""Called for every row that was looked at."""


def check_log(reseller: Reseller, noted: Mapping[int, str], beat: Beat) -> Iterator[Difference]:
    """Positions without gaps, each entry sealed with the one before it, no step back in time that nobody confirmed,
    and the end where the chain says.

    `noted`: hashes by position that were written down outside the portal before.
    """

    def found(place: str, code: str, text: str) -> Difference:
        return Difference(reseller.code, place, code, text)

    position, previous, last_hash = 0, "", ""
    before: datetime | None = None
    backwards: list[Difference] = []
    kept = dict(noted)
    of_quote = Exists(Quote.objects.filter(pk=OuterRef("quote_id"), reseller=OuterRef("reseller_id")))
    of_comparison = Exists(Comparison.objects.filter(pk=OuterRef("comparison_id"), reseller=OuterRef("reseller_id")))
    events = QuoteEvent.objects.filter(reseller=reseller).annotate(has_quote=of_quote | of_comparison)
    events = events.order_by("position")
    for event in events.iterator(AT_ONCE):
        place = _("log entry %(position)s") % {"position": event.position}
        if event.position != position + 1:
            missing = f"{position + 1}–{event.position - 1}" if event.position > position + 2 else str(position + 1)
            yield found(place, "log-gap", _("before it, entries are missing: %(positions)s.") % {"positions": missing})
        elif event.previous_hash != previous:
            yield found(place, "log-broken", _("it does not follow the entry that stands before it."))
        if not is_sealed(event):
            yield found(place, "log-changed", _("its content is not what was sealed."))
        if not event.has_quote:
            yield found(place, "log-without-quote", _("the quote or comparison that it tells of is gone."))
        if kept.pop(event.position, event.hash) != event.hash:
            yield found(place, "log-other-than-noted", _("its hash is not the one that was noted down."))
        if event.kind == QuoteEvent.Kind.CLOCK_CONFIRMED:
            backwards = []  # somebody has looked at what was found up to here, and said so in the log
        elif before and event.at < before - SKEW:
            text = _("by its moment, %(at)s, it was written before the entry that stands before it, of %(before)s.")
            told = text % {"at": _moment(event.at), "before": _moment(before)}
            backwards.append(found(place, "clock-backwards", told))
        before = event.at
        position, previous, last_hash = event.position, event.hash, event.hash
        beat()
    yield from backwards
    chain = EventChain.objects.filter(reseller=reseller).first()
    end = (chain.last_position, chain.last_hash) if chain else (0, "")
    if end != (position, last_hash):
        text = _("the log ends at entry %(position)s, but should end at entry %(wanted)s with another hash.")
        if end[0] == position:
            text = _("the log ends with another hash than the one written at its end.")
        yield found(_("end of the log"), "log-end", text % {"position": position, "wanted": end[0]})
    for lost in sorted(kept):
        place = _("log entry %(position)s") % {"position": lost}
        yield found(place, "log-other-than-noted", _("it was noted down, but is gone."))


def _moment(at: datetime) -> str:
    return at.astimezone(get_current_timezone()).strftime("%Y-%m-%d %H:%M:%S")
