"""Every comparison of one reseller against what the log says of it, and its numbers."""

import hashlib
from collections.abc import Iterator
from itertools import groupby

from django.db.models import Count
from django.utils.translation import gettext as _

from licensing.models import Reseller

from ...models import Comparison, ComparisonNumber, ComparisonStatus, Quote, QuoteEvent, QuoteOrigin
from ...record.comparisons import seal_of
from ...record.offers import told_of_origin
from .beside import Found, check_derived, check_links
from .difference import Difference
from .log import Beat


def check_comparisons(reseller: Reseller, beat: Beat) -> Iterator[Difference]:
    """Each record and PDF is hashed again; what was chosen and withdrawn is what the log tells last."""
    keys = Comparison.objects.filter(reseller=reseller).order_by("month", "sequence")
    for comparison in keys.select_related("status").defer("document").iterator(50):
        if comparison.number != f"C{comparison.month}-{comparison.sequence:04d}":
            text = _("its number is not that of its month and sequence.")
            yield Difference(reseller.code, comparison.number, "number", text)
        for code, text in _check(comparison):
            yield Difference(reseller.code, comparison.number, code, text)
        beat()
    yield from _check_numbers(reseller)
    yield from _check_origins(reseller)


def _check(comparison: Comparison) -> Found:
    events = list(comparison.events.order_by("position"))
    made = [event for event in events if event.kind == QuoteEvent.Kind.COMPARED]
    if len(made) != 1 or events[0] != made[0]:
        yield "issue-missing", _("the log does not tell of its issue, or not exactly once.")
        return
    if made[0].detail.get("record") != seal_of(comparison.pk):
        yield "record-changed", _("the comparison, its license IDs or its alternatives are not what was made.")
    if hashlib.sha256(comparison.content).hexdigest() != made[0].detail.get("pdf"):
        yield "pdf-changed", _("its PDF is not the one that was issued.")
    status = ComparisonStatus.objects.filter(pk=comparison.pk).select_related("chosen").first()
    if status is None:
        yield "status-missing", _("how it stands is gone.")
        return
    if status.reseller_id != comparison.reseller_id:
        yield "status-of-another", _("the status beside it names another number.")
    yield from check_derived(comparison)
    chosen = [event for event in events if event.kind == QuoteEvent.Kind.CHOSEN]
    wanted = (chosen[-1].detail.get("alternative"), chosen[-1].at, chosen[-1].by_name) if chosen else (None, None, "")
    letter = status.chosen.letter if status.chosen else None
    if (letter, status.chosen_at, status.chosen_by_name) != wanted:
        yield "answer", _("the customer’s answer beside it is not the one that the log tells of.")
    withdrawn = [event for event in events if event.kind == QuoteEvent.Kind.WITHDRAWN]
    told = (
        (withdrawn[-1].at, withdrawn[-1].by_id, withdrawn[-1].detail.get("reason")) if withdrawn else (None, None, "")
    )
    if (status.withdrawn_at, status.withdrawn_by_id, status.reason) != told:
        yield "state", _("whether it was withdrawn is not what the log tells of.")
    taken = QuoteEvent.objects.filter(comparison=comparison, kind=QuoteEvent.Kind.DOWNLOADED, link__isnull=False)
    downloads = dict(taken.order_by().values_list("link").annotate(Count("pk")))
    yield from check_links(list(comparison.share_links.order_by("pk")), events, downloads)


def _check_numbers(reseller: Reseller) -> Iterator[Difference]:
    counters = dict(ComparisonNumber.objects.filter(reseller=reseller).values_list("month", "last"))
    numbers = (
        Comparison.objects.filter(reseller=reseller).order_by("month", "sequence").values_list("month", "sequence")
    )
    for month, rows in groupby(numbers, key=lambda row: row[0]):
        found = {sequence for _month, sequence in rows}
        for missing in sorted(set(range(1, counters.pop(month, 0) + 1)) ^ found):
            text = _("this number was given, but no comparison has it.")
            yield Difference(reseller.code, f"C{month}-{missing:04d}", "number-gap", text)
    for month, last in counters.items():
        if last:
            text = _("this number was given, but no comparison has it.")
            yield Difference(reseller.code, f"C{month}-0001", "number-gap", text)


def _check_origins(reseller: Reseller) -> Iterator[Difference]:
    """What the entries of issue tell of alternatives, against what stands beside the quotes."""
    issued = QuoteEvent.objects.filter(reseller=reseller, kind=QuoteEvent.Kind.ISSUED, detail__has_key="origin")
    told = {event.quote_id: event.detail["origin"] for event in issued}
    origins = QuoteOrigin.objects.filter(quote__reseller=reseller).select_related("alternative__comparison")
    found = {one.quote_id: told_of_origin(one.alternative, is_as_compared=one.is_as_compared) for one in origins}
    wrong = [number for number in {*told, *found} if number and told.get(number) != found.get(number)]
    for quote in Quote.objects.filter(pk__in=wrong).order_by("pk").only("number"):
        text = _("from which alternative it was made is not what the log tells of.")
        yield Difference(reseller.code, quote.number, "origin", text)
