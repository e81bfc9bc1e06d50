"""What only PostgreSQL has: the search by parts of words, and files kept as they are."""

from django.db import migrations

from foundation.integrity.files import keep_files_as_they_are
from foundation.text.parts import index_parts


class Migration(migrations.Migration):
    dependencies = [("foundation", "0003_postgresql"), ("licensing", "0002_triggers")]

    operations = [
        index_parts("customer_by_parts", table="licensing_customer", column="search_key"),
        index_parts("customer_by_contact_parts", table="licensing_customer", column="contact_key"),
        index_parts("license_id_by_parts", table="licensing_licenseid", column="search_key"),
        index_parts("contact_by_parts", table="licensing_contact", column="search_key"),
        index_parts("user_by_parts", table="licensing_user", column="search_key"),
        keep_files_as_they_are(("licensing_heldimport", "content")),
    ]
