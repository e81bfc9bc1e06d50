"""What a price file holds, and what is wrong with it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...engine.values import PriceTable
from .columns import LABELS
from .facts import Newcomers
from .resource import PriceRow

if TYPE_CHECKING:
    from .ended import Ended

MOST_PROBLEMS = 10_000
"""That are kept; all are counted."""


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with a cell; `row` 0: with the file."""

    row: int
    column: str
    value: str
    reason: str
    is_error: bool = True
    """Else it is only worth knowing."""


@dataclass(slots=True)
class ReadPrices:
    """What a file holds."""

    tables: dict[str, PriceTable] = field(default_factory=dict)
    """By product code, of the products without errors."""
    problems: list[CellProblem] = field(default_factory=list)
    error_count: int = 0
    row_count: int = 0
    is_sample: bool | None = None
    """None: the file does not say."""
    newcomers: Newcomers = field(default_factory=Newcomers)
    """Products that the portal does not know and that can be made."""
    has_old_quantities: bool = False
    """Whether the quantities of ranks, missing in the file, are those of the list compared with."""
    ends: dict[str, "Ended"] = field(default_factory=dict)
    """By code: products that are not sold any more."""
    end_rows: dict[str, PriceRow] = field(default_factory=dict)
    """The rows that say so."""
    first_rows: dict[str, PriceRow] = field(default_factory=dict)
    """Of each product with prices."""
    speaks_of_ends: bool = False
    """Whether there is a column for it: one that is missing ends nothing, and brings nothing back."""
    sheet: str = ""
    former: dict[str, str] = field(default_factory=dict)
    """By `code_key`: former codes of products, and the codes that these have now."""
    mentioned: set[str] = field(default_factory=set)
    """Codes of the portal's products in the file, with errors or without."""
    heads: dict[str, str] = field(default_factory=dict)
    """What stands above each column, with the column's letter."""

    def error(self, row: PriceRow | int, column: str, value: object, reason: str) -> None:
        self.error_count += 1
        self._add(row, column, value, reason, is_error=True)

    def notice(self, row: PriceRow | int, column: str, value: object, reason: str) -> None:
        self._add(row, column, value, reason, is_error=False)

    def _head(self, row: PriceRow | int, column: str) -> str:
        own = row.places.get(column) if isinstance(row, PriceRow) else None
        return own or self.heads.get(column) or (str(LABELS[column]) if column in LABELS else column)

    def _add(self, row: PriceRow | int, column: str, value: object, reason: str, *, is_error: bool) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            text = "" if value is None else str(value)
            number = row if isinstance(row, int) else row.number
            self.problems.append(CellProblem(number, self._head(row, column), text[:200], reason, is_error))
