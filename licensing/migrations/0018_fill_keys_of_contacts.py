"""The keys by which contacts are found, and products by their English names."""

from django.db import migrations

from licensing.models.text import write_search_keys


def write_keys(apps, schema_editor):
    for name in ("Customer", "User", "Product"):
        write_search_keys(apps.get_model("licensing", name), using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("licensing", "0017_keys_of_contacts")]

    operations = [migrations.RunPython(write_keys, migrations.RunPython.noop)]
