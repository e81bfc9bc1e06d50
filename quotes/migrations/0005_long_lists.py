"""Lists and searches that take as long however many quotes there are."""

from django.db import migrations, models
from django.db.models import Q

from foundation.text.parts import index_parts


class Migration(migrations.Migration):
    dependencies = [
        ("quotes", "0004_letters_of_several"),
        ("foundation", "0003_search_parts"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="quote", name="quote_by_reseller"),
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(fields=["reseller", "-issued_at", "-id"], name="quote_in_order"),
        ),
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(
                fields=["reseller", "-issued_on", "-issued_at", "-id"], name="quote_by_day_in_order"
            ),
        ),
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(fields=["reseller", "valid_until"], name="quote_by_validity"),
        ),
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(fields=["reseller", "issued_by_name"], name="quote_by_issuer"),
        ),
        migrations.AddIndex(
            model_name="quotestatus",
            index=models.Index(
                condition=Q(state="issued", answered_at__isnull=False),
                fields=["reseller", "answered_at"],
                name="quote_status_answered",
            ),
        ),
        index_parts("quote_by_parts", table="quotes_quote", column="search_key"),
        index_parts("quote_by_order_parts", table="quotes_quotestatus", column="order_key"),
    ]
