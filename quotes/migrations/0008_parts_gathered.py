"""The parts of search keys are put into their indexes many at once."""

from django.db import migrations

from foundation.text.parts import gather_parts


class Migration(migrations.Migration):
    dependencies = [("quotes", "0007_acknowledgements")]

    operations = [gather_parts("quote_by_parts"), gather_parts("quote_by_order_parts")]
