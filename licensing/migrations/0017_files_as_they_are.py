"""Files are kept as they are."""

from django.db import migrations

from foundation.integrity.files import keep_files_as_they_are


class Migration(migrations.Migration):
    dependencies = [("licensing", "0016_customer_counts")]

    operations = [
        keep_files_as_they_are(
            ("licensing_heldimport", "content"),
        )
    ]
