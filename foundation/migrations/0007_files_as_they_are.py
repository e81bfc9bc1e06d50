"""Files are kept as they are."""

from django.db import migrations

from foundation.integrity.files import keep_files_as_they_are


class Migration(migrations.Migration):
    dependencies = [("foundation", "0006_search_parts_alone")]

    operations = [
        keep_files_as_they_are(
            ("foundation_chatmessage", "sealed_address"),
            ("foundation_chatmessage", "sealed_text"),
            ("foundation_outgoingmail", "sealed_text"),
            ("foundation_outgoingmail", "attachment"),
        )
    ]
