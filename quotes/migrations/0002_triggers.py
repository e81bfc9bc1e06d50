"""What the database itself refuses, counts: the list of `quotes.models.protection`."""

from django.db import migrations

from foundation.integrity import make_triggers


class Migration(migrations.Migration):
    dependencies = [("quotes", "0001_tables")]

    operations = [make_triggers("quotes")]
