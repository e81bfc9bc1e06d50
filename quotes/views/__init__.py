"""Doors to quotes: the renewal form, drafts, issued quotes and how they stand."""

from .check import check, check_code
from .drafts import discard, draft_pdf
from .license_ids import license_id
from .records import detail, index, pdf
from .renewal import draft, new, preview
from .states import duplicate, record_loss, record_order, reopen, revise, withdraw

__all__ = [
    "check",
    "check_code",
    "detail",
    "discard",
    "draft",
    "draft_pdf",
    "duplicate",
    "index",
    "license_id",
    "new",
    "pdf",
    "preview",
    "record_loss",
    "record_order",
    "reopen",
    "revise",
    "withdraw",
]
