"""Doors to quotes: the renewal form, drafts, issued quotes, and the search of all records."""

from .check import check, check_code
from .drafts import discard, draft_pdf, drafts, keep
from .golden import keep_golden
from .letters import letter_templates, send
from .license_ids import license_id, together
from .links import links, renew_link, revoke_link
from .preview import change, preview
from .received import received, received_answer, received_pdf, received_quote
from .records import detail, index, pdf
from .renewal import draft, new
from .revisions import duplicate, revise
from .search import export, export_cancel, export_file, export_page, export_progress, export_retry, search
from .shared import shared, shared_answer, shared_pdf
from .states import record_loss, record_order, reopen, withdraw

__all__ = [
    "change",
    "check",
    "check_code",
    "detail",
    "discard",
    "draft",
    "draft_pdf",
    "drafts",
    "duplicate",
    "export",
    "export_cancel",
    "export_file",
    "export_page",
    "export_progress",
    "export_retry",
    "index",
    "keep",
    "keep_golden",
    "letter_templates",
    "license_id",
    "links",
    "new",
    "pdf",
    "preview",
    "received",
    "received_answer",
    "received_pdf",
    "received_quote",
    "record_loss",
    "record_order",
    "renew_link",
    "reopen",
    "revise",
    "revoke_link",
    "search",
    "send",
    "shared",
    "shared_answer",
    "shared_pdf",
    "together",
    "withdraw",
]
