"""A price list says which products are not sold any more; once published, that is never changed either."""

import datetime

import django.db.models.deletion
from django.db import migrations, models

TABLE = "pricing_endofsale"
FROZEN = "a published price list is never changed or deleted"


def statements(vendor):
    """Name, table, PostgreSQL's function, and the trigger itself."""
    for action, rows in (("INSERT", ["NEW"]), ("UPDATE", ["OLD", "NEW"]), ("DELETE", ["OLD"])):
        when = " OR ".join(
            f"EXISTS (SELECT 1 FROM pricing_pricelist WHERE published_at IS NOT NULL AND id = {row}.price_list_id)"
            for row in rows
        )
        name = f"{TABLE}_keep_{action.lower()}"
        if vendor == "postgresql":
            yield name, TABLE, (
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN IF {when} THEN "
                f"RAISE EXCEPTION '{TABLE}: {FROZEN}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                f"RETURN {'OLD' if action == 'DELETE' else 'NEW'}; END $$ LANGUAGE plpgsql"
            ), f"CREATE TRIGGER {name} BEFORE {action} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {name}()"
        else:
            yield name, TABLE, "", (
                f"CREATE TRIGGER {name} BEFORE {action} ON {TABLE} FOR EACH ROW WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{TABLE}: {FROZEN}'); END"
            )
    if vendor == "postgresql":
        name = f"{TABLE}_keep_truncate"
        yield name, TABLE, (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{TABLE}: {FROZEN}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"
        ), f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"


def install(apps, schema_editor):
    """Create the triggers, on either database."""
    for _name, _table, function, create in statements(schema_editor.connection.vendor):
        if function:
            schema_editor.execute(function, params=None)
        schema_editor.execute(create)


def remove(apps, schema_editor):
    """Drop the triggers, on either database."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, _function, _create in statements(schema_editor.connection.vendor):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{f' ON {table}' if postgresql else ''}")
        if postgresql:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0012_programme_limits_and_customer_segments"),
        ("pricing", "0013_new_products_of_price_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="EndOfSale",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "since_on",
                    models.DateField(
                        help_text="The first day on which the product is not sold.", verbose_name="not sold since"
                    ),
                ),
                (
                    "price_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ended",
                        to="pricing.pricelist",
                        verbose_name="price list",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        help_text="What takes its place, if anything.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="licensing.product",
                        verbose_name="successor",
                    ),
                ),
            ],
            options={
                "verbose_name": "product not sold any more",
                "verbose_name_plural": "products not sold any more",
                "ordering": ["product__code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("price_list", "product"),
                        name="end_of_sale_one_per_product",
                        violation_error_message="This price list already says that the product is not sold any more.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("since_on__gte", datetime.date(2000, 1, 1)), ("since_on__lte", datetime.date(2099, 12, 31))
                        ),
                        name="end_of_sale_day_sensible",
                        violation_error_message="The day must lie between 2000 and 2099. Look for a typo.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("successor__isnull", True),
                            models.Q(("successor", models.F("product")), _negated=True),
                            _connector="OR",
                        ),
                        name="end_of_sale_other_successor",
                        violation_error_message="A product cannot be its own successor.",
                    ),
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
