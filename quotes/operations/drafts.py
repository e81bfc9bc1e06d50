"""Drafts: what was typed, kept until it is issued or discarded."""

import uuid
from datetime import datetime

from django.db import transaction

from licensing.models import LicenseID, User
from pricing.engine.pricing import RenewalPricing

from ..models import Quote, QuoteDraft
from .refusals import AlreadyIssued, FormKeyTaken


def save_draft(
    *,
    key: uuid.UUID,
    licenseid: LicenseID,
    entry: dict[str, list[str]],
    subject: str,
    pricing: RenewalPricing | None,
    saved_by: User,
    now: datetime,
) -> QuoteDraft:
    """Keep what was typed, also where it cannot be quoted yet. The same key saves the same draft again.

    `pricing` is None or refused where there is no total to remember. Raises AlreadyIssued where the key has become
    a quote meanwhile, FormKeyTaken where it belongs to another license ID.
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
        draft, _ = QuoteDraft.objects.select_for_update().update_or_create(
            key=key,
            defaults=fields,
            create_defaults={**fields, "licenseid": licenseid, "created_by": saved_by},
        )
        # Asked after writing: who waited for an issue to end must see its quote. Raising rolls the draft back.
        if quote := Quote.objects.defer("document", "trace").filter(key=key).first():
            raise AlreadyIssued(quote) if quote.licenseid_id == licenseid.pk else FormKeyTaken(key)
        if draft.licenseid_id != licenseid.pk:
            raise FormKeyTaken(key)
    return draft


def discard_draft(*, draft: QuoteDraft) -> None:
    """Delete a draft. Drafts are nobody's record."""
    draft.delete()
