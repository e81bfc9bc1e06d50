"""Lists and searches that take as long however many rows there are."""

from django.db import migrations, models
from django.db.models import Q

from foundation.text.parts import index_parts


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0008_contacts_of_present_customers"),
        ("foundation", "0003_search_parts"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="customer", name="customer_by_reseller"),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=Q(merged_into=None), fields=["reseller", "kana", "name", "id"], name="customer_in_order"
            ),
        ),
        index_parts("customer_by_parts", table="licensing_customer", column="search_key"),
        index_parts("customer_by_contact_parts", table="licensing_customer", column="contact_key"),
        index_parts("license_id_by_parts", table="licensing_licenseid", column="search_key"),
        index_parts("contact_by_parts", table="licensing_contact", column="search_key"),
        index_parts("user_by_parts", table="licensing_user", column="search_key"),
    ]
