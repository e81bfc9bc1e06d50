"""Doors to quotes: the renewal form, drafts, and issued quotes."""

from .drafts import discard, draft_pdf
from .license_ids import license_id
from .records import detail, index, pdf
from .renewal import draft, new, preview

__all__ = ["detail", "discard", "draft", "draft_pdf", "index", "license_id", "new", "pdf", "preview"]
