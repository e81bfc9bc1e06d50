"""What can be done with quotes: calculate, save a draft, issue."""

from .calculate import Calculation, Validity, calculate, quote_validity
from .document import calculation_parts, product_name, product_unit
from .drafts import discard_draft, save_draft
from .golden import NotKept, keep_as_golden_case
from .issue import Wording, draw_draft, issue
from .record import record_download
from .refusals import (
    AlreadyIssued,
    DraftChanged,
    FormKeyTaken,
    IssuedAlike,
    NotAcknowledged,
    PriceChanged,
    QuoteRefused,
)

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
    "Validity",
    "Wording",
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
    "save_draft",
]
