"""Issue a quote: from here nothing is recalculated."""

import hashlib
import logging
import secrets
import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.integrity import canonical_json
from foundation.transactions import one_transaction
from licensing.models import LicenseID, Product, User
from pricing.engine.rules.r02_support_period import last_day
from renewals.asked import Asked, product_codes, to_json

from ..models import (
    SUPERSEDE,
    Quote,
    QuoteDocument,
    QuoteDraft,
    QuoteEvent,
    QuoteLine,
    QuoteNumber,
    QuoteStatus,
    record_hash,
)
from ..models.records import CHECK_ALPHABET, CHECK_LENGTH
from ..pdf import Document, draw
from .calculate import Calculation, calculate
from .clock import refuse_earlier_day
from .document import build_document, calculation_parts
from .drafts import wait_for_turn
from .events import record_event
from .printing import find_unprintable, refuse_unprintable
from .refusals import (
    AlreadyIssued,
    CustomerMoved,
    DraftChanged,
    FormKeyTaken,
    IssuedAlike,
    NotAcknowledged,
    PriceChanged,
    QuoteRefused,
)
from .transitions import lock_status, supersede

logger = logging.getLogger(__name__)


def issue(
    *,
    key: uuid.UUID,
    licenseid: LicenseID,
    asked: Asked,
    acknowledged: Collection[str],
    seen_total: int | None,
    issued_by: User,
    now: datetime,
    seen_version: int | None = None,
    again: bool = True,
) -> Quote:
    """Issue one quote with its number, lines, trace and PDF, all or nothing.

    `licenseid` has its customer and reseller loaded; `asked` is priced on the day of issue.
    `seen_total` is the total that was on screen, in yen with tax; None where nobody saw one (a command).
    `seen_version` is that of the draft which was opened; None where none was. Without `again` no second quote of the
    same content is issued on one day: a page that was gone back to sends it unmeant, with a new key.
    A draft that revises a quote becomes the next revision of its number, and that quote is superseded.

    Raises QuoteRefused, NotAcknowledged (R17), PriceChanged, CannotBePrinted where a text has characters without a
    glyph, AlreadyIssued, IssuedAlike, DraftChanged, FormKeyTaken, WrongState where the quote to revise can no longer be
    superseded, CustomerMoved where its license ID or customer changed hands since, ClockBehind where the log holds
    entries of a later day, and DrawingFailed where the PDF cannot be drawn; then nothing was written.
    """
    _refuse_issued(key, licenseid)
    refuse_earlier_day(reseller=licenseid.customer.reseller, now=now)
    on = now.astimezone(timezone.get_default_timezone()).date()
    calculation = calculate(asked=asked, customer=licenseid.customer, on=on)
    pricing = calculation.pricing
    if pricing.is_refused:
        raise QuoteRefused(calculation)
    if seen_total is not None and seen_total != pricing.total:
        raise PriceChanged(calculation)
    unread = tuple(warning for warning in pricing.warnings if warning.code not in acknowledged)
    if unread:
        raise NotAcknowledged(unread)

    try:
        quote = _issue_in_one_transaction(key, licenseid, asked, calculation, issued_by, now, seen_version, again)
    except IntegrityError:
        _refuse_issued(key, licenseid)  # the same key, at the same moment, in another month's numbers
        raise
    logger.info("quote issued: %s reseller=%s", quote.number, quote.reseller_id)
    return quote


@one_transaction
def _issue_in_one_transaction(
    key: uuid.UUID,
    licenseid: LicenseID,
    asked: Asked,
    calculation: Calculation,
    issued_by: User,
    now: datetime,
    seen_version: int | None,
    again: bool,
) -> Quote:
    warnings, customer = calculation.pricing.warnings, licenseid.customer
    with transaction.atomic():
        wait_for_turn(licenseid)
        draft = QuoteDraft.objects.select_related("saved_by", "basis").filter(key=key).order_by().first()
        revised = draft.basis if draft and draft.is_revision and draft.licenseid_id == licenseid.pk else None
        before = lock_status(quote=revised, transition=SUPERSEDE) if revised else None
        if revised and (revised.customer_id, revised.reseller_id) != (customer.pk, customer.reseller_id):
            raise CustomerMoved(revised)  # a number stays with its reseller and its customer
        number = _next_revision(revised) if revised else _take_number(licenseid, now)
        _refuse_issued(key, licenseid)  # once more, now that others wait
        if not again and revised is None:
            _refuse_alike(licenseid, calculation, asked)
        if draft and draft.licenseid_id != licenseid.pk:  # a draft's key is not for another's quote
            raise FormKeyTaken(key)
        if draft and seen_version is not None and draft.version != seen_version:
            raise DraftChanged(draft)
        check_code = "".join(secrets.choice(CHECK_ALPHABET) for _ in range(CHECK_LENGTH))
        document = build_document(
            calculation=calculation,
            licenseid=licenseid,
            asked=asked,
            issued_by=issued_by,
            number=number,
            revises=revised.number if revised else "",
            check_code=check_code,
            now=now,
        )
        rows = Product.objects.select_related("programme").filter(code__in=product_codes(asked))
        products = {row.code: row for row in rows}
        places = find_unprintable(
            licenseid=licenseid,
            products=products.values(),
            price_list=calculation.prices.price_list,
            by=issued_by,
            typed={"subject": asked.subject, "note": asked.note},
        )
        refuse_unprintable(document, places)
        pdf = draw(document=document)
        quote = _write(
            key, licenseid, asked, calculation, document, issued_by, number, check_code, now, products, revised
        )
        sha256 = hashlib.sha256(pdf).hexdigest()
        QuoteDocument.objects.create(quote=quote, content=pdf, sha256=sha256)
        if before and revised:
            supersede(status=before, by=issued_by, now=now)
        _write_status(quote, issued_by, now)
        if draft:
            draft.delete()
        if revised:
            record_event(
                quote=revised, kind=SUPERSEDE.name, now=now, by=issued_by, detail={"by": number, "key": str(key)}
            )
        record_event(
            quote=quote,
            kind=QuoteEvent.Kind.ISSUED,
            now=now,
            by=issued_by,
            detail={
                "acknowledged": [warning.code for warning in warnings],
                "pdf": sha256,
                "record": _seal(quote),
            },
        )
    return quote


def draw_draft(
    *,
    licenseid: LicenseID,
    asked: Asked,
    calculation: Calculation,
    drawn_by: User,
    now: datetime,
    revises: str = "",
) -> tuple[Document, bytes]:
    """The PDF that a quote would have, marked as a draft on every page and without a number. Writes nothing.

    `revises` is the number of the quote that it would revise. Raises QuoteRefused where it cannot be priced,
    DrawingFailed where it cannot be drawn.
    """
    if calculation.pricing.is_refused:
        raise QuoteRefused(calculation)
    document = build_document(
        calculation=calculation,
        licenseid=licenseid,
        asked=asked,
        issued_by=drawn_by,
        number=None,
        revises=revises,
        check_code=None,
        now=now,
    )
    return document, draw(document=document)


def _refuse_issued(key: uuid.UUID, licenseid: LicenseID) -> None:
    """One key, one quote, and of one license ID."""
    if Quote.objects.filter(key=key).exists():
        quote = Quote.objects.defer("document", "trace", "asked").get(key=key)
        raise AlreadyIssued(quote) if quote.licenseid_id == licenseid.pk else FormKeyTaken(key)


def _refuse_alike(licenseid: LicenseID, calculation: Calculation, asked: Asked) -> None:
    """A second quote of the same content on one day is rarely meant."""
    today = Quote.objects.filter(
        reseller=licenseid.customer.reseller_id,
        licenseid=licenseid,
        issued_on=calculation.pricing.request.on,
        total=calculation.pricing.total,
    )
    for quote in today.defer("document", "trace"):
        if quote.asked == to_json(asked):
            raise IssuedAlike(quote)


def _next_revision(revised: Quote) -> str:
    return f"{revised.base_number}-{revised.revision + 1:02d}"


def _take_number(licenseid: LicenseID, now: datetime) -> str:
    """The next number of the reseller's month, `Q2611-0042-00`.

    The row stays locked until the transaction ends: whoever comes second waits, and a failed issue gives the number
    back, so that there is neither a gap nor a duplicate.
    """
    month = now.astimezone(timezone.get_default_timezone()).strftime("%y%m")
    reseller = licenseid.customer.reseller
    counters = QuoteNumber.objects.select_for_update(no_key=True).filter(reseller=reseller, month=month)
    if (counter := counters.first()) is None:
        QuoteNumber.objects.get_or_create(reseller=reseller, month=month)
        counter = counters.get()
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"Q{month}-{counter.last:04d}-00"


def _write(
    key: uuid.UUID,
    licenseid: LicenseID,
    asked: Asked,
    calculation: Calculation,
    document: Document,
    issued_by: User,
    number: str,
    check_code: str,
    now: datetime,
    products: Mapping[str, Product],
    revised: Quote | None,
) -> Quote:
    pricing, price_list = calculation.pricing, calculation.prices.price_list
    if price_list is None:
        raise ValueError("A quote without a price list was not refused.")
    customer = licenseid.customer
    month, sequence, revision = number[1:].split("-")
    quote = Quote.objects.create(
        key=key,
        reseller=customer.reseller,
        customer=customer,
        licenseid=licenseid,
        price_list=price_list,
        issued_by=issued_by,
        month=month,
        sequence=int(sequence),
        revision=int(revision),
        number=number,
        revises=revised,
        check_code=check_code,
        issued_at=now,
        issued_on=pricing.request.on,
        valid_until=calculation.validity.until,
        retain_until=last_day(pricing.request.on, settings.RETENTION_YEARS),
        customer_name=customer.name,
        license_code=licenseid.code,
        issued_by_name=issued_by.name,
        subject=document["subject"],
        years=pricing.request.years,
        is_reduced=pricing.request.is_reduced,
        is_sample=document["is_sample"],
        subtotal=pricing.subtotal,
        tax=pricing.tax,
        total=pricing.total,
        asked=canonical_json(to_json(asked)),
        document=document,
        acknowledged=[_acknowledgement(warning, issued_by, now) for warning in pricing.warnings],
        trace=calculation_parts(pricing),
    )
    lines = [
        QuoteLine(
            quote=quote,
            position=position,
            kind=line["kind"],
            product=products[line["product_code"]],
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
    return quote


def _seal(quote: Quote) -> str:
    """The hash of the record as the database gives it back: not of what was meant to be written."""
    stored = Quote.objects.get(pk=quote.pk)
    return record_hash(stored, stored.lines.order_by("position"))


def _write_status(quote: Quote, issued_by: User, now: datetime) -> None:
    QuoteStatus.objects.create(
        quote=quote,
        reseller_id=quote.reseller_id,
        month=quote.month,
        sequence=quote.sequence,
        changed_by=issued_by,
        changed_at=now,
    )


def _acknowledgement(warning: Any, by: User, now: datetime) -> dict[str, Any]:
    return {
        "code": warning.code,
        "rule": warning.rule,
        "en": warning.what("en", with_names=True),
        "ja": warning.what("ja", with_names=True),
        "by": by.pk,
        "by_name": by.name,
        "at": now.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds"),
    }
