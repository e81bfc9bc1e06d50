"""Contacts get search keys, and products are found by their English names too."""

from django.db import migrations

from licensing.models.text import SearchKeyField


class Migration(migrations.Migration):
    dependencies = [("licensing", "0016_only_what_can_be_printed")]

    operations = [
        migrations.AddField("customer", "contact_key", SearchKeyField(sources=("person",))),
        migrations.AddField("user", "search_key", SearchKeyField(sources=("name", "name_en", "email"))),
        migrations.AlterField("product", "search_key", SearchKeyField(sources=("code", "name", "name_en"))),
    ]
