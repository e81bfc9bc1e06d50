"""Drafts and quotes keep what is wanted (`renewals.asked`) in the place of what a form sent.

What a form sent does not say all of it (products and expiries of what was left out), so it is not guessed from it.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.migrations.exceptions import MigrationSchemaMissing


def refuse_older(apps, schema_editor):
    using = schema_editor.connection.alias
    for name in ("Quote", "QuoteDraft"):
        if apps.get_model("quotes", name).objects.using(using).exists():
            raise MigrationSchemaMissing(
                "This database was filled before quotes kept what was asked for. Throw it away with `make clean` "
                "(or create an empty database), then start again."
            )


def keep(apps, schema_editor):
    import_module("quotes.migrations.0013_triggers_without_a_switch").install(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("quotes", "0017_search_keys_of_old_kanji")]

    operations = [
        migrations.RunPython(refuse_older, migrations.RunPython.noop),
        migrations.RemoveField("quote", "entry"),
        migrations.RemoveField("quotedraft", "entry"),
        migrations.AddField(
            "quote", "asked", models.JSONField(default=dict, verbose_name="what was wanted"), preserve_default=False
        ),
        migrations.AddField(
            "quotedraft", "asked", models.JSONField(default=dict, verbose_name="what is wanted"), preserve_default=False
        ),
        migrations.AddField(
            "quotedraft", "as_typed", models.JSONField(blank=True, default=dict, verbose_name="as it was typed")
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
