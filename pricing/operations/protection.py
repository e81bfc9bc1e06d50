"""The triggers by which the database itself keeps what was published.

Migrations create them. But SQLite throws a table's triggers away when a later migration rebuilds the table, and says
nothing. So `migrate` ends with creating those that are missing, and `manage.py check --database default` warns of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.db.migrations.recorder import MigrationRecorder

MIGRATIONS = ("0004_published_lists_are_immutable", "0005_golden_cases", "0006_tax_rates_are_kept")
"""Those that create triggers; each has `statements(vendor)`."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger, as the statements that create it."""

    table: str
    create: str
    function: str = ""
    """PostgreSQL's: what it calls, made anew before it."""


def missing_of(wanted: Mapping[str, Trigger], connection: Any) -> list[str]:
    """The names of the triggers that should be there, but are not or are switched off."""
    return sorted(set(wanted) - _in_force(connection))


def restore_of(wanted: Mapping[str, Trigger], connection: Any) -> list[str]:
    """Create the triggers that are missing; their names."""
    missing = missing_of(wanted, connection)
    with connection.cursor() as cursor:
        for name in missing:
            trigger = wanted[name]
            if trigger.function:
                cursor.execute(trigger.function)
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {trigger.table}")  # one that is switched off
            cursor.execute(trigger.create)
    return missing


def missing_triggers(connection: Any) -> list[str]:
    """Of those that keep published price lists, as far as the database is migrated."""
    return missing_of(_wanted(connection), connection)


def restore_triggers(connection: Any) -> list[str]:
    """Create those that are missing; their names."""
    return restore_of(_wanted(connection), connection)


def _wanted(connection: Any) -> Mapping[str, Trigger]:
    applied = MigrationRecorder(connection).applied_migrations()
    return {
        name: Trigger(table, create, function)
        for migration in MIGRATIONS
        if ("pricing", migration) in applied
        for name, table, function, create in import_module(f"pricing.migrations.{migration}").statements(
            connection.vendor
        )
    }


def _in_force(connection: Any) -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND pg_table_is_visible(tgrelid)"
            )
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall()}
