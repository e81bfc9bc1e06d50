"""What a backup says of the database in it; each app says what of its own is compared when it is restored."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Copied = Mapping[str, Sequence[Mapping[str, str]]]
"""Rows by table, as texts."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a manifest says: rows that one statement reads."""

    sql: str
    tables: tuple[str, ...]
    from_copied: Callable[[Copied], list[list[Any]]]
    """The same rows out of the tables, as PostgreSQL's COPY writes them."""
    is_right: Callable[[Any], bool]
    """Whether it looks like what a backup writes."""


FACTS: dict[str, Fact] = {}


def watch_backup(*, name: str, fact: Fact) -> None:
    """From an app's `ready`: from now on backups say this, and restoring compares it."""
    FACTS[name] = fact


def are_rows(rows: Any, *kinds: type) -> bool:
    """Whether it is a list of lists with just these kinds of values."""
    return isinstance(rows, list) and all(
        isinstance(row, list) and tuple(type(value) for value in row) == kinds for row in rows
    )


watch_backup(
    name="migrations",
    fact=Fact(
        sql="SELECT app, name FROM django_migrations ORDER BY app, name",
        tables=("django_migrations",),
        from_copied=lambda rows: [[row["app"], row["name"]] for row in rows["django_migrations"]],
        is_right=lambda rows: bool(rows) and are_rows(rows, str, str),
    ),
)
