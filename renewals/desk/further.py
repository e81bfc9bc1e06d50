"""Where the pages of the list begin: at its beginning, or after a row. Reads only.

Pages are turned by leaving out the rows before them, which costs the more the further one has come. So they end after
some thousands, and the next ones begin after the last row: it is found by an index, however far down it stands.
"""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import QueryDict

from licensing.models import User

from ..models import DeskRow
from .filters import SORTS
from .queries import NULLS, sorted_rows, visible_rows

MOST_PASSED = 10**9


@dataclass(frozen=True, slots=True)
class Start:
    """After which row the pages begin; None: at the beginning."""

    row: DeskRow | None = None
    passed: int = 0
    """Rows before it, itself among them: as the address says."""


def read_start(given: QueryDict, user: User) -> Start:
    """What an address asks for: `after`, a row's number, and how many rows were `passed`. At the beginning where it is
    no row that the user sees.
    """
    number, passed = (given.get(name, "") for name in ("after", "passed"))
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return Start()
    row = visible_rows(user).filter(pk=int(number)).first()
    is_number = passed.isascii() and passed.isdigit() and len(passed) < 19
    return Start(row, min(int(passed), MOST_PASSED) if row and is_number else 0)


def rows_from(found: QuerySet[DeskRow], sort: str, start: Start) -> QuerySet[DeskRow]:
    """Of what was found, what comes after the row; in order. Rows that have nothing in the column come by themselves:
    after all others, or before them.
    """
    ordered = sorted_rows(found, sort)
    if start.row is None:
        return ordered
    is_down = sort.startswith("-")
    columns = SORTS[sort.removeprefix("-")]
    first, has_value = columns[0], getattr(start.row, columns[0]) is not None
    none = Q(**{f"{first}__isnull": True})
    rest = ordered.filter(_beyond(start.row, columns if has_value else columns[1:], is_down=is_down))
    rest = rest if has_value else rest.filter(none)
    if not DeskRow._meta.get_field(first.removesuffix("_id")).null or has_value == _are_none_first(first, is_down):
        return rest
    return rest if rest.exists() else ordered.filter(none if has_value else ~none)


def _are_none_first(name: str, is_down: bool) -> bool:
    """Whether rows without a value come before the others: where the order does not say, databases differ."""
    return name not in NULLS and is_down == (connection.vendor == "postgresql")


def _beyond(row: DeskRow, columns: tuple[str, ...], *, is_down: bool) -> RawSQL:
    """That a row comes after that one by these columns: compared as one, so that an index begins there."""
    fields: list[Any] = [DeskRow._meta.get_field(name.removesuffix("_id")) for name in columns]
    names = ", ".join(f"renewals_deskrow.{connection.ops.quote_name(name)}" for name in columns)
    values = [
        field.get_db_prep_value(getattr(row, name), connection) for field, name in zip(fields, columns, strict=True)
    ]
    sql = f"({names}) {'<' if is_down else '>'} ({', '.join(['%s'] * len(values))})"
    return RawSQL(sql, values, output_field=BooleanField())  # noqa: S611 - names of columns


class Pages(Paginator[DeskRow]):
    """The pages from a start on. `count`: how many rows they have, known already; `passed`: how many come before."""

    def __init__(self, rows: QuerySet[DeskRow], per_page: int, *, count: int, passed: int = 0) -> None:
        super().__init__(rows, per_page)
        self.__dict__["count"] = count
        self.passed = passed

    def _get_page(self, *args: Any, **kwargs: Any) -> "Page[DeskRow]":
        return _Page(*args, **kwargs)


class _Page(Page[DeskRow]):
    """Counts from the beginning of the list."""

    paginator: Pages

    def start_index(self) -> int:
        return super().start_index() + self.paginator.passed

    def end_index(self) -> int:
        return super().end_index() + self.paginator.passed
