"""PostgreSQL refuses to TRUNCATE what was issued, too. (SQLite has no TRUNCATE.)"""

from django.db import migrations

TABLES = ("quotes_quote", "quotes_quoteline", "quotes_quotedocument", "quotes_quoteevent")
MESSAGE = "issued quotes are never changed or deleted"


def install(apps, schema_editor):
    """Create the triggers."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(
        "CREATE OR REPLACE FUNCTION quotes_refuse_truncate() RETURNS trigger AS $$ "
        # Only the tests, which empty all tables after themselves, set this.
        "BEGIN IF current_setting('portal.allow_truncate', true) = 'on' THEN RETURN NULL; END IF; "
        f"RAISE EXCEPTION '%: {MESSAGE}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END "
        "$$ LANGUAGE plpgsql",
        params=None,  # the % is PostgreSQL's, not a placeholder
    )
    for table in TABLES:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION quotes_refuse_truncate()"
        )


def remove(apps, schema_editor):
    """Drop the triggers."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}")
    schema_editor.execute("DROP FUNCTION IF EXISTS quotes_refuse_truncate()")


class Migration(migrations.Migration):
    dependencies = [("quotes", "0003_drafts_found_and_counted")]

    operations = [migrations.RunPython(install, remove)]
