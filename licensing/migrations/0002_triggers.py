"""What the database itself refuses: the list of `licensing.models.protection`."""

from django.db import migrations

from foundation.integrity import make_triggers


class Migration(migrations.Migration):
    dependencies = [("licensing", "0001_initial")]

    operations = [make_triggers("licensing")]
