"""The triggers without a switch for tests, and with every condition where it can be compared to the letter.

What the tests set could be set by anybody with the database's password. And a condition in a WHEN clause is kept by
PostgreSQL in a writing of its own: now it stands in the function. `foundation.integrity.triggers` compares both.
"""

from importlib import import_module

from django.db import migrations

NEVER = "issued quotes are never changed or deleted"
TABLES = ("quotes_quote", "quotes_quoteline", "quotes_quotedocument", "quotes_quoteevent")
BESIDE = "what stands beside issued quotes is never deleted or turned back"
KEPT = {
    # table: what no update may do
    "quotes_quotestatus": "NEW.quote_id <> OLD.quote_id OR NEW.reseller_id <> OLD.reseller_id "
    "OR NEW.month <> OLD.month OR NEW.sequence <> OLD.sequence "
    "OR (OLD.state = 'superseded' AND NEW.state <> 'superseded')",
    "quotes_sharelink": "NEW.id <> OLD.id OR NEW.quote_id <> OLD.quote_id OR NEW.created_at <> OLD.created_at",
    "quotes_eventchain": "NEW.reseller_id <> OLD.reseller_id OR NEW.last_position <> OLD.last_position + 1",
    "quotes_quotenumber": "NEW.reseller_id <> OLD.reseller_id OR NEW.month <> OLD.month OR NEW.last < OLD.last",
}
BEFORE = ("0002_records_are_immutable", "0004_records_are_not_emptied", "0009_beside_records_is_kept")


def statements(vendor):
    """Name, table, PostgreSQL's function, and the trigger itself."""
    for table in TABLES:
        for action in ("UPDATE", "DELETE", "TRUNCATE"):
            name = f"{table}_no_{action.lower()}"
            if vendor == "postgresql":
                yield name, table, function("quotes_refuse_change", refusal(NEVER)), (
                    f"CREATE TRIGGER {name} BEFORE {action} ON {table} "
                    f"FOR EACH {each(action)} EXECUTE FUNCTION quotes_refuse_change()"
                )
            elif action != "TRUNCATE":
                yield name, table, "", (
                    f"CREATE TRIGGER {name} BEFORE {action} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table}: {NEVER}'); END"
                )
    for table, backwards in KEPT.items():
        for action in ("UPDATE", "DELETE", "TRUNCATE"):
            name = f"{table}_keep_{action.lower()}"
            if vendor == "postgresql":
                does = name if action == "UPDATE" else "quotes_keep_beside"
                body = f"IF {backwards} THEN {refusal(BESIDE)}; END IF; RETURN NEW" if does == name else refusal(BESIDE)
                yield name, table, function(does, body), (
                    f"CREATE TRIGGER {name} BEFORE {action} ON {table} "
                    f"FOR EACH {each(action)} EXECUTE FUNCTION {does}()"
                )
            elif action != "TRUNCATE":
                when = f"WHEN ({backwards}) " if action == "UPDATE" else ""
                yield name, table, "", (
                    f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW {when}"
                    f"BEGIN SELECT RAISE(ABORT, '{table}: {BESIDE}'); END"
                )


def refusal(message):
    return f"RAISE EXCEPTION '%: {message}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'"


def function(name, body):
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN {body}; END $$ LANGUAGE plpgsql"


def each(action):
    return "STATEMENT" if action == "TRUNCATE" else "ROW"


def install(apps, schema_editor):
    """Make every trigger anew, on either database."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, does, create in statements(schema_editor.connection.vendor):
        if does:
            schema_editor.execute(does, params=None)  # the % is PostgreSQL's, not a placeholder
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{f' ON {table}' if postgresql else ''}")
        schema_editor.execute(create)
    if postgresql:
        for name in ("quotes_refuse_truncate", "quotes_keep_beside_full"):
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


def remove(apps, schema_editor):
    """Those of before."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, _function, _create in statements(schema_editor.connection.vendor):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{f' ON {table}' if postgresql else ''}")
    if postgresql:
        for table in KEPT:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {table}_keep_update()")
    for migration in BEFORE:
        import_module(f"quotes.migrations.{migration}").install(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("quotes", "0012_letter_templates")]

    operations = [migrations.RunPython(install, remove)]
