"""A search by the index of parts is not shared among processes."""

from django.db import migrations

from foundation.text.parts import search_parts_alone


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0005_mail_text_kept'),
    ]

    operations = [search_parts_alone()]
