"""What is found in a list of what is held: its rows, and what has to be said of them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .products import Known

MOST_PROBLEMS = 1_000
"""Of a kind that are kept; all are counted."""
NOTHING_CARRIED: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell, or worth knowing of it."""

    row: int
    """As spreadsheet programs show it; 0: the whole file."""
    column: str
    value: str
    reason: str
    is_error: bool = True
    products: tuple[int, ...] = ()
    """Products (pk) that may be meant."""
    text: str = ""
    """What stands in the file for the product (`product_text`), where it is not known."""
    is_ended: bool = False
    """Whether it tells of a row that is not held any more."""


@dataclass(slots=True)
class HeldRow:
    """One row: a holding with all that stands around it, or less. A blank cell says nothing, and is left out."""

    number: int
    values: dict[str, Any]
    product: Known | None = None
    carried: frozenset[str] = NOTHING_CARRIED
    """Fields that the row has from the one above."""
    is_wrong: bool = False
    is_ended: bool = False
    """By its state nothing is held any more: it is never written."""


@dataclass(slots=True)
class Found:
    """What was read of a sheet."""

    rows: list[HeldRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    error_count: int = 0
    skipped: list[int] = field(default_factory=list)
    """Rows that only sum up, remark on something or repeat the names."""
    ended: list[int] = field(default_factory=list)
    """Rows that are not held any more by their state."""
    asked: dict[str, int] = field(default_factory=dict)
    """Texts of states that say neither, with the first row of each."""
    _noted: Counter[tuple[bool, bool]] = field(default_factory=Counter)

    def note(self, problem: Problem) -> None:
        self.error_count += problem.is_error
        kind = problem.is_error, problem.is_ended
        self._noted[kind] += 1
        if self._noted[kind] <= MOST_PROBLEMS:
            self.problems.append(problem)
