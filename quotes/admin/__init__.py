"""Quotes in the administration."""

from .impact import ImpactRunAdmin
from .records import QuoteAdmin, QuoteDraftAdmin

__all__ = ["ImpactRunAdmin", "QuoteAdmin", "QuoteDraftAdmin"]
