"""The history begins with what there is, and the database itself refuses to change or delete an entry of it."""

from django.db import migrations
from django.utils import timezone

MESSAGE = "the history is never changed or deleted"
MODELS = ("programme", "reseller", "customer", "product", "licenseid", "holding", "user")
AT_ONCE = 2000


def statements(vendor):
    """Name, table, PostgreSQL's function, and the trigger itself."""
    refuse = f"RAISE EXCEPTION '%: {MESSAGE}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
    functions = {
        "change": f"BEGIN {refuse}",
        # Only the tests, which empty all tables after themselves, set this.
        "truncate": "BEGIN IF current_setting('portal.allow_truncate', true) = 'on' "
        f"THEN RETURN NULL; END IF; {refuse}",
    }
    for model in MODELS:
        table = f"licensing_historical{model}"
        for action in ("UPDATE", "DELETE", "TRUNCATE"):
            name = f"{table}_no_{action.lower()}"
            if vendor == "postgresql":
                kind = "truncate" if action == "TRUNCATE" else "change"
                function = f"licensing_refuse_{kind}"
                each = "STATEMENT" if action == "TRUNCATE" else "ROW"
                yield name, table, (
                    f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger AS $$ {functions[kind]} LANGUAGE plpgsql"
                ), f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"
            elif action != "TRUNCATE":
                yield name, table, "", (
                    f"CREATE TRIGGER {name} BEFORE {action} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table}: {MESSAGE}'); END"
                )


def begin(apps, schema_editor):
    """One entry for every row there is, so that its first change has an old value."""
    now = timezone.now()
    for name in MODELS:
        model, history = apps.get_model("licensing", name), apps.get_model("licensing", f"historical{name}")
        of_entry = {"history_id", "history_date", "history_type", "history_change_reason"}
        of_entry |= {"history_user_id", "history_user_name"}
        columns = [field.attname for field in history._meta.fields if field.attname not in of_entry]
        entries = []
        for row in model.objects.order_by("pk").values(*columns).iterator(AT_ONCE):
            row |= {"history_date": now, "history_type": "+", "history_change_reason": "as found"}
            entries.append(history(**row))
            if len(entries) == AT_ONCE:
                history.objects.bulk_create(entries)
                entries = []
        history.objects.bulk_create(entries)


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
        for kind in ("change", "truncate"):
            schema_editor.execute(f"DROP FUNCTION IF EXISTS licensing_refuse_{kind}()")


class Migration(migrations.Migration):
    dependencies = [("licensing", "0006_history_of_master_data")]

    operations = [
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.RunPython(install, remove),
    ]
