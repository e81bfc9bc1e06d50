"""Keep what is offered: its number, its rows, its PDF, sealed. From here nothing is calculated again."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, UUIDField

from foundation.among import among_later
from foundation.integrity.bulk import insert_rows, write_new
from foundation.kept_query import KeptQuery, Later
from foundation.transactions import one_transaction
from licensing.models import LicenseID, Reseller, User

from ..models import (
    SUPERSEDE,
    Quote,
    QuotedHolding,
    QuoteDocument,
    QuoteEvent,
    QuoteLine,
    QuoteNumber,
    QuotePart,
    QuoteStatus,
    record_hash,
)
from ..models.events import HOLDING_FIELDS, LINE_FIELDS, PART_FIELDS, QUOTE_FIELDS
from ..paper import Document, drawing
from .checks import check_of, new_check_code
from .comparisons import lock_comparison
from .events import Entry, record_event, record_events
from .margins import keep_quoted
from .numbers import take_numbers
from .offers import Offer, holding_rows, line_rows, origin_row, part_rows, quote_row, told_of_origin
from .refusals import AlreadyIssued, CustomerMoved, FormKeyTaken, IssuedAlike
from .transitions import lock_status, supersede


@one_transaction
def keep(*, offer: Offer, by: User, now: datetime, again: bool = True) -> Quote:
    """Give the offer its number and check code, draw its PDF and write all of it, or nothing.

    In the transaction of a caller that has waited for its turn (`licensing.operations.turns`), and then asked whether
    the key is free (`refuse_issued`). Without `again` no second quote of the same content is issued on one day. An
    offer that revises a quote becomes the next revision of its number, and that quote is superseded.

    Raises IssuedAlike, WrongState where the quote to revise can no longer be superseded, CustomerMoved where its
    customer changed hands since, and DrawingFailed where the PDF cannot be drawn.
    """
    revised = offer.revises
    before = lock_status(quote=revised, transition=SUPERSEDE) if revised else None
    if revised and (revised.customer.present_id, revised.reseller_id) != (
        offer.customer.pk,
        offer.customer.reseller_id,
    ):
        raise CustomerMoved(revised)  # a number stays with its reseller and its customer
    if offer.alternative:
        lock_comparison(offer.alternative.comparison)  # whoever chooses meanwhile waits, and is then told of the quote
    if not again and revised is None and (alike := find_alike([offer])):
        raise IssuedAlike(alike[offer.key])
    numbers = [_next_revision(revised)] if revised else _take_numbers(offer.customer.reseller, now, 1)
    if before:
        supersede(status=before, by=by, now=now)
    [written] = _write([offer], numbers, by, now)
    quote = written.quote
    if revised:
        detail: dict[str, Any] = {"by": numbers[0], "key": str(offer.key)}
        record_event(quote=revised, kind=SUPERSEDE.name, now=now, by=by, detail=detail)
    record_events([*_issued([offer], [written], by), *_quoted(offer, quote, by)], now=now)
    return quote


@one_transaction
def keep_many(*, offers: Sequence[Offer], by: User, now: datetime) -> list[Quote]:
    """The same for offers of one reseller that revise nothing, all of them or none: a few statements for many, and
    drawn side by side. Their numbers follow one another. Raises DrawingFailed.
    """
    if not offers:
        return []
    [reseller] = {offer.customer.reseller for offer in offers}
    if any(offer.revises or offer.alternative for offer in offers):
        raise ValueError("Revisions and what comes of comparisons are kept one by one.")
    written = _write(offers, _take_numbers(reseller, now, len(offers)), by, now)
    record_events(_issued(offers, written, by), now=now)
    return [one.quote for one in written]


def refuse_issued(key: uuid.UUID, licenseids: Sequence[LicenseID]) -> None:
    """One key, one quote. Raises AlreadyIssued; FormKeyTaken where it is of none of these license IDs."""
    if _TAKEN.rows(key=key):  # as good as never: whole rows are asked for only then
        quote = Quote.objects.defer("document", "trace", "asked").get(key=key)
        is_theirs = quote.parts.filter(licenseid__in=licenseids).exists()
        raise AlreadyIssued(quote) if is_theirs else FormKeyTaken(key)


_TAKEN = KeptQuery(lambda: Quote.objects.filter(key=Later("key", UUIDField())).order_by().values_list("pk"))


def find_alike(offers: Sequence[Offer]) -> dict[uuid.UUID, Quote]:
    """Quotes of the same day with the same content, by the offer's key: a second one is rarely meant. One query.

    Only quotes of the same license IDs are looked at: a customer may have thousands of a day.
    """
    first = offers[0]
    same = QuotePart.objects.filter(
        quote=OuterRef("pk"), licenseid__in={row for one in offers for row in one.licenseids}
    )
    customers = {one.customer.pk for one in offers}
    today = Quote.objects.filter(
        Exists(same),
        Q(customer__in=customers) | Q(customer__merged_into__in=customers),
        reseller=first.customer.reseller,
        issued_on=first.document["issued_on"],
        total__in={one.document["total"] for one in offers},
    )
    rows = list(today.select_related("customer").defer("document", "trace"))
    found: dict[uuid.UUID, Quote] = {}
    for offer in offers:
        for quote in rows:
            if quote.customer.present_id == offer.customer.pk and quote.asked == offer.asked:
                found.setdefault(offer.key, quote)
    return found


def _next_revision(revised: Quote) -> str:
    return f"{revised.base_number}-{revised.revision + 1:02d}"


def _take_numbers(reseller: Reseller, now: datetime, count: int) -> list[str]:
    """The next numbers of the reseller's month, `Q2611-0042-00`."""
    month, numbers = take_numbers(QuoteNumber, reseller=reseller, now=now, count=count)
    return [f"Q{month}-{number:04d}-00" for number in numbers]


@dataclass(frozen=True, slots=True)
class _Written:
    quote: Quote
    pdf: str
    """The hash of its PDF."""
    record: str
    """The hash of all else, as the database gives it back."""
    margin: str | None
    """The hash of what is left of it for the reseller; None: no line has a cost rate."""


def _write(offers: Sequence[Offer], numbers: Sequence[str], by: User, now: datetime) -> list[_Written]:
    """Quotes with all that belongs to them. Rows are written while the PDFs are drawn."""
    codes = [new_check_code() for _ in offers]
    documents = [
        _numbered(offer.document, number, code) for offer, number, code in zip(offers, numbers, codes, strict=True)
    ]
    with drawing(documents=documents) as pdfs:
        quotes = _write_rows(offers, documents, codes, by, now)
        _write_statuses(quotes, by, now)
        seals = _seals(quotes)
        costs = {quote.pk: offer.own_costs for quote, offer in zip(quotes, offers, strict=True) if offer.own_costs}
        margins = keep_quoted(quotes, costs)
        contents = pdfs()
    hashes = [hashlib.sha256(pdf).hexdigest() for pdf in contents]
    papers = [(quote.pk, pdf, sha256) for quote, pdf, sha256 in zip(quotes, contents, hashes, strict=True)]
    insert_rows(QuoteDocument, ("quote_id", "content", "sha256"), papers)
    return [
        _Written(quote, sha256, seals[quote.pk], margins.get(quote.pk))
        for quote, sha256 in zip(quotes, hashes, strict=True)
    ]


def _write_rows(
    offers: Sequence[Offer], documents: Sequence[Document], codes: Sequence[str], by: User, now: datetime
) -> list[Quote]:
    quotes = [
        quote_row(offer, document, check_code=code, by=by, now=now)
        for offer, document, code in zip(offers, documents, codes, strict=True)
    ]
    write_new(quotes, with_keys=True)
    parts = [part_rows(quote, offer) for quote, offer in zip(quotes, offers, strict=True)]
    write_new((row for rows in parts for row in rows), with_keys=True)
    for quote, offer in zip(quotes, offers, strict=True):
        if origin := origin_row(quote, offer):
            origin.save(force_insert=True)
    together = list(zip(quotes, offers, parts, strict=True))
    write_new(row for quote, offer, rows in together for row in line_rows(quote, offer, rows))
    write_new(row for quote, offer, rows in together for row in holding_rows(quote, offer, rows))
    return quotes


def _numbered(document: Document, number: str, check_code: str) -> Document:
    return {**document, "number": number, "check": check_of(check_code)}


def _write_statuses(quotes: Sequence[Quote], by: User, now: datetime) -> None:
    write_new(
        QuoteStatus(
            quote=quote,
            reseller_id=quote.reseller_id,
            month=quote.month,
            sequence=quote.sequence,
            changed_by=by,
            changed_at=now,
        )
        for quote in quotes
    )


def _issued(offers: Sequence[Offer], written: Sequence[_Written], by: User) -> list[Entry]:
    """What the log is told of them."""
    return [
        Entry(
            row.quote,
            QuoteEvent.Kind.ISSUED,
            by=by,
            detail={
                "acknowledged": [one["code"] for one in offer.acknowledged],
                "pdf": row.pdf,
                "record": row.record,
                **({"margin": row.margin} if row.margin else {}),
                **({"approval": offer.approval} if offer.approval else {}),
                **_origin_of(offer, row.quote),
            },
        )
        for offer, row in zip(offers, written, strict=True)
    ]


def _origin_of(offer: Offer, quote: Quote) -> dict[str, Any]:
    if (alternative := offer.alternative) is None:
        return {}
    return {"origin": told_of_origin(alternative, is_as_compared=quote.origin.is_as_compared)}


def _quoted(offer: Offer, quote: Quote, by: User) -> list[Entry]:
    """What the log is told of the comparison."""
    if (alternative := offer.alternative) is None:
        return []
    detail = {"number": quote.number, "key": str(quote.key), "alternative": alternative.letter}
    return [Entry(alternative.comparison, QuoteEvent.Kind.QUOTED, by=by, detail=detail)]


def _seals(quotes: Sequence[Quote]) -> dict[int, str]:
    """The hashes of the records as the database gives them back: not of what was meant to be written."""
    numbers = [quote.pk for quote in quotes]
    parts, lines, holdings = (_stored(rows, numbers) for rows in (_PARTS, _LINES, _HOLDINGS))
    return {
        one.pk: record_hash(one, parts[one.pk], lines[one.pk], holdings[one.pk])
        for one in _QUOTES.rows(numbers=numbers)
    }


def _stored(rows: KeptQuery, quotes: Sequence[int]) -> dict[int, list[Any]]:
    """What is sealed of the rows of each of the quotes, by its number."""
    found: dict[int, list[Any]] = {number: [] for number in quotes}
    for row in rows.rows(numbers=quotes):
        found[row.quote_id].append(row)
    return found


def _rows_of(kind: Any, fields: Sequence[str], *, order: str) -> KeptQuery:
    """Bare columns: to make them rows of models takes longer than to read them."""
    return KeptQuery(
        lambda: (
            kind.objects.filter(quote__in=among_later("numbers"))
            .order_by(order)
            .values_list("pk", "quote_id", *fields, named=True)
        )
    )


_QUOTES = KeptQuery(
    lambda: Quote.objects.filter(pk__in=among_later("numbers")).order_by().values_list("pk", *QUOTE_FIELDS, named=True)
)
_PARTS = _rows_of(QuotePart, PART_FIELDS, order="position")
_LINES = _rows_of(QuoteLine, ["part_id", *LINE_FIELDS], order="position")
_HOLDINGS = _rows_of(QuotedHolding, ["part_id", *HOLDING_FIELDS], order="pk")
