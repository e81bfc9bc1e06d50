"""The database itself refuses to change or delete a published price list, and any event in a list's history."""

from django.db import migrations

FROZEN = "a published price list is never changed or deleted"
KEPT = "what was done with a price list is never changed or deleted"

# A published list may become a draft again, before its day and as a whole: nothing else changes with it.
WITHDRAWN = (
    "NEW.published_at IS NULL AND NEW.published_by_id IS NULL AND NEW.withdrawn_on < OLD.effective_on "
    "AND NEW.id = OLD.id AND NEW.name = OLD.name AND NEW.effective_on = OLD.effective_on"
)
# (table, action, when, message); {row} is OLD or NEW
TRIGGERS = [
    ("pricing_pricelist", "UPDATE", f"OLD.published_at IS NOT NULL AND NOT COALESCE({WITHDRAWN}, FALSE)", FROZEN),
    ("pricing_pricelist", "DELETE", "OLD.published_at IS NOT NULL", FROZEN),
    ("pricing_pricelistevent", "UPDATE", "TRUE", KEPT),
    ("pricing_pricelistevent", "DELETE", "TRUE", KEPT),
]
PARTS = {
    "pricing_pricetable": "{row}.price_list_id",
    "pricing_pricerank": "(SELECT price_list_id FROM pricing_pricetable WHERE id = {row}.price_table_id)",
    "pricing_multiyeardiscount": "(SELECT price_list_id FROM pricing_pricetable WHERE id = {row}.price_table_id)",
}
for table, price_list in PARTS.items():
    for action, rows in (("INSERT", ["NEW"]), ("UPDATE", ["OLD", "NEW"]), ("DELETE", ["OLD"])):
        published = [
            "EXISTS (SELECT 1 FROM pricing_pricelist WHERE published_at IS NOT NULL AND id = "
            + price_list.format(row=row)
            + ")"
            for row in rows
        ]
        TRIGGERS.append((table, action, " OR ".join(published), FROZEN))


def statements(vendor):
    """Name, table, PostgreSQL's function, and the trigger itself."""
    for table, action, when, message in TRIGGERS:
        name = f"{table}_keep_{action.lower()}"
        if vendor != "postgresql":
            yield name, table, "", (
                f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: {message}'); END"
            )
            continue
        function = (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN IF {when} THEN "
            f"RAISE EXCEPTION '{table}: {message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN {'OLD' if action == 'DELETE' else 'NEW'}; END $$ LANGUAGE plpgsql"
        )
        yield name, table, function, (
            f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    if vendor != "postgresql":
        return
    emptying = (
        "CREATE OR REPLACE FUNCTION pricing_refuse_truncate() RETURNS trigger AS $$ "
        # Only the tests, which empty all tables after themselves, set this.
        "BEGIN IF current_setting('portal.allow_truncate', true) = 'on' THEN RETURN NULL; END IF; "
        f"RAISE EXCEPTION '%: {FROZEN}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END "
        "$$ LANGUAGE plpgsql"
    )
    for table in ("pricing_pricelist", "pricing_pricelistevent", *PARTS):
        name = f"{table}_keep_truncate"
        yield name, table, emptying, (
            f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
            "EXECUTE FUNCTION pricing_refuse_truncate()"
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
            own = "pricing_refuse_truncate" if name.endswith("_truncate") else name
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {own}() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("pricing", "0003_batches_events_and_withdrawal")]

    operations = [migrations.RunPython(install, remove)]
