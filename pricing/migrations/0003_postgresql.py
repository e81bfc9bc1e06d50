"""What only PostgreSQL has: files kept as they are."""

from django.db import migrations

from foundation.integrity.files import keep_files_as_they_are


class Migration(migrations.Migration):
    dependencies = [("pricing", "0002_triggers")]

    operations = [
        keep_files_as_they_are(("pricing_priceimport", "content")),
    ]
