"""No switch for tests in the triggers that keep published price lists from being emptied (PostgreSQL).

What the tests set could be set by anybody with the database's password.
"""

from importlib import import_module

from django.db import migrations

FROZEN = "a published price list is never changed or deleted"
ACCEPTED = "what was accepted is never changed or deleted"
RATE = "a tax rate is never changed or deleted, only withdrawn before its first day"
MESSAGES = {
    "pricing_pricelist": FROZEN,
    "pricing_pricelistevent": FROZEN,
    "pricing_pricetable": FROZEN,
    "pricing_pricerank": FROZEN,
    "pricing_multiyeardiscount": FROZEN,
    "pricing_goldenacceptance": ACCEPTED,
    "pricing_goldenchange": ACCEPTED,
    "pricing_taxrate": RATE,
}
BEFORE = ("0004_published_lists_are_immutable", "0005_golden_cases", "0006_tax_rates_are_kept")


def statements(vendor):
    """Name, table, PostgreSQL's function, and the trigger itself."""
    for table, message in MESSAGES.items() if vendor == "postgresql" else ():
        name = f"{table}_keep_truncate"
        yield name, table, (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{table}: {message}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"
        ), f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"


def install(apps, schema_editor):
    """Make them anew."""
    make(schema_editor, statements(schema_editor.connection.vendor))
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS pricing_refuse_truncate()")


def remove(apps, schema_editor):
    """Those of before."""
    vendor = schema_editor.connection.vendor
    for migration in BEFORE:
        before = import_module(f"pricing.migrations.{migration}").statements(vendor)
        make(schema_editor, [each for each in before if each[0].endswith("_keep_truncate")])


def make(schema_editor, made):
    for name, table, function, create in made:
        schema_editor.execute(function, params=None)  # a % is PostgreSQL's, not a placeholder
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        schema_editor.execute(create)


class Migration(migrations.Migration):
    dependencies = [("pricing", "0007_price_files")]

    operations = [migrations.RunPython(install, remove)]
