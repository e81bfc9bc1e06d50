"""What can be done with quotes: calculate, save a draft, issue, and what comes after."""

from .calculate import Calculation, Validity, calculate, quote_validity
from .document import calculation_parts, product_name, product_unit
from .drafts import discard_draft, save_draft
from .events import record_download, record_event
from .golden import NotKept, keep_as_golden_case
from .issue import Wording, draw_draft, issue
from .refusals import (
    AlreadyIssued,
    DraftChanged,
    FormKeyTaken,
    IssuedAlike,
    NotAcknowledged,
    PriceChanged,
    QuoteRefused,
    ReasonMissing,
    WrongState,
)
from .transitions import record_loss, record_order, reopen, withdraw

__all__ = [
    "AlreadyIssued",
    "Calculation",
    "DraftChanged",
    "FormKeyTaken",
    "IssuedAlike",
    "NotAcknowledged",
    "NotKept",
    "PriceChanged",
    "QuoteRefused",
    "ReasonMissing",
    "Validity",
    "Wording",
    "WrongState",
    "calculate",
    "calculation_parts",
    "discard_draft",
    "draw_draft",
    "issue",
    "keep_as_golden_case",
    "product_name",
    "product_unit",
    "quote_validity",
    "record_download",
    "record_event",
    "record_loss",
    "record_order",
    "reopen",
    "save_draft",
    "withdraw",
]
