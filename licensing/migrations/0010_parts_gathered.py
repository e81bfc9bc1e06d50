"""The parts of search keys are put into their indexes many at once."""

from django.db import migrations

from foundation.text.parts import gather_parts


class Migration(migrations.Migration):
    dependencies = [("licensing", "0009_long_lists")]

    operations = [
        gather_parts("customer_by_parts"),
        gather_parts("customer_by_contact_parts"),
        gather_parts("license_id_by_parts"),
        gather_parts("contact_by_parts"),
        gather_parts("user_by_parts"),
    ]
