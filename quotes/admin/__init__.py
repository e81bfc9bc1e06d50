"""Quotes in the administration."""

from .drafts import QuoteDraftAdmin
from .records import QuoteAdmin

__all__ = ["QuoteAdmin", "QuoteDraftAdmin"]
