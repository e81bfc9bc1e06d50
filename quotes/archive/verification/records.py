"""Every quote of one reseller: its record, its PDF and how it stands, against what the log says of them."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _

from licensing.models import Reseller

from ...models import (
    Acknowledgement,
    Alternative,
    ComparedLicenseID,
    Comparison,
    ComparisonNumber,
    ComparisonStatus,
    EventChain,
    OrderFile,
    Quote,
    QuotedHolding,
    QuoteDocument,
    QuoteEvent,
    QuoteLine,
    QuoteMargin,
    QuoteNumber,
    QuoteOrigin,
    QuotePart,
    QuoteStatus,
    ShareLink,
    record_hash,
)
from .beside import ANSWERS, CARRYING_OUT, LINKS, STATES, Found, check_derived, check_links, check_status
from .difference import Difference
from .log import Beat
from .margins import check_margins
from .orders import check_acknowledgements, check_order_files

AT_ONCE = 50
"""Quotes that are in memory at a time, with their PDFs."""


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
            for check in (check_record, check_pdf, check_beside):
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
    """What belongs to a quote that is gone, and quotes and entries whose reseller is: none of it is in a log."""
    quote, reseller = Quote.objects.filter(pk=OuterRef("quote_id")), Reseller.objects.filter(pk=OuterRef("reseller_id"))
    comparison = Comparison.objects.filter(pk=OuterRef("comparison_id"))
    belonging: list[Any] = [QuotePart, QuoteLine, QuotedHolding, QuoteDocument, OrderFile, Acknowledgement, QuoteOrigin]
    belonging.append(QuoteMargin)
    parts: list[Any] = [model.objects.filter(~Exists(quote)) for model in belonging]
    compared: list[Any] = [Alternative, ComparedLicenseID, ComparisonStatus]
    parts += [model.objects.filter(~Exists(comparison)) for model in compared]
    parts.append(ShareLink.objects.filter(~Exists(quote), ~Exists(comparison)))
    wholes: list[Any] = [
        model.objects.filter(~Exists(reseller))
        for model in (Quote, Comparison, QuoteEvent, EventChain, QuoteNumber, ComparisonNumber)
    ]
    return sum(rows.count() for rows in (*parts, *wholes))


class Beside:
    """What belongs to some quotes, by the quote's number of row."""

    def __init__(self, quotes: list[Quote]) -> None:
        numbers = [quote.pk for quote in quotes]
        self.parts: dict[int, list[QuotePart]] = {number: [] for number in numbers}
        for part in QuotePart.objects.filter(quote__in=numbers).order_by("position"):
            self.parts[part.quote_id].append(part)
        self.lines: dict[int, list[QuoteLine]] = {number: [] for number in numbers}
        for line in QuoteLine.objects.filter(quote__in=numbers).order_by("position"):
            self.lines[line.quote_id].append(line)
        self.holdings: dict[int, list[QuotedHolding]] = {number: [] for number in numbers}
        for row in QuotedHolding.objects.filter(quote__in=numbers).order_by("pk"):
            self.holdings[row.quote_id].append(row)
        self.documents: dict[int, Any] = {row.quote_id: row for row in QuoteDocument.objects.filter(quote__in=numbers)}
        self.statuses: dict[int, QuoteStatus] = QuoteStatus.objects.in_bulk(numbers)
        self.events: dict[int, list[QuoteEvent]] = {number: [] for number in numbers}
        self.order_files: dict[int, list[OrderFile]] = {number: [] for number in numbers}
        for file in OrderFile.objects.filter(quote__in=numbers).defer("content").order_by("position"):
            self.order_files[file.quote_id].append(file)
        self.acknowledgements: dict[int, list[Acknowledgement]] = {number: [] for number in numbers}
        for one in Acknowledgement.objects.filter(quote__in=numbers).defer("content").order_by("position"):
            self.acknowledgements[one.quote_id].append(one)
        self.margins: dict[int, list[QuoteMargin]] = {number: [] for number in numbers}
        for margin in QuoteMargin.objects.filter(quote__in=numbers).order_by("pk"):
            self.margins[margin.quote_id].append(margin)
        papers = [QuoteEvent.Kind.ORDER_FILE_KEPT, QuoteEvent.Kind.ORDER_ACKNOWLEDGED]
        kinds = [*STATES, *ANSWERS, *LINKS, *CARRYING_OUT, *papers]
        for event in QuoteEvent.objects.filter(quote__in=numbers, kind__in=kinds).order_by("position"):
            self.events[event.quote_id or 0].append(event)
        self.links: dict[int, list[ShareLink]] = {number: [] for number in numbers}
        for link in ShareLink.objects.filter(quote__in=numbers).order_by("pk"):
            self.links[link.quote_id or 0].append(link)
        taken = QuoteEvent.objects.filter(link__quote__in=numbers, kind=QuoteEvent.Kind.DOWNLOADED)
        self.downloads = dict(taken.order_by().values_list("link").annotate(Count("pk")))

    def issued(self, quote: Quote) -> QuoteEvent | None:
        """The entry of the issue, where there is exactly one and it comes first."""
        events = self.events[quote.pk]
        kinds = [event.kind for event in events]
        return events[0] if kinds[:1] == ["issued"] and kinds.count("issued") == 1 else None


def check_beside(quote: Quote, beside: Beside) -> Found:
    """All that stands beside the record, and what is derived from it."""
    events = beside.events[quote.pk]
    yield from check_status(quote, beside.statuses.get(quote.pk), events)
    yield from check_links(beside.links[quote.pk], events, beside.downloads)
    yield from check_order_files(beside.order_files[quote.pk], events)
    yield from check_acknowledgements(beside.acknowledgements[quote.pk], events)
    positions = {part.pk: part.position for part in beside.parts[quote.pk]}
    yield from check_margins(beside.margins[quote.pk], positions, events)
    for row in (quote, beside.statuses.get(quote.pk)):
        if row is not None:
            yield from check_derived(row)


def check_record(quote: Quote, beside: Beside) -> Found:
    issued = beside.issued(quote)
    if issued is None:
        yield "issue-missing", _("the log does not tell of its issue, or not exactly once.")
        return
    parts, lines, holdings = (rows[quote.pk] for rows in (beside.parts, beside.lines, beside.holdings))
    if issued.detail.get("record") != record_hash(quote, parts, lines, holdings):
        yield "record-changed", _("the quote, its license IDs or its lines are not what was issued.")


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
