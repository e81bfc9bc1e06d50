"""Drafts save themselves: from which open page, and whether somebody asked for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quotes", "0015_programs_that_fetch")]

    operations = [
        migrations.AddField(
            model_name="quotedraft",
            name="saved_from",
            field=models.CharField(blank=True, default="", editable=False, max_length=40, verbose_name="saved from"),
        ),
        migrations.AddField(
            model_name="quotedraft",
            name="is_self_saved",
            field=models.BooleanField(default=False, editable=False, verbose_name="saved by itself"),
        ),
    ]
