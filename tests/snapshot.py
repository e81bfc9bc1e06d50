"""Rows that many tests begin with: written once per worker by the portal's own ways, then copied in one go."""

import copy
from collections.abc import Callable
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
    kept: dict[datetime, tuple[Rows, Made]] = {}

    @wraps(write)
    def make() -> Made:
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        if hour in kept and not filled(list(kept[hour][0])):
            rows, made = kept[hour]
            insert(rows)
            return copy.deepcopy(made)
        is_empty = not filled(tables())
        made = write()
        if is_empty:
            kept[hour] = (read(filled(tables())), copy.deepcopy(made))
        return made

    return make


def tables() -> list[str]:
    """All tables that tests fill."""
    return [
        name
        for name in connection.introspection.django_table_names(only_existing=True, include_views=False)
        if not name.startswith(("django_content_type", "django_migrations", "django_cache", "auth_permission"))
    ]


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
