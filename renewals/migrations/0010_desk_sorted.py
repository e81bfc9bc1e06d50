"""Downwards, rows without an amount or a movement come last: an index of PostgreSQL's own, for SQLite cannot write it."""

from django.db import migrations

INDEXES = {
    "desk_by_amount_down": "(reseller_id, amount DESC NULLS LAST, id DESC)",
    "desk_by_movement_down": "(reseller_id, moved_at DESC NULLS LAST, id DESC)",
    "desk_by_step_down": "(reseller_id, step_on DESC NULLS LAST, id DESC)",
}


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, columns in INDEXES.items():
            schema_editor.execute(f"CREATE INDEX {name} ON renewals_deskrow {columns}")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("renewals", "0009_batch_letters")]
    operations = [migrations.RunPython(make, remove)]
