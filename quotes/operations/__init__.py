"""What can be done with quotes: calculate, save a draft, issue, and what comes after."""

from .answers import answer_quote
from .calculate import Calculation, Validity, calculate, quote_validity
from .differences import Differences, Held, LineDifference, Side, compare_with_quote, holding_changes
from .document import calculation_parts
from .drafts import discard_draft, keep_draft, save_draft
from .events import SealBroken, record_event
from .exports import sweep_exports
from .golden import NotKept, keep_as_golden_cases
from .issue import draw_draft, issue
from .printing import characters_without_glyph, find_unprintable
from .refusals import (
    AlreadyIssued,
    ClockBehind,
    CustomerMoved,
    DownloadsUsedUp,
    FormKeyTaken,
    IssuedAlike,
    LinkClosed,
    LinksChanged,
    NotOpen,
    NotShareable,
    ReasonMissing,
    WrongState,
)
from .refused import CannotBePrinted, DraftChanged, DraftGone, NotAcknowledged, PriceChanged, QuoteRefused, Unprintable
from .revisions import begin_revision, duplicate
from .sharing import LinkDays, can_share, link_days, make_link, renew_link, revoke_link
from .transitions import record_loss, record_order, reopen, withdraw
from .visits import Visitor, hand_out_pdf, record_view

__all__ = [
    "AlreadyIssued",
    "Calculation",
    "CannotBePrinted",
    "ClockBehind",
    "CustomerMoved",
    "Differences",
    "DownloadsUsedUp",
    "DraftChanged",
    "DraftGone",
    "FormKeyTaken",
    "Held",
    "IssuedAlike",
    "LineDifference",
    "LinkClosed",
    "LinkDays",
    "LinksChanged",
    "NotAcknowledged",
    "NotKept",
    "NotOpen",
    "NotShareable",
    "PriceChanged",
    "QuoteRefused",
    "ReasonMissing",
    "SealBroken",
    "Side",
    "Unprintable",
    "Validity",
    "Visitor",
    "WrongState",
    "answer_quote",
    "begin_revision",
    "calculate",
    "calculation_parts",
    "can_share",
    "characters_without_glyph",
    "compare_with_quote",
    "discard_draft",
    "draw_draft",
    "duplicate",
    "find_unprintable",
    "hand_out_pdf",
    "holding_changes",
    "issue",
    "keep_as_golden_cases",
    "keep_draft",
    "link_days",
    "make_link",
    "quote_validity",
    "record_event",
    "record_loss",
    "record_order",
    "record_view",
    "renew_link",
    "reopen",
    "revoke_link",
    "save_draft",
    "sweep_exports",
    "withdraw",
]
