"""What only PostgreSQL has: the search by parts of words, and files kept as they are."""

from django.db import migrations

from foundation.integrity.files import keep_files_as_they_are
from foundation.text.parts import make_search_parts


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_people")]

    operations = [
        make_search_parts(),
        keep_files_as_they_are(
            ("foundation_chatmessage", "sealed_address"),
            ("foundation_chatmessage", "sealed_text"),
            ("foundation_outgoingmail", "sealed_text"),
            ("foundation_outgoingmail", "attachment"),
        ),
    ]
