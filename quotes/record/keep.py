"""Keep what is offered: its number, its rows, its PDF, sealed. From here nothing is calculated again."""

import hashlib
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from foundation.integrity import canonical_json
from foundation.transactions import one_transaction
from licensing.models import Customer, LicenseID, Product, Reseller, User
from pricing.models import PriceList

from ..models import (
    CODES_BETWEEN,
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
from ..models.records import CHECK_ALPHABET, CHECK_LENGTH
from ..paper import Document, draw
from ..paper.check import group_code
from .events import record_event
from .queries import of_customer
from .refusals import AlreadyIssued, CustomerMoved, FormKeyTaken, IssuedAlike
from .transitions import lock_status, supersede


@dataclass(frozen=True, slots=True)
class OfferedHolding:
    """A holding that is renewed or discontinued, and from when until when (R2, R22)."""

    holding: int
    """The number of its row."""
    term_from: date
    term_until: date | None
    """None: it is discontinued, without an end."""


@dataclass(frozen=True, slots=True)
class OfferedPart:
    """One license ID of an offer, as it was priced by itself (R16, R18)."""

    licenseid: LicenseID
    years: int
    is_reduced: bool
    subtotal: int
    """Yen, tax excluded."""
    holdings: tuple[OfferedHolding, ...] = ()
    """What is renewed or discontinued of what it holds."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A quote that is whole but for its number: what was asked, what the paper says, and how it was calculated."""

    key: uuid.UUID
    """One key, one quote."""
    parts: tuple[OfferedPart, ...]
    """Their license IDs are loaded with customer and reseller, and all of one customer."""
    document: Document
    """All that the PDF shows, without number and check code: lines, days, amounts."""
    asked: Mapping[str, Any]
    """What the customer wants, as JSON; it is sealed and not read here."""
    trace: Sequence[Mapping[str, Any]]
    """Every step of the calculation in both languages: `[{license_id, key, steps: [{rule, step, en, ja, result}]}]`."""
    acknowledged: Sequence[Mapping[str, Any]]
    """The warnings that were read (R17): `{license_id, code, rule, en, ja, by, by_name, at}`."""
    price_list: PriceList
    products: Mapping[str, Product]
    """Those of the lines, by code."""
    retain_until: date
    """The last day on which nobody may delete the record."""
    revises: Quote | None
    """The quote that it takes the place of, under the same number."""

    @property
    def customer(self) -> Customer:
        return self.parts[0].licenseid.customer

    @property
    def licenseids(self) -> list[LicenseID]:
        return [part.licenseid for part in self.parts]


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
    if not again and revised is None:
        _refuse_alike(offer)
    number = _next_revision(revised) if revised else _take_number(offer.customer.reseller, now)
    check_code = "".join(secrets.choice(CHECK_ALPHABET) for _ in range(CHECK_LENGTH))
    document = _numbered(offer.document, number, check_code)
    pdf = draw(document=document)
    quote = _write(offer, document, number, check_code, by, now)
    sha256 = hashlib.sha256(pdf).hexdigest()
    QuoteDocument.objects.create(quote=quote, content=pdf, sha256=sha256)
    if before and revised:
        supersede(status=before, by=by, now=now)
    _write_status(quote, by, now)
    if revised:
        detail: dict[str, Any] = {"by": number, "key": str(offer.key)}
        record_event(quote=revised, kind=SUPERSEDE.name, now=now, by=by, detail=detail)
    detail = {"acknowledged": [one["code"] for one in offer.acknowledged], "pdf": sha256, "record": _seal(quote)}
    record_event(quote=quote, kind=QuoteEvent.Kind.ISSUED, now=now, by=by, detail=detail)
    return quote


def refuse_issued(key: uuid.UUID, licenseids: Sequence[LicenseID]) -> None:
    """One key, one quote. Raises AlreadyIssued; FormKeyTaken where it is of none of these license IDs."""
    if quote := Quote.objects.defer("document", "trace", "asked").filter(key=key).first():
        is_theirs = quote.parts.filter(licenseid__in=licenseids).exists()
        raise AlreadyIssued(quote) if is_theirs else FormKeyTaken(key)


def _refuse_alike(offer: Offer) -> None:
    """A second quote of the same content on one day is rarely meant."""
    today = Quote.objects.filter(
        of_customer(offer.customer.pk),
        reseller=offer.customer.reseller_id,
        issued_on=offer.document["issued_on"],
        total=offer.document["total"],
    )
    for quote in today.defer("document", "trace"):
        if quote.asked == offer.asked:
            raise IssuedAlike(quote)


def _next_revision(revised: Quote) -> str:
    return f"{revised.base_number}-{revised.revision + 1:02d}"


def _take_number(reseller: Reseller, now: datetime) -> str:
    """The next number of the reseller's month, `Q2611-0042-00`.

    The row stays locked until the transaction ends: whoever comes second waits, and a failed issue gives the number
    back, so that there is neither a gap nor a duplicate.
    """
    month = now.astimezone(timezone.get_default_timezone()).strftime("%y%m")
    counters = QuoteNumber.objects.select_for_update(no_key=True).filter(reseller=reseller, month=month)
    if (counter := counters.first()) is None:
        QuoteNumber.objects.get_or_create(reseller=reseller, month=month)
        counter = counters.get()
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"Q{month}-{counter.last:04d}-00"


def _numbered(document: Document, number: str, check_code: str) -> Document:
    address = f"{settings.PUBLIC_URL}{reverse('quotes:check')}"
    return {**document, "number": number, "check": {"address": address, "code": group_code(check_code)}}


def _write(offer: Offer, document: Document, number: str, check_code: str, by: User, now: datetime) -> Quote:
    month, sequence, revision = number[1:].split("-")
    quote = Quote.objects.create(
        key=offer.key,
        reseller=offer.customer.reseller,
        customer=offer.customer,
        price_list=offer.price_list,
        issued_by=by,
        month=month,
        sequence=int(sequence),
        revision=int(revision),
        number=number,
        revises=offer.revises,
        check_code=check_code,
        issued_at=now,
        issued_on=date.fromisoformat(document["issued_on"]),
        valid_until=date.fromisoformat(document["valid_until"]),
        retain_until=offer.retain_until,
        customer_name=offer.customer.name,
        license_codes=CODES_BETWEEN.join(one.code for one in offer.licenseids),
        issued_by_name=by.name,
        subject=document["subject"],
        is_sample=document["is_sample"],
        subtotal=document["subtotal"],
        tax=document["tax"],
        total=document["total"],
        asked=canonical_json(offer.asked),
        document=document,
        acknowledged=offer.acknowledged,
        trace=offer.trace,
    )
    parts = [
        QuotePart(
            quote=quote,
            position=position,
            licenseid=part.licenseid,
            license_code=part.licenseid.code,
            years=part.years,
            is_reduced=part.is_reduced,
            subtotal=part.subtotal,
        )
        for position, part in enumerate(offer.parts, start=1)
    ]
    QuotePart.objects.bulk_create(parts)
    part_of = {part.license_code: part for part in parts}
    lines = [
        QuoteLine(
            quote=quote,
            part=part_of[line["license_id"]],
            position=position,
            kind=line["kind"],
            product=offer.products[line["product_code"]],
            product_code=line["product_code"],
            product_name=line["product_name"],
            unit=line["unit"],
            held_quantity=line["held_quantity"],
            quantity=line["quantity"],
            rank=line["rank"],
            renewal_price=line["renewal_price"],
            addition_price=line["addition_price"],
            years=line["years"],
            discount_percent=line["discount_percent"],
            amount=line["amount"],
            support_expires_on=line["support_expires_on"],
            term_from=line["term_from"],
            term_until=line["term_until"],
        )
        for position, line in enumerate(document["lines"], start=1)
    ]
    QuoteLine.objects.bulk_create(lines)
    QuotedHolding.objects.bulk_create(
        QuotedHolding(quote=quote, part=row, holding=one.holding, term_from=one.term_from, term_until=one.term_until)
        for row, part in zip(parts, offer.parts, strict=True)
        for one in part.holdings
    )
    return quote


def _seal(quote: Quote) -> str:
    """The hash of the record as the database gives it back: not of what was meant to be written."""
    stored = Quote.objects.get(pk=quote.pk)
    parts, lines = stored.parts.order_by("position"), stored.lines.order_by("position")
    return record_hash(stored, parts, lines, stored.holdings.order_by("pk"))


def _write_status(quote: Quote, by: User, now: datetime) -> None:
    QuoteStatus.objects.create(
        quote=quote,
        reseller_id=quote.reseller_id,
        month=quote.month,
        sequence=quote.sequence,
        changed_by=by,
        changed_at=now,
    )
