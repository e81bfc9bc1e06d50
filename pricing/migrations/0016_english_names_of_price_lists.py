"""A price list has a name for English pages; names and ranks are such as can be printed."""

from django.db import migrations, models

import licensing.models.validators

PRINTABLE = [licensing.models.validators.validate_printable]


def add_column(apps, schema_editor):
    """Without making the table anew, as Django does on SQLite: triggers of other tables read it."""
    schema_editor.execute("ALTER TABLE pricing_pricelist ADD COLUMN name_en varchar(100) NOT NULL DEFAULT ''")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE pricing_pricelist ALTER COLUMN name_en DROP DEFAULT")


def drop_column(apps, schema_editor):
    schema_editor.execute("ALTER TABLE pricing_pricelist DROP COLUMN name_en")


class Migration(migrations.Migration):
    dependencies = [("pricing", "0015_ended_products_of_price_files")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add_column, drop_column)],
            state_operations=[
                migrations.AddField(
                    model_name="pricelist",
                    name="name_en",
                    field=models.CharField(
                        blank=True,
                        default="",
                        help_text="For pages and quotes in English, for example October 2026. Without it the name "
                        "itself stands there.",
                        max_length=100,
                        validators=PRINTABLE,
                        verbose_name="name (English)",
                    ),
                    preserve_default=False,
                )
            ],
        ),
        migrations.AlterField(
            model_name="pricelist",
            name="name",
            field=models.CharField(
                help_text="As quotes cite it, for example 2026年10月版.",
                max_length=100,
                unique=True,
                validators=PRINTABLE,
                verbose_name="name",
            ),
        ),
        migrations.AlterField(
            model_name="pricerank",
            name="rank",
            field=models.CharField(
                help_text="The rank's code, for example A.", max_length=10, validators=PRINTABLE, verbose_name="rank"
            ),
        ),
    ]
