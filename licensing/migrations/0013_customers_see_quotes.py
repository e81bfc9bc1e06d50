"""Resellers say from when their customers see a quote; the history of resellers notes it too."""

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
        ('licensing', '0012_programme_limits_and_customer_segments'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalreseller',
            name='customers_see_quotes',
            field=models.CharField(choices=[('sent', 'when it was sent or shared'), ('issued', 'as soon as it is issued')], default='sent', help_text='Sent or shared: by e-mail from the portal, or by a share link. A quote that went out as a PDF only stays unseen until then.', max_length=8, verbose_name='customers with a log-in see a quote'),
        ),
        migrations.AddField(
            model_name='reseller',
            name='customers_see_quotes',
            field=models.CharField(choices=[('sent', 'when it was sent or shared'), ('issued', 'as soon as it is issued')], default='sent', help_text='Sent or shared: by e-mail from the portal, or by a share link. A quote that went out as a PDF only stays unseen until then.', max_length=8, verbose_name='customers with a log-in see a quote'),
        ),
        migrations.AddConstraint(
            model_name='reseller',
            constraint=models.CheckConstraint(condition=models.Q(('customers_see_quotes__in', ['sent', 'issued'])), name='reseller_customers_see_known', violation_error_message='Choose from when customers see a quote: once sent, or once issued.'),
        ),
        migrations.RunPython(set_triggers_again, migrations.RunPython.noop),
    ]
