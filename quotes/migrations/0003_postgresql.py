"""What only PostgreSQL has: the search by parts of words, and files kept as they are."""

from django.db import migrations

from foundation.integrity.files import keep_files_as_they_are
from foundation.text.parts import index_parts


class Migration(migrations.Migration):
    dependencies = [("foundation", "0003_postgresql"), ("quotes", "0002_triggers")]

    operations = [
        index_parts("quote_by_parts", table="quotes_quote", column="search_key"),
        index_parts("quote_by_order_parts", table="quotes_quotestatus", column="order_key"),
        keep_files_as_they_are(
            ("quotes_quotedocument", "content"),
            ("quotes_comparison", "content"),
            ("quotes_orderfile", "content"),
            ("quotes_acknowledgement", "content"),
        ),
    ]
