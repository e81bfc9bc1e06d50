"""The triggers by which the database itself keeps what must not change; each app lists its own (`models.protection`).

What must be written down when something changes (`.notes`) is watched over likewise.

A migration creates them from that list. But whoever owns the database can switch one off, or put an empty one in its
place. So each is compared with what the code would make: its table, its event, when it acts, and what it does to the
letter. `migrate` ends with making anew what differs, and `manage.py check --database default` warns of it.

SQLite rebuilds a table for a new column, throws its triggers away and says nothing, or refuses because a trigger of
another table looks into it. There `migrate`, where it has something to do, begins with taking all of them away.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections, transaction
from django.db.migrations import RunPython
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .counts import Count, recount
from .notes import REFERENCING, Note

MISSING, OFF, ALTERED, ALIEN = "missing", "off", "altered", "alien"
WORDS: dict[str, str | Promise] = {
    MISSING: _("missing"),
    OFF: _("switched off"),
    ALTERED: _("not as the portal makes it"),
    ALIEN: _("not the portal’s"),
}

_BITS = {"ROW": 1, "STATEMENT": 0, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
_WHEN = {"BEFORE": 2, "AFTER": 0}
_CREATE = re.compile(
    r"CREATE TRIGGER (\w+) (BEFORE|AFTER) (\w+) ON (\w+) "
    r"(?:REFERENCING (?:OLD TABLE AS (\w+) ?)?(?:NEW TABLE AS (\w+) ?)?)?"
    r"FOR EACH (ROW|STATEMENT) (WHEN \(.*\) )?EXECUTE FUNCTION (\w+)\(\)",
    re.S,
)
_FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\(\) RETURNS trigger AS \$\$(.*)\$\$ LANGUAGE plpgsql", re.S)
_IN_FORCE = """
SELECT tgname, relname, tgenabled, tgtype, tgqual IS NOT NULL, tgattr = '' AND tgnargs = 0 AND tgconstraint = 0,
  proname, pronamespace = relnamespace, prosrc, lanname, prosecdef OR proconfig IS NOT NULL OR pronargs > 0,
  tgoldtable, tgnewtable
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


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the database refuses to do to a table's rows."""

    table: str
    action: str
    """`INSERT`, `UPDATE` or `DELETE`; `TRUNCATE`, which SQLite does not have, on PostgreSQL alone."""
    message: str
    when: str = ""
    """A condition on OLD and NEW in SQL that both databases know; empty: always."""

    @property
    def name(self) -> str:
        """Its trigger's, and its function's on PostgreSQL."""
        return f"{self.table}_keep_{self.action.lower()}"


def refuse_always(table: str, message: str) -> list[Refusal]:
    """Rows of the table are only ever added."""
    return [Refusal(table, action, message) for action in ("UPDATE", "DELETE", "TRUNCATE")]


@dataclass(frozen=True, slots=True)
class Watched:
    """What an app keeps."""

    kept: str
    refusals: Sequence[Refusal]
    notes: Sequence[Note] = ()
    """Those of the counts too."""
    counts: Sequence[Count] = ()


WATCHED: dict[str, Watched] = {}
"""Every app whose triggers are watched over."""


def watch_triggers(
    *,
    app: AppConfig,
    kept: str,
    refusals: Sequence[Refusal] = (),
    notes: Sequence[Note] = (),
    counts: Sequence[Count] = (),
) -> None:
    """From an app's `ready`: after `migrate` its triggers are as they should be; checks warn where they are not.

    `kept`: what they keep, in words. Where anything was migrated or a trigger was not in force, `counts` are made anew.
    """
    of_counts = [note for count in counts for note in count.notes()]
    WATCHED[app.name] = Watched(kept, refusals, [*notes, *of_counts], counts)
    logger = logging.getLogger(f"{app.name}.apps")

    def take_away(*, using: str, plan: Sequence[Any], **_options: Any) -> None:
        if plan and connections[using].vendor == "sqlite":
            drop_triggers(app.name, connections[using])

    def restore(*, using: str, plan: Sequence[Any] = (), **_options: Any) -> None:
        connection = connections[using]
        mended = mend_triggers(wanted_of(app.name, connection), connection)
        if plan or mended:
            _count_anew(counts, connection)
        if mended and not (plan and connection.vendor == "sqlite"):
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

    pre_migrate.connect(take_away, sender=app, weak=False, dispatch_uid=f"{app.name}.triggers")
    post_migrate.connect(restore, sender=app, weak=False, dispatch_uid=f"{app.name}.triggers")
    register(warn, Tags.database)


def _count_anew(counts: Sequence[Count], connection: Any) -> None:
    tables = set(connection.introspection.table_names())
    for count in counts:
        if tables.issuperset((count.into, count.table)):
            with transaction.atomic(using=connection.alias):
                recount(count, connection)


def make_triggers(app: str) -> RunPython:
    """For an app's migration: the triggers of its list, as far as their tables are there by then.

    On SQLite they are made when `migrate` ends: a later migration may still have to rebuild a table.
    """

    def make(_apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "sqlite":
            mend_triggers(wanted_of(app, schema_editor.connection), schema_editor.connection)

    def remove(_apps: Any, schema_editor: Any) -> None:
        drop_triggers(app, schema_editor.connection)

    return RunPython(make, remove)


def drop_triggers(app: str, connection: Any) -> None:
    """Take the triggers of an app's list away, and what they call."""
    with connection.cursor() as cursor:
        for name, trigger in wanted_of(app, connection).items():
            cursor.execute(_drop(name, trigger, vendor=connection.vendor))
            if trigger.function:
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")


def wanted_of(app: str, connection: Any) -> dict[str, Trigger]:
    """The triggers of an app's list, by name, as far as the database is migrated."""
    tables, vendor = set(connection.introspection.table_names()), connection.vendor
    refused = {
        refusal.name: _trigger(refusal, vendor=vendor)
        for refusal in WATCHED[app].refusals
        if refusal.table in tables and (refusal.action != "TRUNCATE" or vendor == "postgresql")
    }
    return refused | {
        note.name: _trigger_of_note(note, vendor=vendor)
        for note in WATCHED[app].notes
        if tables.issuperset((note.table, note.into))
    }


def _trigger(refusal: Refusal, *, vendor: str) -> Trigger:
    name, table, action, said = refusal.name, refusal.table, refusal.action, f"{refusal.table}: {refusal.message}"
    if vendor != "postgresql":
        when = f"WHEN {refusal.when} " if refusal.when else ""
        refuse = f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        return Trigger(table, f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW {when}{refuse}")
    body = f"RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation';"
    if refusal.when:
        body = f"IF {refusal.when} THEN {body} END IF; RETURN {'OLD' if action == 'DELETE' else 'NEW'};"
    each = "STATEMENT" if action == "TRUNCATE" else "ROW"
    return Trigger(
        table,
        f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()",
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN {body} END $$ LANGUAGE plpgsql",
    )


def _trigger_of_note(note: Note, *, vendor: str) -> Trigger:
    name, table, action, does = note.name, note.table, note.action, note.statement(vendor=vendor)
    if vendor != "postgresql":
        when = f"WHEN {note.condition()} " if action == "UPDATE" else ""
        return Trigger(table, f"CREATE TRIGGER {name} AFTER {action} ON {table} FOR EACH ROW {when}BEGIN {does} END")
    rows = REFERENCING[action]
    return Trigger(
        table,
        f"CREATE TRIGGER {name} AFTER {action} ON {table} {rows} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN {does} RETURN NULL; END $$ LANGUAGE plpgsql",
    )


def _others() -> set[tuple[str, str]]:
    """Name and table of every trigger that some app has: several apps have theirs at one table."""
    refused = {(one.name, one.table) for watched in WATCHED.values() for one in watched.refusals}
    return refused | {(one.name, one.table) for watched in WATCHED.values() for one in watched.notes}


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
    cursor.execute(_drop(name, trigger, vendor=vendor))
    cursor.execute(trigger.create)


def _drop(name: str, trigger: Trigger, *, vendor: str) -> str:
    return f"DROP TRIGGER IF EXISTS {name}" + (f" ON {trigger.table}" if vendor == "postgresql" else "")


def _faults_on_sqlite(wanted: Mapping[str, Trigger], connection: Any) -> list[Fault]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = {name: (table, sql) for name, table, sql in cursor.fetchall()}
    tables, known = {trigger.table for trigger in wanted.values()}, {*wanted, *(name for name, _table in _others())}
    faults = [Fault(name, ALIEN) for name, (table, _sql) in found.items() if table in tables and name not in known]
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
    known |= _others()
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
    if made is None or calls is None or made[4] != trigger.table or made[9] != calls[1]:
        raise ValueError(f"This is no trigger in the form that is understood here: {trigger.create}")
    kind = _BITS[made[7]] | _WHEN[made[2]] | _BITS[made[3]]
    return kind, made[8] is not None, True, calls[1], True, calls[2], "plpgsql", False, made[5], made[6]
