"""Drafts are found by their subject, and count how often they were saved."""

import licensing.models.text
from django.db import migrations, models


def fill_search_keys(apps, schema_editor):
    """Saving writes the key."""
    for draft in apps.get_model("quotes", "QuoteDraft").objects.all():
        draft.save(update_fields=["search_key"])


class Migration(migrations.Migration):
    dependencies = [("quotes", "0002_records_are_immutable")]

    operations = [
        migrations.AddField(
            model_name="quotedraft",
            name="search_key",
            field=licensing.models.text.SearchKeyField(sources=("subject",)),
        ),
        migrations.AddField(
            model_name="quotedraft",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
        ),
        migrations.RunPython(fill_search_keys, migrations.RunPython.noop),
    ]
