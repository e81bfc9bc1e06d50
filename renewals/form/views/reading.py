"""Which warnings were read: a tick counts for the sentences that stood beside it, and for no others (R17)."""

from collections.abc import Iterable

from pricing.engine.problems import Problem

from ...calculation.sentences import sentence_marks
from ..part import FormPart


def sentences_shown(warnings: Iterable[Problem]) -> str:
    """What stands beside the ticks, as the page sends it back: `code:mark` of each code, the same in both languages."""
    return " ".join(f"{code}:{mark}" for code, mark in sentence_marks(warnings).items())


def read_codes(part: FormPart, warnings: Iterable[Problem]) -> list[str]:
    """The codes ticked for a license ID whose sentences are still those that were shown.

    A sentence more, or another amount: unread.
    """
    shown = set((part.value("seen_warnings") or "").split())
    ticked = part.value("acknowledge") or []
    return [code for code, mark in sentence_marks(warnings).items() if code in ticked and f"{code}:{mark}" in shown]
