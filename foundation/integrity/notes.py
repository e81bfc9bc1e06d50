"""What the database itself writes down when rows change: so that no way of changing them can be forgotten.

A note looks at what a statement added, changed or removed in one table, and adds rows to another. On PostgreSQL it acts
once for a statement, however many rows that writes (COPY too); on SQLite, which knows no such triggers, once for a row.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """What is written down after one kind of change of a table."""

    table: str
    action: str
    """`INSERT`, `UPDATE` or `DELETE`."""
    columns: Sequence[str]
    """What is looked at of a row beside its key; an UPDATE that leaves all of them as they were is none."""
    into: str
    """The table that is added to."""
    names: Sequence[str]
    """Its columns, in the order of `select`."""
    select: str
    """What is added, in SQL that both databases know. `{changed}` stands for the rows: with their key and the columns;
    of an UPDATE as they were and as they are."""
    key: str = "id"
    is_signed: bool = False
    """Whether each of the rows has its `sign` beside it: 1 as it is, -1 as it was. For sums (`.counts`)."""

    @property
    def name(self) -> str:
        """Its trigger's, and its function's on PostgreSQL."""
        return f"{self.into}_on_{self.table}_{self.action.lower()}"

    def statement(self, *, vendor: str) -> str:
        """What the trigger does."""
        changed = self._rows_on_postgresql() if vendor == "postgresql" else self._row_on_sqlite()
        added = self.select.replace("{changed}", f"({changed}) AS changed")
        return f"INSERT INTO {self.into} ({', '.join(self.names)}) {added};"

    def condition(self) -> str:
        """On SQLite: of which rows an UPDATE is one."""
        return " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in self.columns)

    def _rows_on_postgresql(self) -> str:
        names = ", ".join((self.key, *self.columns))
        old, new = (f"SELECT {names} FROM {rows}" for rows in ("old_rows", "new_rows"))  # noqa: S608
        gone, come = f"({old} EXCEPT {new})", f"({new} EXCEPT {old})"
        if not self.is_signed:
            return {"INSERT": new, "DELETE": old, "UPDATE": f"{gone} UNION {come}"}[self.action]
        old, new = (f"SELECT {names}, {sign} AS sign FROM {rows}" for rows, sign in (("old_rows", -1), ("new_rows", 1)))  # noqa: S608
        both = f"SELECT was.*, -1 AS sign FROM {gone} AS was UNION ALL SELECT now.*, 1 AS sign FROM {come} AS now"  # noqa: S608
        return {"INSERT": new, "DELETE": old, "UPDATE": both}[self.action]

    def _row_on_sqlite(self) -> str:
        """With no more columns than are read of it: every connection to SQLite parses the text of every trigger."""
        named = {*re.findall(r"\bchanged\.(\w+)", self.select)}
        read = [name for name in (self.key, *self.columns) if name in named]

        def row(which: str) -> str:
            sign = f", {-1 if which == 'OLD' else 1} AS sign" if self.is_signed else ""
            return "SELECT " + ", ".join(f"{which}.{name} AS {name}" for name in read) + sign

        if self.action == "UPDATE":
            return f"{row('OLD')} UNION {row('NEW')}"
        return row("NEW" if self.action == "INSERT" else "OLD")


REFERENCING = {
    "INSERT": "REFERENCING NEW TABLE AS new_rows",
    "UPDATE": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "REFERENCING OLD TABLE AS old_rows",
}
