"""A search by the index of parts is not shared among processes."""

from django.db import migrations

from foundation.text.parts import search_parts_alone


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0004_chat_notices'),
    ]

    operations = [search_parts_alone()]
