"""Drafts follow the code of their license ID when it is corrected."""

import re
from collections.abc import Iterable
from dataclasses import replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from licensing.models import LicenseID
from licensing.operations.registration import MOST_NAMED, Effect

from ..asked import from_json, to_json
from ..models import QuoteDraft


def tell_drafts(licenseid: LicenseID) -> Iterable[Effect]:
    drafts = _drafts_of(licenseid).order_by("-saved_at", "-pk")
    names = tuple(str(draft) for draft in drafts[:MOST_NAMED])
    yield Effect(_("drafts of quotes (they follow)"), drafts.count(), names)


def follow_code(licenseid: LicenseID, old: str) -> None:
    """What a draft asks for names the license ID by its code; so does a subject."""
    whole = re.compile(rf"(?<![\w-]){re.escape(old)}(?![\w-])", re.ASCII)  # A-1 is no part of A-10
    numbers = _drafts_of(licenseid).values("pk")
    for draft in QuoteDraft.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk"):
        asked = from_json(draft.asked)
        parts = tuple(
            replace(part, license_id=licenseid.code) if part.license_id == old else part for part in asked.parts
        )
        draft.subject = whole.sub(lambda _old: licenseid.code, draft.subject)[:200]
        subject = whole.sub(lambda _old: licenseid.code, asked.subject)[:200]
        draft.asked = to_json(replace(asked, parts=parts, subject=subject))
        draft.save(update_fields=["asked", "subject", "search_key"])


def _drafts_of(licenseid: LicenseID) -> QuerySet[QuoteDraft]:
    """In which it stands; not those of a former reseller, which go on without it."""
    return QuoteDraft.objects.filter(license_ids=licenseid, customer__reseller=licenseid.customer.reseller_id)
