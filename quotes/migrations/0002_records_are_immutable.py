"""The database itself refuses to change or delete what was issued."""

from django.db import migrations

TABLES = ("quotes_quote", "quotes_quoteline", "quotes_quotedocument", "quotes_quoteevent")
MESSAGE = "issued quotes are never changed or deleted"


def install(apps, schema_editor):
    """Create the triggers, on either database."""
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION quotes_refuse_change() RETURNS trigger AS $$ "
            f"BEGIN RAISE EXCEPTION '%: {MESSAGE}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END "
            "$$ LANGUAGE plpgsql",
            params=None,  # the % is PostgreSQL's, not a placeholder
        )
    for table in TABLES:
        for action in ("UPDATE", "DELETE"):
            name = f"{table}_no_{action.lower()}"
            if vendor == "postgresql":
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {action} ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION quotes_refuse_change()"
                )
            else:
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {action} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table}: {MESSAGE}'); END"
                )


def remove(apps, schema_editor):
    """Drop the triggers, on either database."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table in TABLES:
        for action in ("update", "delete"):
            on = f" ON {table}" if postgresql else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{action}{on}")
    if postgresql:
        schema_editor.execute("DROP FUNCTION IF EXISTS quotes_refuse_change()")


class Migration(migrations.Migration):
    dependencies = [("quotes", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
