"""Quotes as records, how they stand and what happened to them."""

from .events import EventChain, QuoteEvent, event_hash, is_sealed, record_hash
from .exports import RecordExport
from .handover import FieldOrder
from .letters import LetterTemplate, QuoteLetter
from .margins import QuoteMargin, margin_hash
from .orders import Acknowledgement, OrderFile
from .records import (
    CODES_BETWEEN,
    Quote,
    QuotedHolding,
    QuoteDocument,
    QuoteLine,
    QuoteNumber,
    QuotePart,
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
    "CODES_BETWEEN",
    "EXPIRED",
    "LOSE",
    "ORDER",
    "REOPEN",
    "SHOWN_STATES",
    "SUPERSEDE",
    "TRANSITIONS",
    "WITHDRAW",
    "Acknowledgement",
    "EventChain",
    "FieldOrder",
    "LetterTemplate",
    "OrderFile",
    "Quote",
    "QuoteDocument",
    "QuoteEvent",
    "QuoteLetter",
    "QuoteLine",
    "QuoteMargin",
    "QuoteNumber",
    "QuotePart",
    "QuoteStatus",
    "QuotedHolding",
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
    "margin_hash",
    "record_hash",
    "shown_state",
]
