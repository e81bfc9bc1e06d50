"""What only PostgreSQL has: rows without an amount or a movement last downwards, a search by pairs, files kept as they are."""

from django.db import migrations

from foundation.integrity.files import keep_files_as_they_are

INDEXES = {
    "desk_by_amount_down": "(reseller_id, amount DESC NULLS LAST, id DESC)",
    "desk_by_movement_down": "(reseller_id, moved_at DESC NULLS LAST, id DESC)",
    "desk_by_step_down": "(reseller_id, step_on DESC NULLS LAST, id DESC)",
    "desk_by_pairs": "USING gin (string_to_array(search_pairs, ' '))",
}


def make(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, columns in INDEXES.items():
            schema_editor.execute(f"CREATE INDEX {name} ON renewals_deskrow {columns}")


def remove(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("renewals", "0002_triggers")]

    operations = [
        migrations.RunPython(make, remove),
        keep_files_as_they_are(
            ("renewals_chatsettings", "sealed_teams"),
            ("renewals_chatsettings", "sealed_slack"),
            ("renewals_impactfile", "content"),
        ),
    ]
