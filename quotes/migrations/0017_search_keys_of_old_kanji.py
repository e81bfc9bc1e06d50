"""Every search key anew, as in licensing: those of issued quotes too, which no update reaches otherwise.

A search key is no part of what was issued: it is made of it. Only the trigger that refuses updates of quotes is lifted,
within the migration's transaction, and set again as it was.
"""

from importlib import import_module

from django.db import migrations

from licensing.models.text import write_search_keys

TRIGGER = "quotes_quote_no_update"


def write_keys(apps, schema_editor):
    connection = schema_editor.connection
    write_search_keys(apps.get_model("quotes", "QuoteDraft"), using=connection.alias)
    kept = import_module("quotes.migrations.0013_triggers_without_a_switch").statements(connection.vendor)
    (create,) = (statement for name, _table, _function, statement in kept if name == TRIGGER)
    schema_editor.execute(f"DROP TRIGGER {TRIGGER}" + (" ON quotes_quote" if connection.vendor == "postgresql" else ""))
    write_search_keys(apps.get_model("quotes", "Quote"), using=connection.alias)
    schema_editor.execute(create)


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0014_search_keys_of_old_kanji"),
        ("quotes", "0016_drafts_save_themselves"),
    ]

    operations = [migrations.RunPython(write_keys, migrations.RunPython.noop)]
