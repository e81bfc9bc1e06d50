"""Resellers may ask for a second factor; the history of resellers notes it too."""

from importlib import import_module

from django.db import migrations, models

TABLE = "licensing_historicalreseller"


def set_triggers_again(apps, schema_editor):
    """SQLite rebuilt the table, and threw its triggers away."""
    if schema_editor.connection.vendor != "sqlite":
        return
    for _name, table, _function, create in import_module("licensing.migrations.0007_history_is_kept").statements("sqlite"):
        if table == TABLE:
            schema_editor.execute(create.replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS", 1))


class Migration(migrations.Migration):

    dependencies = [
        ('licensing', '0009_outgoing_mail'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalreseller',
            name='requires_mfa',
            field=models.BooleanField(default=False, help_text='Staff and managers must set up an authenticator app or a passkey before they can go on. Portal admins and price admins must anyway.', verbose_name='requires a second factor'),
        ),
        migrations.AddField(
            model_name='reseller',
            name='requires_mfa',
            field=models.BooleanField(default=False, help_text='Staff and managers must set up an authenticator app or a passkey before they can go on. Portal admins and price admins must anyway.', verbose_name='requires a second factor'),
        ),
        migrations.RunPython(set_triggers_again, migrations.RunPython.noop),
    ]
