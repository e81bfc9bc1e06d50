"""What stood beside a warning's tick: it counts for those sentences and for no others (R17)."""

import hashlib
from collections.abc import Iterable

from pricing.engine.problems import Problem


def sentence_marks(warnings: Iterable[Problem]) -> dict[str, str]:
    """By code: a mark of all that is said under it about one license ID, the same in both languages."""
    said: dict[str, list[str]] = {}
    for warning in warnings:
        said.setdefault(warning.code, []).append(warning.what("ja"))
    return {code: mark_of(sentences) for code, sentences in said.items()}


def mark_of(sentences: Iterable[str]) -> str:
    """Of sentences that are read with one tick."""
    return hashlib.sha256("\n".join(sorted(sentences)).encode()).hexdigest()[:16]
