"""Quotes as records, how they stand and what happened to them, drafts, and what new prices would do to them."""

from .events import EventChain, QuoteEvent, event_hash, is_sealed, record_hash
from .exports import RecordExport
from .impact import ImpactFile, ImpactRow, ImpactRun
from .letters import LetterTemplate
from .records import (
    Quote,
    QuoteDocument,
    QuoteDraft,
    QuoteLine,
    QuoteNumber,
    Record,
    RecordIsImmutable,
    RecordQuerySet,
)
from .sharing import ShareLink
from .status import (
    EXPIRED,
    LOSE,
    ORDER,
    REOPEN,
    SHOWN_STATES,
    SUPERSEDE,
    TRANSITIONS,
    WITHDRAW,
    QuoteStatus,
    State,
    Transition,
    can_become,
    shown_state,
)

__all__ = [
    "EXPIRED",
    "LOSE",
    "ORDER",
    "REOPEN",
    "SHOWN_STATES",
    "SUPERSEDE",
    "TRANSITIONS",
    "WITHDRAW",
    "EventChain",
    "ImpactFile",
    "ImpactRow",
    "ImpactRun",
    "LetterTemplate",
    "Quote",
    "QuoteDocument",
    "QuoteDraft",
    "QuoteEvent",
    "QuoteLine",
    "QuoteNumber",
    "QuoteStatus",
    "Record",
    "RecordExport",
    "RecordIsImmutable",
    "RecordQuerySet",
    "ShareLink",
    "State",
    "Transition",
    "can_become",
    "event_hash",
    "is_sealed",
    "record_hash",
    "shown_state",
]
