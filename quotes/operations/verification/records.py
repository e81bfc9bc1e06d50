"""Every quote of one reseller: its record, its PDF and how it stands, against what the log says of them."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from licensing.models import Reseller

from ...models import TRANSITIONS, Quote, QuoteDocument, QuoteEvent, QuoteLine, QuoteStatus, State, record_hash
from .difference import Difference
from .log import Beat

AT_ONCE = 50
"""Quotes that are in memory at a time, with their PDFs."""
STATES: dict[str, str] = {QuoteEvent.Kind.ISSUED: State.ISSUED, **{way.name: way.target for way in TRANSITIONS}}
"""The state to which each kind of entry leads."""
ANSWERS: dict[str, str] = {
    QuoteEvent.Kind.ORDER_WISHED: QuoteStatus.Answer.ORDER,
    QuoteEvent.Kind.DECLINED: QuoteStatus.Answer.DECLINE,
}
"""What the customer answered, by the kind of entry that tells it."""
Found = Iterator[tuple[str, str]]
"""Code and text of each difference."""


def check_quotes(reseller: Reseller, beat: Beat) -> Iterator[Difference]:
    """Hash every record and PDF again, and compare each state with the last entry that changed it."""
    last = 0
    while quotes := list(Quote.objects.filter(reseller=reseller, pk__gt=last).order_by("pk")[:AT_ONCE]):
        last = quotes[-1].pk
        beside = Beside(quotes)
        for quote in quotes:
            place = quote.number
            if quote.number != f"Q{quote.month}-{quote.sequence:04d}-{quote.revision:02d}":
                yield Difference(reseller.code, place, "number", _("its number is not that of its month and sequence."))
            for check in (check_record, check_pdf, check_status):
                for code, text in check(quote, beside):
                    yield Difference(reseller.code, place, code, text)
            beat()


def check_left_over(reseller: Reseller) -> Iterator[Difference]:
    """Parts of quotes whose quote is gone."""
    quote = Quote.objects.filter(pk=OuterRef("quote_id"))
    statuses = QuoteStatus.objects.filter(~Exists(quote), reseller=reseller).values_list("month", "sequence")
    for month, sequence in statuses.iterator():
        yield Difference(
            reseller.code, f"Q{month}-{sequence:04d}", "quote-missing", _("a status is there, but its quote is gone.")
        )


def count_left_over() -> int:
    """Lines and PDFs whose quote is gone, and quotes and entries whose reseller is: they belong to no log."""
    quote, reseller = Quote.objects.filter(pk=OuterRef("quote_id")), Reseller.objects.filter(pk=OuterRef("reseller_id"))
    parts = [QuoteLine.objects.filter(~Exists(quote)), QuoteDocument.objects.filter(~Exists(quote))]
    wholes = [Quote.objects.filter(~Exists(reseller)), QuoteEvent.objects.filter(~Exists(reseller))]
    return sum(rows.count() for rows in (*parts, *wholes))


class Beside:
    """What belongs to some quotes, by the quote's number of row."""

    def __init__(self, quotes: list[Quote]) -> None:
        numbers = [quote.pk for quote in quotes]
        self.lines: dict[int, list[QuoteLine]] = {number: [] for number in numbers}
        for line in QuoteLine.objects.filter(quote__in=numbers).order_by("position"):
            self.lines[line.quote_id].append(line)
        self.documents: dict[int, Any] = {row.quote_id: row for row in QuoteDocument.objects.filter(quote__in=numbers)}
        self.statuses: dict[int, QuoteStatus] = QuoteStatus.objects.in_bulk(numbers)
        self.events: dict[int, list[QuoteEvent]] = {number: [] for number in numbers}
        for event in QuoteEvent.objects.filter(quote__in=numbers, kind__in=[*STATES, *ANSWERS]).order_by("position"):
            self.events[event.quote_id].append(event)

    def issued(self, quote: Quote) -> QuoteEvent | None:
        """The entry of the issue, where there is exactly one and it comes first."""
        events = self.events[quote.pk]
        kinds = [event.kind for event in events]
        return events[0] if kinds[:1] == ["issued"] and kinds.count("issued") == 1 else None


def check_record(quote: Quote, beside: Beside) -> Found:
    issued = beside.issued(quote)
    if issued is None:
        yield "issue-missing", _("the log does not tell of its issue, or not exactly once.")
    elif issued.detail.get("record") != record_hash(quote, beside.lines[quote.pk]):
        yield "record-changed", _("the quote or its lines are not what was issued.")


def check_pdf(quote: Quote, beside: Beside) -> Found:
    document = beside.documents.get(quote.pk)
    if document is None:
        yield "pdf-missing", _("its PDF is gone.")
        return
    issued = beside.issued(quote)
    sealed = issued.detail.get("pdf") if issued else document.sha256
    sha256 = hashlib.sha256(document.content).hexdigest()
    if sha256 != sealed:
        yield "pdf-changed", _("its PDF is not the one that was issued.")
    if document.sha256 != sealed:
        yield "pdf-hash-changed", _("the hash beside its PDF is not the one that was sealed at its issue.")


def check_status(quote: Quote, beside: Beside) -> Found:
    status = beside.statuses.get(quote.pk)
    if status is None:
        yield "status-missing", _("how it stands is gone.")
        return
    if (status.reseller_id, status.month, status.sequence) != (quote.reseller_id, quote.month, quote.sequence):
        yield "status-of-another", _("the status beside it names another number.")
    events = [event for event in beside.events[quote.pk] if event.kind in STATES]
    answers = [ANSWERS[event.kind] for event in beside.events[quote.pk] if event.kind in ANSWERS]
    if (answers or [""])[-1] != status.answer:
        yield "answer", _("the customer’s answer beside it is not the one that the log tells of.")
    if events and (wanted := STATES[events[-1].kind]) != status.state:
        text = _("it stands as “%(state)s”, but by the log it is “%(wanted)s”.")
        yield "state", text % {"state": State(status.state).label, "wanted": State(wanted).label}
