"""No switch for tests in the triggers that keep the history from being emptied (PostgreSQL).

What the tests set could be set by anybody with the database's password.
"""

from importlib import import_module

from django.db import migrations

BEFORE = "licensing.migrations.0007_history_is_kept"


def statements(vendor):
    """Name, table, PostgreSQL's function, and the trigger itself: emptying is refused as every change is."""
    if vendor != "postgresql":
        return
    for name, table, function, create in import_module(BEFORE).statements(vendor):
        if name.endswith("_no_update"):
            name = f"{table}_no_truncate"
            yield name, table, function, (
                f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
                "EXECUTE FUNCTION licensing_refuse_change()"
            )


def install(apps, schema_editor):
    """Make them anew."""
    vendor = schema_editor.connection.vendor
    make(schema_editor, statements(vendor))
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS licensing_refuse_truncate()")


def remove(apps, schema_editor):
    """Those of before."""
    before = import_module(BEFORE).statements(schema_editor.connection.vendor)
    make(schema_editor, [each for each in before if each[0].endswith("_no_truncate")])


def make(schema_editor, made):
    for name, table, function, create in made:
        schema_editor.execute(function, params=None)  # a % is PostgreSQL's, not a placeholder
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        schema_editor.execute(create)


class Migration(migrations.Migration):
    dependencies = [("licensing", "0010_resellers_that_require_a_second_factor")]

    operations = [migrations.RunPython(install, remove)]
