"""What was filled in is required from now on, and kept by the database again."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models


def lift_triggers(apps, schema_editor):
    import_module("quotes.migrations.0002_records_are_immutable").remove(apps, schema_editor)


def set_triggers(apps, schema_editor):
    import_module("quotes.migrations.0002_records_are_immutable").install(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("licensing", "0004_english_sender"), ("quotes", "0007_fill_status_and_log")]

    operations = [
        migrations.AlterField(
            model_name="quote",
            name="retain_until",
            field=models.DateField(verbose_name="kept until"),
        ),
        migrations.AlterField(
            model_name="quoteevent",
            name="reseller",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="licensing.reseller",
                verbose_name="reseller",
            ),
        ),
        migrations.AlterField(
            model_name="quoteevent",
            name="position",
            field=models.PositiveBigIntegerField(verbose_name="position"),
        ),
        migrations.AlterField(
            model_name="quoteevent",
            name="hash",
            field=models.CharField(max_length=64, verbose_name="hash"),
        ),
        migrations.AddConstraint(
            model_name='quote',
            constraint=models.CheckConstraint(condition=models.Q(('retain_until__gte', models.F('valid_until'))), name='quote_retained_while_valid', violation_error_message='A quote is kept at least as long as it is valid.'),
        ),
        migrations.AddConstraint(
            model_name='quote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revises__isnull', True), ('revision', 0)), models.Q(('revises__isnull', False), ('revision__gte', 1)), _connector='OR'), name='quote_first_revises_nothing', violation_error_message='Every revision but the first revises the one before it.'),
        ),
        migrations.AddConstraint(
            model_name='quoteevent',
            constraint=models.UniqueConstraint(fields=('reseller', 'position'), name='quote_event_position_unique'),
        ),
        migrations.AddConstraint(
            model_name='quoteevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('position', 1), ('previous_hash', '')), models.Q(('position__gt', 1), models.Q(('previous_hash', ''), _negated=True)), _connector='OR'), name='quote_event_first_follows_nothing'),
        ),
        migrations.AddConstraint(
            model_name='quoteevent',
            constraint=models.CheckConstraint(condition=models.Q(('hash', ''), _negated=True), name='quote_event_has_hash'),
        ),
        migrations.RunPython(set_triggers, lift_triggers),
    ]
