"""A tax rate can be withdrawn before its first day; the database itself refuses every other change, and deletion."""

from django.db import migrations, models

KEPT = "a tax rate is never changed or deleted, only withdrawn before its first day"
TABLE = "pricing_taxrate"
WITHDRAWN = (
    "OLD.withdrawn_on IS NULL AND NEW.withdrawn_on < OLD.effective_on AND NEW.id = OLD.id "
    "AND NEW.category = OLD.category AND NEW.percent = OLD.percent AND NEW.effective_on = OLD.effective_on"
)
TRIGGERS = {
    "INSERT": "NEW.withdrawn_on IS NOT NULL",
    "UPDATE": f"NOT COALESCE({WITHDRAWN}, FALSE)",
    "DELETE": "TRUE",
}


def statements(vendor):
    """Name, table, PostgreSQL's function, and the trigger itself."""
    for action, when in TRIGGERS.items():
        name = f"{TABLE}_keep_{action.lower()}"
        if vendor != "postgresql":
            yield name, TABLE, "", (
                f"CREATE TRIGGER {name} BEFORE {action} ON {TABLE} FOR EACH ROW WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{TABLE}: {KEPT}'); END"
            )
            continue
        function = (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN IF {when} THEN "
            f"RAISE EXCEPTION '{TABLE}: {KEPT}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN {'OLD' if action == 'DELETE' else 'NEW'}; END $$ LANGUAGE plpgsql"
        )
        yield name, TABLE, function, (
            f"CREATE TRIGGER {name} BEFORE {action} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    if vendor != "postgresql":
        return
    name = f"{TABLE}_keep_truncate"
    emptying = (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ "
        # Only the tests, which empty all tables after themselves, set this.
        "BEGIN IF current_setting('portal.allow_truncate', true) = 'on' THEN RETURN NULL; END IF; "
        f"RAISE EXCEPTION '{TABLE}: {KEPT}' USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"
    )
    yield name, TABLE, emptying, (
        f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
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
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("pricing", "0005_golden_cases")]

    operations = [
        migrations.AddField(
            model_name="taxrate",
            name="withdrawn_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="withdrawn on"),
        ),
        migrations.RemoveConstraint(model_name="taxrate", name="tax_rate_one_per_day"),
        migrations.AddConstraint(
            model_name="taxrate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_on__isnull", True)),
                fields=("category", "effective_on"),
                name="tax_rate_one_per_day",
                violation_error_message="This tax category already has a rate from this day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxrate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_on__isnull", True), ("withdrawn_on__lt", models.F("effective_on")), _connector="OR"
                ),
                name="tax_rate_withdrawn_before_its_day",
                violation_error_message="A tax rate can only be withdrawn before its first day.",
            ),
        ),
        migrations.RunPython(install, remove),
    ]
