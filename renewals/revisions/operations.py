"""Quotes that are made from quotes: the next revision of one, or a copy with a number of its own."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Prefetch

from foundation.transactions import one_transaction
from licensing.models import Holding, LicenseID, User
from licensing.operations.turns import wait_for_turn
from licensing.queries import present_codes
from quotes.models import SUPERSEDE, Quote
from quotes.record.refusals import AlreadyIssued, CustomerMoved, FormKeyTaken
from quotes.record.transitions import lock_status

from ..asked import fit, from_json, held_of, product_codes, to_json, with_codes
from ..drafts.operations import write_parts
from ..models import QuoteDraft


@one_transaction
def begin_revision(*, quote: Quote, by: User, now: datetime) -> tuple[QuoteDraft, bool]:
    """The draft of the quote's next revision, and whether it is new: a quote has one at most, so another is shared.

    Raises WrongState where the quote cannot be superseded, CustomerMoved where one of its license IDs or its customer
    changed hands since.
    """
    licenseids = _license_ids_of(quote)
    lock_status(quote=quote, transition=SUPERSEDE)
    owner = (quote.customer.present_id, quote.reseller_id)
    if any((one.customer_id, one.customer.reseller_id) != owner for one in licenseids):
        raise CustomerMoved(quote)  # a number stays with its reseller and its customer
    if draft := QuoteDraft.objects.select_related("saved_by").filter(basis=quote, is_revision=True).first():
        return draft, False
    return _copy(quote, licenseids, uuid.uuid4(), is_revision=True, by=by, now=now), True


@one_transaction
def duplicate(*, quote: Quote, key: uuid.UUID, by: User, now: datetime) -> QuoteDraft:
    """A draft of a new quote that asks for what the quote asked for; the same key makes it once.

    Raises CustomerMoved where the license ID is not the quote's reseller's any more, AlreadyIssued where the draft of
    this key has become a quote, FormKeyTaken where the key belongs to something else.
    """
    licenseids = _license_ids_of(quote)
    customers = {one.customer_id for one in licenseids}
    if len(customers) > 1 or licenseids[0].customer.reseller_id != quote.reseller_id:
        raise CustomerMoved(quote)
    if issued := Quote.objects.defer("document", "trace", "asked").filter(key=key).first():
        raise AlreadyIssued(issued) if issued.customer.present_id in customers else FormKeyTaken(key)
    if draft := QuoteDraft.objects.filter(key=key).first():
        if draft.basis_id != quote.pk:
            raise FormKeyTaken(key)
        return draft
    return _copy(quote, licenseids, key, is_revision=False, by=by, now=now)


def _license_ids_of(quote: Quote) -> list[LicenseID]:
    """Those of its parts, in their order, with their holdings as they are now; locked until the transaction ends."""
    parts = quote.parts.order_by("position").select_related("licenseid")
    wait_for_turn([part.licenseid for part in parts])
    held = Prefetch("holdings", Holding.objects.select_related("product"))
    found = LicenseID.objects.select_related("customer__reseller").prefetch_related(held)
    rows = found.in_bulk([part.licenseid_id for part in parts])
    return [rows[part.licenseid_id] for part in parts]


def _copy(
    quote: Quote, licenseids: Sequence[LicenseID], key: uuid.UUID, *, is_revision: bool, by: User, now: datetime
) -> QuoteDraft:
    asked = from_json(quote.asked)
    asked = with_codes(asked, present_codes(product_codes(asked)))
    fitted = tuple(
        replace(fit(part, held=held_of(licenseid.holdings.all())), license_id=licenseid.code)
        for part, licenseid in zip(asked.parts, licenseids, strict=True)
    )
    draft = QuoteDraft.objects.create(
        key=key,
        customer=licenseids[0].customer,
        created_by=by,
        saved_by=by,
        saved_at=now,
        asked=to_json(replace(asked, parts=fitted)),
        subject=quote.subject,
        basis=quote,
        is_revision=is_revision,
    )
    write_parts(draft, licenseids)
    return draft
