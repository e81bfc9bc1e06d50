"""What stands beside issued quotes is kept with them: the database refuses to delete it, or to turn it back."""

from django.db import migrations

MESSAGE = "what stands beside issued quotes is never deleted or turned back"
KEPT = {
    # table: what no update may do
    "quotes_quotestatus": "NEW.quote_id <> OLD.quote_id OR NEW.reseller_id <> OLD.reseller_id "
    "OR NEW.month <> OLD.month OR NEW.sequence <> OLD.sequence "
    "OR (OLD.state = 'superseded' AND NEW.state <> 'superseded')",
    "quotes_sharelink": "NEW.id <> OLD.id OR NEW.quote_id <> OLD.quote_id OR NEW.created_at <> OLD.created_at",
    "quotes_eventchain": "NEW.reseller_id <> OLD.reseller_id OR NEW.last_position <> OLD.last_position + 1",
    "quotes_quotenumber": "NEW.reseller_id <> OLD.reseller_id OR NEW.month <> OLD.month OR NEW.last < OLD.last",
}
REFUSE = f"RAISE EXCEPTION '%: {MESSAGE}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
FUNCTIONS = {
    "quotes_keep_beside": f"BEGIN {REFUSE}",
    # Only the tests, which empty all tables after themselves, set this.
    "quotes_keep_beside_full": "BEGIN IF current_setting('portal.allow_truncate', true) = 'on' "
    f"THEN RETURN NULL; END IF; {REFUSE}",
}


def statements(vendor):
    """Name, table, PostgreSQL's function, and the trigger itself."""
    for table, backwards in KEPT.items():
        for action, when in (("UPDATE", f"WHEN ({backwards}) "), ("DELETE", ""), ("TRUNCATE", "")):
            name = f"{table}_keep_{action.lower()}"
            if vendor == "postgresql":
                function = "quotes_keep_beside_full" if action == "TRUNCATE" else "quotes_keep_beside"
                each = "STATEMENT" if action == "TRUNCATE" else "ROW"
                yield name, table, (
                    f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger AS $$ {FUNCTIONS[function]} "
                    "LANGUAGE plpgsql"
                ), f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH {each} {when}EXECUTE FUNCTION {function}()"
            elif action != "TRUNCATE":
                yield name, table, "", (
                    f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW {when}"
                    f"BEGIN SELECT RAISE(ABORT, '{table}: {MESSAGE}'); END"
                )


def install(apps, schema_editor):
    """Create the triggers, on either database."""
    for _name, _table, function, create in statements(schema_editor.connection.vendor):
        if function:
            schema_editor.execute(function, params=None)  # the % is PostgreSQL's, not a placeholder
        schema_editor.execute(create)


def remove(apps, schema_editor):
    """Drop the triggers, on either database."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, _function, _create in statements(schema_editor.connection.vendor):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{f' ON {table}' if postgresql else ''}")
    if postgresql:
        for function in FUNCTIONS:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {function}()")


class Migration(migrations.Migration):
    dependencies = [("quotes", "0008_status_and_log_kept")]

    operations = [migrations.RunPython(install, remove)]
