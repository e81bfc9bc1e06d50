"""What is wanted and not issued yet, whether it was approved, what new prices would do to it, what became of the
holdings after an order, and the renewal desk that shows how far all of it is."""

from .approval import ApprovalRequest
from .batch import QuoteRun, QuoteRunLetter, QuoteRunRow, QuoteRunWork
from .calendar import CalendarFeed
from .carrying_out import CarryingOut
from .chat import ChatSettings
from .confirmations import ConfirmationAnswer, ConfirmationPart, ConfirmationSettings, QuantityConfirmation
from .desk import (
    LONGEST_KEPT,
    MOST_FILTERS,
    STAGES,
    DeskCount,
    DeskEntry,
    DeskFilter,
    DeskMark,
    DeskRow,
    DeskTable,
    Stage,
    Step,
)
from .drafts import QuoteDraft, QuoteDraftPart
from .drift import QuoteDrift
from .impact import ImpactFile, ImpactRow, ImpactRun
from .price_changes import PriceLetter
from .reminders import Digest, QuietCustomer, Reminder, ReminderSettings
from .standing_lines import StandingLine

__all__ = [
    "LONGEST_KEPT",
    "MOST_FILTERS",
    "STAGES",
    "ApprovalRequest",
    "CalendarFeed",
    "CarryingOut",
    "ChatSettings",
    "ConfirmationAnswer",
    "ConfirmationPart",
    "ConfirmationSettings",
    "DeskCount",
    "DeskEntry",
    "DeskFilter",
    "DeskMark",
    "DeskRow",
    "DeskTable",
    "Digest",
    "ImpactFile",
    "ImpactRow",
    "ImpactRun",
    "PriceLetter",
    "QuantityConfirmation",
    "QuietCustomer",
    "QuoteDraft",
    "QuoteDraftPart",
    "QuoteDrift",
    "QuoteRun",
    "QuoteRunLetter",
    "QuoteRunRow",
    "QuoteRunWork",
    "Reminder",
    "ReminderSettings",
    "Stage",
    "StandingLine",
    "Step",
]
