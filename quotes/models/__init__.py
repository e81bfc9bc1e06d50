"""Quotes as records, and drafts of them."""

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
