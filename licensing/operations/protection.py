"""The triggers by which the database itself keeps what must not change: here the history; each app has its own.

Migrations create them. But SQLite throws a table's triggers away when a later migration rebuilds the table, and says
nothing. So `migrate` ends with creating those that are missing, and `manage.py check --database default` warns of them.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import post_migrate

MIGRATIONS = ("0007_history_is_kept",)


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger, as the statements that create it."""

    table: str
    create: str
    function: str = ""
    """PostgreSQL's: what it calls, made anew before it."""


def watch_triggers(*, app: AppConfig, kept: str) -> None:
    """From an app's `ready`: after `migrate` its triggers are there again, and the checks warn of those missing.

    `wanted_triggers` of its `operations.protection` tells which these are. `kept`: what they keep, in words.
    """
    logger = logging.getLogger(f"{app.name}.apps")

    def wanted(connection: Any) -> Mapping[str, Trigger]:
        triggers: Mapping[str, Trigger] = import_module(f"{app.name}.operations.protection").wanted_triggers(connection)
        return triggers

    def restore(*, using: str, **_options: Any) -> None:
        connection = connections[using]
        if names := restore_of(wanted(connection), connection):
            logger.warning("triggers that keep %s were missing, and are there again: %s", kept, ", ".join(names))

    def warn(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
        """A warning and no error: an error would stop `migrate`, which mends it."""
        return [
            Warning(
                f"The database {alias} lacks triggers that keep {kept} as they are: {', '.join(missing)}.",
                hint="Run `manage.py migrate`, which creates them again.",
                id=f"{app.name}.W001",
            )
            for alias in databases or ()
            if (missing := missing_of(wanted(connections[alias]), connections[alias]))
        ]

    post_migrate.connect(restore, sender=app, weak=False, dispatch_uid=f"{app.name}.triggers")
    register(warn, Tags.database)


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


def triggers_of(app: str, migrations: Iterable[str], connection: Any) -> Mapping[str, Trigger]:
    """The triggers of those of an app's migrations that are applied; each migration has `statements(vendor)`."""
    applied = MigrationRecorder(connection).applied_migrations()
    return {
        name: Trigger(table, create, function)
        for migration in migrations
        if (app, migration) in applied
        for name, table, function, create in import_module(f"{app}.migrations.{migration}").statements(
            connection.vendor
        )
    }


def wanted_triggers(connection: Any) -> Mapping[str, Trigger]:
    """Of those that keep the history, as far as the database is migrated."""
    return triggers_of("licensing", MIGRATIONS, connection)


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
