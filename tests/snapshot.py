"""Rows that many tests begin with: written once per worker by the portal's own ways, then copied in one go."""

import hashlib
import pickle
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.db import connection, transaction
from django.utils import timezone

Made = TypeVar("Made")

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
"""By table: its columns and rows."""

LAST = ("pricing_pricelist",)
"""What is published is closed by triggers: its parts are copied before it."""


def copied(write: Callable[[], Made]) -> Callable[[], Made]:
    """Calls `write` once for each hour that the clock shows; after that its rows are copied, where no others are yet.

    What it returns is copied along: each test may change its own.
    """
    kept: dict[datetime, tuple[Rows, bytes]] = {}

    @wraps(write)
    def make() -> Made:
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        there = set(filled(tables()))
        if hour in kept and not there & set(kept[hour][0]):
            rows, made = kept[hour]
            insert(rows)
            if connection.vendor == "postgresql" and not there:
                number_after(rows)
            return pickle.loads(made)
        is_empty = not there
        made = write()
        if is_empty:
            kept[hour] = (read(filled(tables())), pickle.dumps(made))
        return made

    return make


WRITTEN_BY_TRIGGERS = ("renewals_deskmark", "quotes_quotecount", "licensing_customercount")
"""When the rows are copied, too."""

Statement = tuple[str, Any]
"""SQL that writes, and its values."""

MOST_WRITTEN = 200
"""Kept at a time: a test at the real time of day leaves what no other asks for."""

_written: dict[Hashable, tuple[list[Statement], bytes]] = {}


def written_again(write: Callable[[], Made], *, asked: Hashable) -> Made:
    """Calls `write` where nobody asked for the same in the same state of the database before; else what it told the
    database is told once more, statement by statement, so that triggers and constraints look at it again.

    `asked` is all that decides what is written, besides what the database holds.
    """
    key = (asked, state())
    if key in _written:
        statements, made = _written[key]
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, values in statements:
                cursor.execute(sql, values)
        again: Made = pickle.loads(made)
        return again
    with listening() as statements:
        first = write()
    if len(_written) >= MOST_WRITTEN:
        _written.clear()
    _written[key] = (statements, pickle.dumps(first))
    return first


@contextmanager
def listening() -> Iterator[list[Statement]]:
    """What is written meanwhile."""
    heard: list[Statement] = []

    def listen(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, values, many, context)
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            heard.extend((sql, each) for each in (values if many else [values]))
        return answer

    with connection.execute_wrapper(listen):
        yield heard


def state() -> str:
    """Everything that the database holds, and which numbers its next rows get, as a short text.

    But for who is logged in: it decides nothing of what is written.
    """
    rows = read([name for name in filled(tables()) if "session" not in name])
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM sqlite_sequence" if connection.vendor == "sqlite" else NEXT_NUMBERS)
        numbers = sorted(cursor.fetchall())
    return hashlib.sha256(repr((rows, numbers)).encode()).hexdigest()


NEXT_NUMBERS = "SELECT sequencename, last_value FROM pg_sequences"


_tables: dict[tuple[object, ...], list[str]] = {}


def tables() -> list[str]:
    """All tables that tests fill: looked up anew only where a table has come or gone."""
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA[connection.vendor])
        now = (connection.settings_dict["NAME"], *cursor.fetchone())
    if now not in _tables:
        _tables[now] = _tables_that_are_there()
    return list(_tables[now])


SCHEMA = {
    "sqlite": "SELECT schema_version FROM pragma_schema_version",
    "postgresql": "SELECT count(*), max(oid) FROM pg_class WHERE relkind = 'r'",
}
"""What differs once a table was made or dropped."""


def _tables_that_are_there() -> list[str]:
    return [
        name
        for name in connection.introspection.django_table_names(only_existing=True, include_views=False)
        if not name.startswith(("django_content_type", "django_migrations", "django_cache", "auth_permission"))
        and name not in WRITTEN_BY_TRIGGERS
    ]


def number_after(rows: Rows) -> None:
    """Further rows get the numbers that follow, as on SQLite: PostgreSQL takes no number back with the rest."""
    last = {
        f"{name}_{column}_seq": max(row[place] for row in values)
        for name, (columns, values) in rows.items()
        for place, column in enumerate(columns)
        if column in ("id", "history_id")
    }
    ours = {f"{name}_{column}_seq" for name in tables() for column in ("id", "history_id")}
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL")
        used = ours & {name for (name,) in cursor.fetchall()}
        asked = (f"setval('{name}', {last.get(name, 1)}, {name in last})" for name in used)
        cursor.execute("SELECT " + ", ".join(asked))


def filled(names: list[str]) -> list[str]:
    """Those of the tables that have rows."""
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]


def read(names: list[str]) -> Rows:
    found = {}
    with connection.cursor() as cursor:
        for name in sorted(names, key=lambda name: (name in LAST, name)):
            cursor.execute(f"SELECT * FROM {name}")
            found[name] = ([column[0] for column in cursor.description], cursor.fetchall())
    return found


def insert(rows: Rows) -> None:
    """References are checked at the end of the transaction, so the order of tables does not matter to them."""
    with transaction.atomic(), connection.cursor() as cursor:
        for name, (columns, values) in rows.items():
            places = ", ".join(["%s"] * len(columns))
            quoted = ", ".join(f'"{column}"' for column in columns)
            cursor.executemany(f'INSERT INTO "{name}" ({quoted}) VALUES ({places})', values)
