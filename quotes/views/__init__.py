"""Doors to quotes: the renewal form, drafts, and issued quotes."""

from .records import detail, index, pdf
from .renewal import discard, draft, draft_pdf, new, preview

__all__ = ["detail", "discard", "draft", "draft_pdf", "index", "new", "pdf", "preview"]
