"""Comparisons as records: what crosses from what is wanted, kept with number and PDF; withdrawn; found."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.integrity import canonical_json
from foundation.transactions import one_transaction
from licensing.models import LicenseID, Reseller, User
from licensing.queries import visible_customers
from pricing.models import PriceList

from ..models import (
    CODES_BETWEEN,
    Alternative,
    ComparedLicenseID,
    Comparison,
    ComparisonNumber,
    ComparisonStatus,
    Quote,
    QuoteEvent,
    QuoteOrigin,
    comparison_hash,
    shown_comparison_state,
)
from ..paper import ComparisonDocument, draw_comparison
from .events import record_event
from .numbers import take_numbers
from .refusals import FormKeyTaken, NotShareable


@dataclass(frozen=True, slots=True)
class ComparedAlternative:
    """One alternative: what would be asked for, and what it comes to. Yen."""

    label: str
    asked: Mapping[str, Any]
    """As JSON; kept, and not read here."""
    subtotal: int
    tax: int
    total: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison that is whole but for its number."""

    key: uuid.UUID
    """One key, one comparison."""
    licenseids: Sequence[LicenseID]
    """Loaded with customer and reseller, all of one customer."""
    alternatives: Sequence[ComparedAlternative]
    document: ComparisonDocument
    price_list: PriceList
    retain_until: date


@one_transaction
def keep_comparison(*, compared: Compared, by: User, now: datetime) -> Comparison:
    """Give it its number, draw its PDF and write all of it, or nothing. In the transaction of a caller that waited for
    its turn. The same key again is the same comparison: nothing more is written.

    Raises FormKeyTaken where the key is another customer's, and DrawingFailed where the PDF cannot be drawn.
    """
    customer = compared.licenseids[0].customer
    if found := Comparison.objects.defer("content").filter(key=compared.key).first():
        if found.customer.present_id != customer.pk:
            raise FormKeyTaken(compared.key)
        return found
    number = _take_number(customer.reseller, now)
    document: ComparisonDocument = {**compared.document, "number": number}
    content = draw_comparison(document=document)
    _letter, month, sequence = number[0], *number[1:].split("-")
    comparison = Comparison(
        key=compared.key,
        reseller=customer.reseller,
        customer=customer,
        price_list=compared.price_list,
        made_by=by,
        made_by_name=by.name,
        month=month,
        sequence=int(sequence),
        number=number,
        made_at=now,
        made_on=date.fromisoformat(document["made_on"]),
        valid_until=date.fromisoformat(document["valid_until"]),
        retain_until=compared.retain_until,
        customer_name=customer.name,
        license_codes=CODES_BETWEEN.join(one.code for one in compared.licenseids),
        subject=document["subject"],
        is_sample=document["is_sample"],
        document=canonical_json(document),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    comparison.save(force_insert=True)
    for position, licenseid in enumerate(compared.licenseids, start=1):
        ComparedLicenseID.objects.create(
            comparison=comparison, position=position, licenseid=licenseid, license_code=licenseid.code
        )
    for position, one in enumerate(compared.alternatives, start=1):
        Alternative.objects.create(
            comparison=comparison,
            position=position,
            label=one.label,
            asked=canonical_json(one.asked),
            subtotal=one.subtotal,
            tax=one.tax,
            total=one.total,
        )
    ComparisonStatus.objects.create(comparison=comparison, reseller=customer.reseller)
    sealed = {"pdf": comparison.sha256, "record": seal_of(comparison.pk)}
    record_event(quote=comparison, kind=QuoteEvent.Kind.COMPARED, now=now, by=by, detail=sealed)
    return comparison


def seal_of(number: int) -> str:
    """The hash of a comparison as the database gives it back; `number` is its row's."""
    row = Comparison.objects.defer("content").get(pk=number)
    return comparison_hash(row, row.license_ids.order_by("position"), row.alternatives.order_by("position"))


def _take_number(reseller: Reseller, now: datetime) -> str:
    """The next number of the reseller's month, `C2611-0007`; locked until the transaction ends, as quotes' are."""
    month, [number] = take_numbers(ComparisonNumber, reseller=reseller, now=now)
    return f"C{month}-{number:04d}"


@one_transaction
def withdraw_comparison(*, comparison: Comparison, reason: str, by: User, now: datetime) -> bool:
    """Take a comparison back; it stays as a record. False where it was withdrawn before, and nothing is written."""
    reason = reason.strip()
    if not reason:
        raise ValueError("a comparison is withdrawn for a reason")
    status = lock_comparison(comparison)
    if status.withdrawn_at:
        return False
    status.withdrawn_at, status.withdrawn_by, status.reason = now, by, reason
    status.save(update_fields=["withdrawn_at", "withdrawn_by", "reason"])
    record_event(quote=comparison, kind=QuoteEvent.Kind.WITHDRAWN, now=now, by=by, detail={"reason": reason})
    return True


def lock_comparison(comparison: Comparison) -> ComparisonStatus:
    """How it stands, locked until the transaction ends."""
    [status] = ComparisonStatus.objects.select_for_update(no_key=True).filter(pk=comparison.pk)
    return status


def lock_open(*, comparison: Comparison) -> ComparisonStatus:
    """How it stands, locked. Raises NotShareable where it was withdrawn, or has come to another reseller."""
    status = lock_comparison(comparison)
    if status.withdrawn_at or comparison_has_left(comparison):
        raise NotShareable(comparison, "withdrawn" if status.withdrawn_at else "left")
    return status


def comparison_has_left(comparison: Comparison) -> bool:
    """Whether its customer, or one of its license IDs, has come to another reseller since. One query."""
    parts = ComparedLicenseID.objects.filter(comparison=OuterRef("pk"))
    moved = parts.exclude(licenseid__customer__reseller=comparison.reseller_id)
    elsewhere = ~Q(customer__reseller=comparison.reseller_id) | Exists(moved)
    return Comparison.objects.filter(elsewhere, pk=comparison.pk).order_by().exists()


def visible_comparisons(user: User) -> QuerySet[Comparison]:
    """Comparisons that the user may see, each with how it stands; the documents and PDFs stay unread.

    As with quotes: the record of the reseller that made it, and its customer's.
    """
    comparisons = (
        Comparison.objects.select_related("status__chosen", "made_by")
        .defer("document", "content")
        .annotate(is_quoted=Exists(QuoteOrigin.objects.filter(alternative__comparison=OuterRef("pk"))))
    )
    if user.is_reseller_staff:
        return comparisons.filter(reseller=user.reseller_id) if user.is_active else comparisons.none()
    if user.is_portal_admin and user.is_active:
        return comparisons
    seen = visible_customers(user)
    return comparisons.filter(Q(customer__in=seen) | Q(customer__merged_into__in=seen))


def is_quoted(comparison: Comparison) -> bool:
    """Whether a quote was issued from it."""
    return QuoteOrigin.objects.filter(alternative__comparison=comparison).exists()


def state_of(comparison: Comparison, *, on: date, status: ComparisonStatus | None = None) -> str:
    """How it stands on a day in Japan: a key of COMPARISON_STATES. `status`: where it is locked, that one."""
    status = status or comparison.status
    known = getattr(comparison, "is_quoted", None)
    return shown_comparison_state(
        withdrawn=status.withdrawn_at is not None,
        quoted=is_quoted(comparison) if known is None else known,
        chosen=status.chosen_id is not None,
        valid_until=comparison.valid_until,
        on=on,
    )


def quotes_from(comparison: Comparison) -> list[QuoteOrigin]:
    """The quotes that were made from it, the first one first, each with its alternative."""
    rows = QuoteOrigin.objects.filter(alternative__comparison=comparison)
    rows = rows.select_related("quote", "quote__status", "alternative").order_by("quote__issued_at", "quote_id")
    return list(rows.defer("quote__document", "quote__trace", "quote__asked", "alternative__asked"))


def origin_of(quote: Quote) -> QuoteOrigin | None:
    """From which alternative a quote was made; None: from none."""
    rows = QuoteOrigin.objects.filter(quote=quote).select_related("alternative__comparison")
    unread = ("asked", "comparison__document", "comparison__content")
    return rows.defer(*(f"alternative__{name}" for name in unread)).first()
