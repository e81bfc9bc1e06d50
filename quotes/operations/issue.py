"""Issue a quote: from here nothing is recalculated."""

import hashlib
import logging
import secrets
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.integrity import canonical_json
from foundation.transactions import one_transaction
from licensing.models import Customer, LicenseID, Product, Reseller, User
from pricing.engine.quote import PartProblem
from pricing.engine.rules.r02_support_period import last_day
from renewals.asked import Asked, product_codes, to_json

from ..models import (
    CODES_BETWEEN,
    SUPERSEDE,
    Quote,
    QuoteDocument,
    QuoteDraft,
    QuoteEvent,
    QuoteLine,
    QuoteNumber,
    QuotePart,
    QuoteStatus,
    record_hash,
)
from ..models.records import CHECK_ALPHABET, CHECK_LENGTH
from ..pdf import Document, draw
from .calculate import Calculation, calculate
from .clock import refuse_earlier_day
from .document import build_document, calculation_parts
from .drafts import refuse_foreign, refuse_issued, wait_for_turn
from .events import record_event
from .printing import find_unprintable, refuse_unprintable
from .refusals import (
    CustomerMoved,
    DraftChanged,
    IssuedAlike,
    NotAcknowledged,
    PriceChanged,
    QuoteRefused,
)
from .transitions import lock_status, supersede

logger = logging.getLogger(__name__)

Read = tuple[str, str]
"""A warning that was read: the code of its license ID, and its own (R17, R18)."""


def issue(
    *,
    key: uuid.UUID,
    licenseids: Sequence[LicenseID],
    asked: Asked,
    acknowledged: Collection[Read],
    seen_total: int | None,
    issued_by: User,
    now: datetime,
    seen_version: int | None = None,
    again: bool = True,
) -> Quote:
    """Issue one quote with its number, lines, trace and PDF, all or nothing.

    `licenseids` are those of the parts of `asked`, in their order, all of one customer, which is loaded with its
    reseller; `asked` is priced on the day of issue. `acknowledged` are the warnings that were read, per license ID.
    `seen_total` is the total that was on screen, in yen with tax; None where nobody saw one (a command).
    `seen_version` is that of the draft which was opened; None where none was. Without `again` no second quote of the
    same content is issued on one day: a page that was gone back to sends it unmeant, with a new key.
    A draft that revises a quote becomes the next revision of its number, and that quote is superseded.

    Raises QuoteRefused, NotAcknowledged (R17), PriceChanged, CannotBePrinted where a text has characters without a
    glyph, AlreadyIssued, IssuedAlike, DraftChanged, FormKeyTaken, WrongState where the quote to revise can no longer be
    superseded, CustomerMoved where its license ID or customer changed hands since, ClockBehind where the log holds
    entries of a later day, and DrawingFailed where the PDF cannot be drawn; then nothing was written.
    """
    _refuse_moved(key, licenseids)
    customer = _customer_of(licenseids, asked)
    refuse_issued(key, licenseids)
    refuse_earlier_day(reseller=customer.reseller, now=now)
    on = now.astimezone(timezone.get_default_timezone()).date()
    calculation = calculate(asked=asked, customer=customer, on=on)
    pricing = calculation.pricing
    if pricing.is_refused:
        raise QuoteRefused(calculation)
    if seen_total is not None and seen_total != pricing.total:
        raise PriceChanged(calculation)
    unread = tuple(one for one in pricing.warnings if (one.license_id, one.problem.code) not in acknowledged)
    if unread:
        raise NotAcknowledged(unread)

    try:
        quote = _issue_in_one_transaction(key, licenseids, asked, calculation, issued_by, now, seen_version, again)
    except IntegrityError:
        refuse_issued(key, licenseids)  # the same key, at the same moment, in another month's numbers
        raise
    logger.info("quote issued: %s reseller=%s", quote.number, quote.reseller_id)
    return quote


@one_transaction
def _issue_in_one_transaction(
    key: uuid.UUID,
    licenseids: Sequence[LicenseID],
    asked: Asked,
    calculation: Calculation,
    issued_by: User,
    now: datetime,
    seen_version: int | None,
    again: bool,
) -> Quote:
    warnings, customer = calculation.pricing.warnings, licenseids[0].customer
    with transaction.atomic():
        wait_for_turn(licenseids)
        draft = QuoteDraft.objects.select_related("saved_by", "basis").filter(key=key).order_by().first()
        if draft:
            refuse_foreign(draft, licenseids)
        revised = draft.basis if draft and draft.is_revision else None
        before = lock_status(quote=revised, transition=SUPERSEDE) if revised else None
        if revised and (revised.customer_id, revised.reseller_id) != (customer.pk, customer.reseller_id):
            raise CustomerMoved(revised)  # a number stays with its reseller and its customer
        number = _next_revision(revised) if revised else _take_number(customer.reseller, now)
        refuse_issued(key, licenseids)  # once more, now that others wait
        if not again and revised is None:
            _refuse_alike(customer, calculation, asked)
        if draft and seen_version is not None and draft.version != seen_version:
            raise DraftChanged(draft)
        check_code = "".join(secrets.choice(CHECK_ALPHABET) for _ in range(CHECK_LENGTH))
        document = build_document(
            calculation=calculation,
            customer=customer,
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
            licenseids=licenseids,
            products=products.values(),
            price_list=calculation.prices.price_list,
            by=issued_by,
            typed={"subject": asked.subject, "note": asked.note},
        )
        refuse_unprintable(document, places)
        pdf = draw(document=document)
        quote = _write(
            key, licenseids, asked, calculation, document, issued_by, number, check_code, now, products, revised
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
                "acknowledged": [one.problem.code for one in warnings],
                "pdf": sha256,
                "record": _seal(quote),
            },
        )
    return quote


def draw_draft(
    *,
    customer: Customer,
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
        customer=customer,
        asked=asked,
        issued_by=drawn_by,
        number=None,
        revises=revises,
        check_code=None,
        now=now,
    )
    return document, draw(document=document)


def _refuse_moved(key: uuid.UUID, licenseids: Sequence[LicenseID]) -> None:
    """A revision of which one license ID has come to another customer since is no quote of one customer any more."""
    if len({one.customer_id for one in licenseids}) > 1:
        draft = QuoteDraft.objects.select_related("basis").filter(key=key, is_revision=True).first()
        if draft and draft.basis:
            raise CustomerMoved(draft.basis)


def _customer_of(licenseids: Sequence[LicenseID], asked: Asked) -> Customer:
    """Of all license IDs the one customer."""
    if [one.code for one in licenseids] != [part.license_id for part in asked.parts]:
        raise ValueError("the license IDs are not those of what is asked")
    if len({one.customer_id for one in licenseids}) > 1:
        raise ValueError("a quote is of one customer (R18)")
    return licenseids[0].customer


def _refuse_alike(customer: Customer, calculation: Calculation, asked: Asked) -> None:
    """A second quote of the same content on one day is rarely meant."""
    today = Quote.objects.filter(
        reseller=customer.reseller_id,
        customer=customer,
        issued_on=calculation.pricing.on,
        total=calculation.pricing.total,
    )
    for quote in today.defer("document", "trace"):
        if quote.asked == to_json(asked):
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


def _write(
    key: uuid.UUID,
    licenseids: Sequence[LicenseID],
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
    customer = licenseids[0].customer
    month, sequence, revision = number[1:].split("-")
    quote = Quote.objects.create(
        key=key,
        reseller=customer.reseller,
        customer=customer,
        price_list=price_list,
        issued_by=issued_by,
        month=month,
        sequence=int(sequence),
        revision=int(revision),
        number=number,
        revises=revised,
        check_code=check_code,
        issued_at=now,
        issued_on=pricing.on,
        valid_until=calculation.validity.until,
        retain_until=last_day(pricing.on, settings.RETENTION_YEARS),
        customer_name=customer.name,
        license_codes=CODES_BETWEEN.join(one.code for one in licenseids),
        issued_by_name=issued_by.name,
        subject=document["subject"],
        is_sample=document["is_sample"],
        subtotal=pricing.subtotal,
        tax=pricing.tax,
        total=pricing.total,
        asked=canonical_json(to_json(asked)),
        document=document,
        acknowledged=[_acknowledgement(warning, issued_by, now) for warning in pricing.warnings],
        trace=calculation_parts(pricing),
    )
    parts = [
        QuotePart(
            quote=quote,
            position=position,
            licenseid=licenseid,
            license_code=licenseid.code,
            years=part.request.years,
            is_reduced=part.request.is_reduced,
            subtotal=part.subtotal,
        )
        for position, (licenseid, part) in enumerate(zip(licenseids, pricing.parts, strict=True), start=1)
    ]
    QuotePart.objects.bulk_create(parts)
    part_of = {part.license_code: part for part in parts}
    lines = [
        QuoteLine(
            quote=quote,
            part=part_of[line["license_id"]],
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
    return record_hash(stored, stored.parts.order_by("position"), stored.lines.order_by("position"))


def _write_status(quote: Quote, issued_by: User, now: datetime) -> None:
    QuoteStatus.objects.create(
        quote=quote,
        reseller_id=quote.reseller_id,
        month=quote.month,
        sequence=quote.sequence,
        changed_by=issued_by,
        changed_at=now,
    )


def _acknowledgement(warning: PartProblem, by: User, now: datetime) -> dict[str, Any]:
    problem = warning.problem
    return {
        "license_id": warning.license_id,
        "code": problem.code,
        "rule": problem.rule,
        "en": problem.what("en", with_names=True),
        "ja": problem.what("ja", with_names=True),
        "by": by.pk,
        "by_name": by.name,
        "at": now.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds"),
    }
