"""Every search key anew: old kanji, ヶ, small kana and what a company is make no difference any more."""

from django.db import migrations

from licensing.models.text import write_search_keys


def write_keys(apps, schema_editor):
    for name in ("Customer", "Product", "LicenseID"):
        write_search_keys(apps.get_model("licensing", name), using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("licensing", "0013_customers_see_quotes")]

    operations = [migrations.RunPython(write_keys, migrations.RunPython.noop)]
