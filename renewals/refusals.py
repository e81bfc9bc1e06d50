"""Why what is wanted cannot be issued, or kept. The doors (views, commands) turn these into words."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from pricing.engine.quote import PartProblem

from .calculation.calculate import Calculation
from .models import ApprovalRequest, QuoteDraft


class QuoteRefused(Exception):
    """The request cannot be quoted; `calculation.pricing.refusals` says why."""

    def __init__(self, calculation: Calculation) -> None:
        super().__init__(", ".join(one.problem.code for one in calculation.pricing.refusals))
        self.calculation = calculation


class NotAcknowledged(Exception):
    """Warnings that nobody ticked as read (R17)."""

    def __init__(self, warnings: tuple[PartProblem, ...]) -> None:
        super().__init__(", ".join(one.problem.code for one in warnings))
        self.warnings = warnings


@dataclass(frozen=True)
class Unprintable:
    """Characters of one text that no font of the PDF has."""

    characters: tuple[str, ...]
    row: Model | None
    """Where the text is stored; None: it was typed into the form, or nobody knows."""
    field: str
    """The column, or the form's field; empty: nobody knows."""


class CannotBePrinted(Exception):
    """Texts of the quote have characters that no font of the PDF has; `places` says which, and where."""

    def __init__(self, places: Sequence[Unprintable]) -> None:
        super().__init__(" ".join(f"U+{ord(one):04X}" for place in places for one in place.characters))
        self.places = places


class ContactGone(Exception):
    """The contact to whom the quote was to be addressed was removed, or belongs to another customer."""

    def __init__(self, number: int) -> None:
        super().__init__(str(number))


class PriceChanged(Exception):
    """The total is not the one that was on screen: a new day, new prices, or an entry not calculated yet."""

    def __init__(self, calculation: Calculation) -> None:
        super().__init__(str(calculation.pricing.total))
        self.calculation = calculation


class NeedsApproval(Exception):
    """A quote above the reseller's thresholds that nobody approved as it is now (R20)."""

    def __init__(self, passed: Sequence[Mapping[str, Any]], request: ApprovalRequest | None, changes: Sequence[str]):
        super().__init__(", ".join(one["kind"] for one in passed))
        self.passed = passed
        """Which thresholds, as `renewals.issue.thresholds` says them."""
        self.request = request
        """The last time that it was asked for; None: never."""
        self.changes = changes
        """What is different from what was approved, in sentences; empty where nothing was approved."""


class DraftChanged(Exception):
    """The draft was saved again, by a colleague or in another window, since it was opened."""

    def __init__(self, draft: QuoteDraft) -> None:
        super().__init__(str(draft))
        self.draft = draft


class DraftGone(Exception):
    """The draft was deleted, by a colleague or in another window, since it was opened."""

    def __init__(self, key: uuid.UUID) -> None:
        super().__init__(str(key))
