"""What the check of a price file found is kept when it is found, not worked out again at its end."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pricing", "0002_triggers")]

    operations = [
        migrations.AddField(
            model_name="priceimport",
            name="summary",
            field=models.JSONField(
                default=dict,
                help_text="How much there is, and what the linter will ask about it, by code.",
                verbose_name="summary",
            ),
        ),
    ]
