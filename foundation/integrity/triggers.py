"""The triggers by which the database itself keeps what must not change; each app says which are its own.

Migrations create them. But SQLite throws a table's triggers away when a later migration rebuilds the table, and says
nothing; and whoever owns the database can switch one off, or put an empty one in its place. So each is compared with
what the code would make: its table, its event, when it acts, and what it does to the letter. `migrate` ends with making
anew what differs, and `manage.py check --database default` warns of it.
"""

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import post_migrate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MISSING, OFF, ALTERED, ALIEN = "missing", "off", "altered", "alien"
WORDS: dict[str, str | Promise] = {
    MISSING: _("missing"),
    OFF: _("switched off"),
    ALTERED: _("not as the portal makes it"),
    ALIEN: _("not the portal’s"),
}

_BITS = {"ROW": 1, "STATEMENT": 0, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
_BEFORE = 2
_CREATE = re.compile(
    r"CREATE TRIGGER (\w+) BEFORE (\w+) ON (\w+) FOR EACH (ROW|STATEMENT) (WHEN \(.*\) )?EXECUTE FUNCTION (\w+)\(\)",
    re.S,
)
_FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\(\) RETURNS trigger AS \$\$(.*)\$\$ LANGUAGE plpgsql", re.S)
_IN_FORCE = """
SELECT tgname, relname, tgenabled, tgtype, tgqual IS NOT NULL, tgattr = '' AND tgnargs = 0 AND tgconstraint = 0,
  proname, pronamespace = relnamespace, prosrc, lanname, prosecdef OR proconfig IS NOT NULL OR pronargs > 0
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid
  JOIN pg_language ON pg_language.oid = prolang
WHERE NOT tgisinternal AND pg_table_is_visible(tgrelid)
"""


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger, as the statements that create it."""

    table: str
    create: str
    function: str = ""
    """PostgreSQL's: what it calls, made anew before it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A trigger that is not as it should be."""

    name: str
    what: str
    """A key of WORDS."""

    def __str__(self) -> str:
        return f"{self.name} ({WORDS[self.what]})"


WATCHED: dict[str, str] = {}
"""Every app whose triggers are watched over, and what these keep, in words."""


def watch_triggers(*, app: AppConfig, kept: str) -> None:
    """From an app's `ready`: after `migrate` its triggers are as they should be; checks warn where they are not.

    `wanted_triggers` of its `operations.protection` tells which these are. `kept`: what they keep, in words.
    """
    WATCHED[app.name] = kept
    logger = logging.getLogger(f"{app.name}.apps")

    def restore(*, using: str, **_options: Any) -> None:
        connection = connections[using]
        if mended := mend_triggers(wanted_of(app.name, connection), connection):
            told = ", ".join(str(fault) for fault in mended)
            logger.warning("triggers that keep %s were made anew: %s", kept, told)

    def warn(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
        """A warning and no error: an error would stop `migrate`, which mends it."""
        return [
            Warning(
                f"In the database {alias}, triggers that keep {kept} as they are are not as they should be: "
                f"{', '.join(str(fault) for fault in faults)}.",
                hint="Find out who did it. `manage.py migrate` makes them anew; what is not the portal's, it leaves.",
                id=f"{app.name}.W001",
            )
            for alias in databases or ()
            if (faults := faults_of(wanted_of(app.name, connections[alias]), connections[alias]))
        ]

    post_migrate.connect(restore, sender=app, weak=False, dispatch_uid=f"{app.name}.triggers")
    register(warn, Tags.database)


def wanted_of(app: str, connection: Any) -> Mapping[str, Trigger]:
    """What an app's `wanted_triggers` says, as far as the database is migrated."""
    triggers: Mapping[str, Trigger] = import_module(f"{app}.operations.protection").wanted_triggers(connection)
    return triggers


def triggers_of(app: str, migrations: Iterable[str], connection: Any) -> Mapping[str, Trigger]:
    """The triggers of those of an app's migrations that are applied; each migration has `statements(vendor)`.

    Of two with the same name the later migration's counts.
    """
    applied = MigrationRecorder(connection).applied_migrations()
    return {
        name: Trigger(table, create, function)
        for migration in migrations
        if (app, migration) in applied
        for name, table, function, create in import_module(f"{app}.migrations.{migration}").statements(
            connection.vendor
        )
    }


def faults_of(wanted: Mapping[str, Trigger], connection: Any) -> list[Fault]:
    """What is not as it should be of the triggers, by name; also further ones on their tables, which nobody knows."""
    check = _faults_on_postgresql if connection.vendor == "postgresql" else _faults_on_sqlite
    return sorted(check(wanted, connection), key=lambda fault: fault.name)


def mend_triggers(wanted: Mapping[str, Trigger], connection: Any) -> list[Fault]:
    """Make anew whatever is missing, switched off or altered, and say what that was. Alien ones stay."""
    faults = [fault for fault in faults_of(wanted, connection) if fault.what != ALIEN]
    with connection.cursor() as cursor:
        for fault in faults:
            make_trigger(fault.name, wanted[fault.name], cursor, vendor=connection.vendor)
    return faults


def make_trigger(name: str, trigger: Trigger, cursor: Any, *, vendor: str) -> None:
    """In the place of one of the same name."""
    if trigger.function:
        cursor.execute(trigger.function)
    cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {trigger.table}" if vendor == "postgresql" else ""))
    cursor.execute(trigger.create)


def _faults_on_sqlite(wanted: Mapping[str, Trigger], connection: Any) -> list[Fault]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = {name: (table, sql) for name, table, sql in cursor.fetchall()}
    tables = {trigger.table for trigger in wanted.values()}
    faults = [Fault(name, ALIEN) for name, (table, _sql) in found.items() if table in tables and name not in wanted]
    for name, trigger in wanted.items():
        if name not in found:
            faults.append(Fault(name, MISSING))
        elif found[name] != (trigger.table, trigger.create):
            faults.append(Fault(name, ALTERED))
    return faults


def _faults_on_postgresql(wanted: Mapping[str, Trigger], connection: Any) -> list[Fault]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('session_replication_role')")
        fires = "RA" if cursor.fetchone()[0] == "replica" else "OA"
        cursor.execute(_IN_FORCE)
        found = {(row[0], row[1]): row[2:] for row in cursor.fetchall()}
    tables, known = {trigger.table for trigger in wanted.values()}, {(n, t.table) for n, t in wanted.items()}
    faults = [Fault(name, ALIEN) for name, table in found if table in tables and (name, table) not in known]
    for name, trigger in wanted.items():
        is_there = found.get((name, trigger.table))
        if is_there is None:
            faults.append(Fault(name, MISSING))
        elif is_there[1:] != _definition(trigger):
            faults.append(Fault(name, ALTERED))
        elif is_there[0] not in fires:
            faults.append(Fault(name, OFF))
    return faults


def _definition(trigger: Trigger) -> tuple[Any, ...]:
    """What PostgreSQL's catalogue says of a trigger that was made by these statements, in the order of _IN_FORCE."""
    made, calls = _CREATE.fullmatch(trigger.create), _FUNCTION.fullmatch(trigger.function)
    if made is None or calls is None or made[3] != trigger.table or made[6] != calls[1]:
        raise ValueError(f"This is no trigger in the form that is understood here: {trigger.create}")
    kind = _BITS[made[4]] | _BEFORE | _BITS[made[2]]
    return kind, made[5] is not None, True, calls[1], True, calls[2], "plpgsql", False
