"""A quote has one draft of its next revision at most."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quotes", "0009_beside_records_is_kept")]

    operations = [
        migrations.AddConstraint(
            model_name="quotedraft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_revision", True)),
                fields=("basis",),
                name="quote_draft_one_revision",
                violation_error_message="There is a draft of this quote's revision already.",
            ),
        ),
    ]
