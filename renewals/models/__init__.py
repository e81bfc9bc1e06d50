"""What is wanted and not issued yet, what new prices would do to it, and what became of the holdings after an order."""

from .carrying_out import CarryingOut
from .confirmations import ConfirmationAnswer, ConfirmationPart, ConfirmationSettings, QuantityConfirmation
from .drafts import QuoteDraft, QuoteDraftPart
from .impact import ImpactFile, ImpactRow, ImpactRun

__all__ = [
    "CarryingOut",
    "ConfirmationAnswer",
    "ConfirmationPart",
    "ConfirmationSettings",
    "ImpactFile",
    "ImpactRow",
    "ImpactRun",
    "QuantityConfirmation",
    "QuoteDraft",
    "QuoteDraftPart",
]
