"""Drafts: what was typed, kept until it is issued or discarded."""

import uuid
from datetime import datetime

from django.db import connection, transaction

from foundation.transactions import one_transaction
from licensing.models import LicenseID, User
from pricing.engine.pricing import RenewalPricing

from ..models import Quote, QuoteDraft
from .refusals import AlreadyIssued, DraftChanged, FormKeyTaken


@one_transaction
def save_draft(
    *,
    key: uuid.UUID,
    licenseid: LicenseID,
    entry: dict[str, list[str]],
    subject: str,
    pricing: RenewalPricing | None,
    saved_by: User,
    now: datetime,
    seen_version: int | None = None,
    is_detached: bool = False,
) -> QuoteDraft:
    """Keep what was typed, also where it cannot be quoted yet. The same key saves the same draft again.

    `pricing` is None or refused where there is no total to remember; `seen_version` is that of the draft which was
    opened, None for a new one. With `is_detached` a draft that revises a quote becomes one of a new quote.

    Raises AlreadyIssued where the key has become a quote meanwhile, DraftChanged where something else was saved
    meanwhile, FormKeyTaken where the key belongs to another license ID.
    """
    is_priced = pricing is not None and not pricing.is_refused
    fields = {
        "entry": entry,
        "subject": subject,
        "priced_on": pricing.request.on if pricing and is_priced else None,
        "priced_total": pricing.total if pricing and is_priced else None,
        "saved_by": saved_by,
        "saved_at": now,
    }
    with transaction.atomic():
        wait_for_turn(licenseid)
        if quote := Quote.objects.defer("document", "trace").filter(key=key).first():
            raise AlreadyIssued(quote) if quote.licenseid_id == licenseid.pk else FormKeyTaken(key)
        draft, is_new = QuoteDraft.objects.select_related("saved_by").get_or_create(
            key=key, defaults={**fields, "licenseid": licenseid, "created_by": saved_by}
        )
        if draft.licenseid_id != licenseid.pk:
            raise FormKeyTaken(key)
        if is_new or (draft.version != seen_version and draft.entry == entry):
            return draft  # the second click of a double click has nothing more to save
        if draft.version != seen_version:
            raise DraftChanged(draft)
        for name, value in fields.items():
            setattr(draft, name, value)
        draft.is_revision = draft.is_revision and not is_detached
        draft.version += 1
        draft.save()
    return draft


def wait_for_turn(licenseid: LicenseID) -> None:
    """Until the transaction ends, nobody else saves or issues for this license ID."""
    if not connection.features.has_select_for_update:
        return  # SQLite has one writer at a time: its turn began with the transaction
    LicenseID.objects.select_for_update(no_key=True).values_list("pk").get(pk=licenseid.pk)


def discard_draft(*, draft: QuoteDraft) -> None:
    """Delete a draft. Drafts are nobody's record."""
    draft.delete()
