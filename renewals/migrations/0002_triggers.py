"""What the database itself refuses and notes: the list of `renewals.models.protection`."""

from django.db import migrations

from foundation.integrity import make_triggers


class Migration(migrations.Migration):
    dependencies = [("renewals", "0001_tables")]

    operations = [make_triggers("renewals")]
