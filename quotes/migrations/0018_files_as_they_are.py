"""Files are kept as they are."""

from django.db import migrations

from foundation.integrity.files import keep_files_as_they_are


class Migration(migrations.Migration):
    dependencies = [("quotes", "0015_quote_counts")]

    operations = [
        keep_files_as_they_are(
            ("quotes_quotedocument", "content"),
            ("quotes_comparison", "content"),
            ("quotes_orderfile", "content"),
            ("quotes_acknowledgement", "content"),
        )
    ]
