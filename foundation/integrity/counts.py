"""Counts that are kept: how many rows a table has of each kind, and sums of them, at the same cost at any size.

A row for each kind would be a lock for everybody. So the database itself adds, with each statement that writes rows,
what has become more or less (`.notes`): nobody waits for another, and the sum over all that was ever added is exact in
each transaction. The worker puts together what belongs together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connections

from ..transactions import one_transaction
from .notes import Note

MOST_LOOSE = 100
"""Rows beyond one for each kind that the worker lets be: writing all anew after every few would cost more."""


@dataclass(frozen=True, slots=True)
class Count:
    """What is counted, in SQL that both databases know. `changed` stands for the rows that are counted."""

    into: str
    """The table that has the counts. `by` and `sums` name its columns."""
    table: str
    """Whose rows are counted."""
    columns: Sequence[str]
    """All that the count looks at of a row, beside its key."""
    by: Mapping[str, str]
    """Of which kind a row is."""
    sums: Mapping[str, str]
    """What is added up of it: `1` counts it."""
    through: str = ""
    """Tables that are joined; nothing of them that is counted ever changes."""
    where: str = ""
    """Which rows count; empty: all."""
    key: str = "id"
    actions: Sequence[str] = field(default=("INSERT", "UPDATE", "DELETE"))

    def notes(self) -> list[Note]:
        """What the database writes down."""
        names = (*self.by, *self.sums)
        return [
            Note(self.table, action, self.columns, self.into, names, self._select(), self.key, is_signed=True)
            for action in self.actions
        ]

    def every_row(self) -> str:
        """A query for the counts as the rows give them."""
        names = ", ".join((self.key, *self.columns))
        return self._select().replace("{changed}", f"(SELECT {names}, 1 AS sign FROM {self.table}) AS changed")  # noqa: S608

    def _select(self) -> str:
        kinds = ", ".join(self.by.values())
        sums = ", ".join(f"SUM(changed.sign * ({value}))" for value in self.sums.values())
        where = f" WHERE {self.where}" if self.where else ""
        return f"SELECT {kinds}, {sums} FROM {{changed}} {self.through}{where} GROUP BY {kinds}"  # noqa: S608


def recount(count: Count, connection: Any) -> None:
    """The counts anew from the rows, as they are at one moment: nobody writes any meanwhile. In a transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"LOCK TABLE {count.table}, {count.into} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(f"DELETE FROM {count.into}")  # noqa: S608 - names of this program
        cursor.execute(f"INSERT INTO {count.into} ({', '.join((*count.by, *count.sums))}) {count.every_row()}")


def loose_rows(count: Count, connection: Any) -> int:
    """Rows beyond one for each kind."""
    kinds = f"SELECT 1 FROM {count.into} GROUP BY {', '.join(count.by)}"  # noqa: S608 - names of this program
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT (SELECT COUNT(*) FROM {count.into}) - (SELECT COUNT(*) FROM ({kinds}) AS kinds)")  # noqa: S608
        found: int = cursor.fetchone()[0]
    return found


@one_transaction
def put_together(count: Count, connection: Any) -> None:
    """Make one row of those of a kind. Who reads or adds meanwhile waits for nothing, and sees the same sums."""
    table, kinds = count.into, ", ".join(count.by)
    sums = ", ".join(f"SUM({name})" for name in count.sums)
    is_any = " OR ".join(f"SUM({name}) <> 0" for name in count.sums)
    into = f"INSERT INTO {table} ({', '.join((*count.by, *count.sums))})"
    summed = f"SELECT {kinds}, {sums} FROM {{rows}} GROUP BY {kinds} HAVING {is_any}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")  # noqa: S608
        last = cursor.fetchone()[0]
        gone = f"DELETE FROM {table} WHERE id <= %s"  # noqa: S608
        if connection.vendor == "postgresql":  # only what this very statement takes away is added up
            cursor.execute(f"WITH gone AS ({gone} RETURNING *) {into} {summed.format(rows='gone')}", [last])
        else:
            cursor.execute(f"{into} {summed.format(rows=table)}")
            cursor.execute(gone, [last])


def keep_counts(*, now: datetime) -> None:
    """What the worker calls every few seconds."""
    put_all_together(most_loose=MOST_LOOSE)


def put_all_together(*, most_loose: int = 0) -> None:
    """The counts of all apps, where more than so many rows are loose."""
    from .triggers import WATCHED

    for watched in WATCHED.values():
        for count in watched.counts:
            if loose_rows(count, connections["default"]) > most_loose:
                put_together(count, connections["default"])
