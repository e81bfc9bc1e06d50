"""A price file can take products out of sale."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pricing", "0014_end_of_sale")]

    operations = [
        migrations.AlterField(
            model_name="importedtable",
            name="kind",
            field=models.CharField(
                choices=[
                    ("added", "added"),
                    ("removed", "removed"),
                    ("changed", "changed"),
                    ("ended", "not sold any more"),
                    ("same", "unchanged"),
                ],
                max_length=10,
                verbose_name="difference",
            ),
        )
    ]
