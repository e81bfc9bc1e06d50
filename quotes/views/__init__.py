"""Doors to quotes: the renewal form, drafts, issued quotes, and the search of all records."""

from .check import check, check_code
from .drafts import discard, draft_pdf
from .license_ids import license_id
from .records import detail, index, pdf
from .renewal import draft, new, preview
from .search import export, export_file, export_page, export_progress, search
from .states import duplicate, record_loss, record_order, reopen, revise, withdraw

__all__ = [
    "check",
    "check_code",
    "detail",
    "discard",
    "draft",
    "draft_pdf",
    "duplicate",
    "export",
    "export_file",
    "export_page",
    "export_progress",
    "index",
    "license_id",
    "new",
    "pdf",
    "preview",
    "record_loss",
    "record_order",
    "reopen",
    "revise",
    "search",
    "withdraw",
]
