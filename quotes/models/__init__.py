"""Quotes as records, drafts of them, and what new prices would do to them."""

from .impact import ImpactFile, ImpactRow, ImpactRun
from .records import (
    Quote,
    QuoteDocument,
    QuoteDraft,
    QuoteEvent,
    QuoteLine,
    QuoteNumber,
    Record,
    RecordIsImmutable,
    RecordQuerySet,
)

__all__ = [
    "ImpactFile",
    "ImpactRow",
    "ImpactRun",
    "Quote",
    "QuoteDocument",
    "QuoteDraft",
    "QuoteEvent",
    "QuoteLine",
    "QuoteNumber",
    "Record",
    "RecordIsImmutable",
    "RecordQuerySet",
]
