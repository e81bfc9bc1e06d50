"""The triggers by which the database refuses to change, delete or empty what was issued, and to lose what is beside it.

How they are watched over: `licensing.operations.protection`.
"""

from collections.abc import Mapping
from typing import Any

from django.db.migrations.recorder import MigrationRecorder

from licensing.operations.protection import Trigger, missing_of, triggers_of

TABLES = ("quotes_quote", "quotes_quoteline", "quotes_quotedocument", "quotes_quoteevent")
MESSAGE = "issued quotes are never changed or deleted"
NO_CHANGE = ("quotes", "0002_records_are_immutable")
NO_EMPTYING = ("quotes", "0004_records_are_not_emptied")
BESIDE = ("0009_beside_records_is_kept",)
"""Later migrations that create triggers; each has `statements(vendor)`."""

_REFUSE = f"RAISE EXCEPTION '%: {MESSAGE}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END"
FUNCTIONS = {
    "quotes_refuse_change": f"BEGIN {_REFUSE}",
    "quotes_refuse_truncate": "BEGIN IF current_setting('portal.allow_truncate', true) = 'on' "
    f"THEN RETURN NULL; END IF; {_REFUSE}",
}
"""PostgreSQL's. Only the tests, which empty all tables after themselves, set `portal.allow_truncate`."""


def missing_triggers(connection: Any) -> list[str]:
    """The names of the triggers that should be there, as far as the database is migrated, but are not or are off."""
    return missing_of(wanted_triggers(connection), connection)


def wanted_triggers(connection: Any) -> Mapping[str, Trigger]:
    """Those that should be there, as far as the database is migrated."""
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
            function = _function("quotes_refuse_change") if is_postgresql else ""
            wanted[name] = Trigger(table, f"CREATE TRIGGER {name} BEFORE {action} ON {table} {does}", function)
        if is_postgresql and NO_EMPTYING in applied:
            name = f"{table}_no_truncate"
            does = "FOR EACH STATEMENT EXECUTE FUNCTION quotes_refuse_truncate()"
            create = f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} {does}"
            wanted[name] = Trigger(table, create, _function("quotes_refuse_truncate"))
    return wanted | dict(triggers_of("quotes", BESIDE, connection))


def _function(name: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ {FUNCTIONS[name]} $$ LANGUAGE plpgsql"
