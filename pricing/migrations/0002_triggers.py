"""What the database itself refuses: the list of `pricing.models.protection`."""

from django.db import migrations

from foundation.integrity import make_triggers


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_tables")]

    operations = [make_triggers("pricing")]
