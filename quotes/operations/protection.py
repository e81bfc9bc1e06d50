"""The triggers by which the database refuses to change, delete or empty what was issued.

Migrations create them. But SQLite throws a table's triggers away when a later migration rebuilds the table, and says
nothing. So `migrate` ends with creating those that are missing, and `manage.py check --database default` warns of them.
"""

from collections.abc import Mapping
from typing import Any

from django.db.migrations.recorder import MigrationRecorder

TABLES = ("quotes_quote", "quotes_quoteline", "quotes_quotedocument", "quotes_quoteevent")
MESSAGE = "issued quotes are never changed or deleted"
NO_CHANGE = ("quotes", "0002_records_are_immutable")
NO_EMPTYING = ("quotes", "0004_records_are_not_emptied")

_REFUSE = f"RAISE EXCEPTION '%: {MESSAGE}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END"
FUNCTIONS = {
    "quotes_refuse_change": f"BEGIN {_REFUSE}",
    "quotes_refuse_truncate": "BEGIN IF current_setting('portal.allow_truncate', true) = 'on' "
    f"THEN RETURN NULL; END IF; {_REFUSE}",
}
"""PostgreSQL's. Only the tests, which empty all tables after themselves, set `portal.allow_truncate`."""


def missing_triggers(connection: Any) -> list[str]:
    """The names of the triggers that should be there, as far as the database is migrated, but are not or are off."""
    return sorted(set(_wanted(connection)) - _in_force(connection))


def restore_triggers(connection: Any) -> list[str]:
    """Create the triggers that are missing; their names."""
    missing = missing_triggers(connection)
    if not missing:
        return []
    wanted = _wanted(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name, body in FUNCTIONS.items():
                cursor.execute(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ {body} $$ LANGUAGE plpgsql")
        for name in missing:
            table, create = wanted[name]
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")  # one that is switched off
            cursor.execute(create)
    return missing


def _wanted(connection: Any) -> Mapping[str, tuple[str, str]]:
    """Name to table and statement."""
    applied = MigrationRecorder(connection).applied_migrations()
    is_postgresql = connection.vendor == "postgresql"
    wanted = {}
    for table in TABLES:
        for action in ("UPDATE", "DELETE") if NO_CHANGE in applied else ():
            name = f"{table}_no_{action.lower()}"
            does = (
                "FOR EACH ROW EXECUTE FUNCTION quotes_refuse_change()"
                if is_postgresql
                else f"BEGIN SELECT RAISE(ABORT, '{table}: {MESSAGE}'); END"
            )
            wanted[name] = (table, f"CREATE TRIGGER {name} BEFORE {action} ON {table} {does}")
        if is_postgresql and NO_EMPTYING in applied:
            name = f"{table}_no_truncate"
            does = "FOR EACH STATEMENT EXECUTE FUNCTION quotes_refuse_truncate()"
            wanted[name] = (table, f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} {does}")
    return wanted


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
