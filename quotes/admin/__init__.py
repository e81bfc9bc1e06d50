"""Quotes in the administration."""

from .records import QuoteAdmin, QuoteDraftAdmin

__all__ = ["QuoteAdmin", "QuoteDraftAdmin"]
