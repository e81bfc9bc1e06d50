"""Which warnings were read: a tick counts for the sentences that stood beside it, and for no others (R17)."""

import hashlib
from collections.abc import Iterable

from pricing.engine.problems import Problem

from ..part import FormPart


def sentences_shown(warnings: Iterable[Problem]) -> str:
    """What stands beside the ticks, as the page sends it back: `code:mark` of each code, the same in both languages."""
    said: dict[str, list[str]] = {}
    for warning in warnings:
        said.setdefault(warning.code, []).append(warning.what("ja"))
    return " ".join(f"{code}:{_mark(sentences)}" for code, sentences in said.items())


def read_codes(part: FormPart, warnings: Iterable[Problem]) -> list[str]:
    """The codes ticked for a license ID whose sentences are still those that were shown.

    A sentence more, or another amount: unread.
    """
    shown = set((part.value("seen_warnings") or "").split())
    now = (one.rpartition(":") for one in sentences_shown(warnings).split())
    ticked = part.value("acknowledge") or []
    return [code for code, _colon, mark in now if code in ticked and f"{code}:{mark}" in shown]


def _mark(sentences: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(sentences)).encode()).hexdigest()[:16]
