"""Searches of keys by an index, on PostgreSQL."""

from django.db import migrations

from foundation.text.parts import make_search_parts


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_people")]

    operations = [make_search_parts()]
