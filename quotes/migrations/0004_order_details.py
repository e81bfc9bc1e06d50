"""What is noted of an order: its day and the customer's number."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quotes", "0003_quoted_holdings")]

    operations = [
        migrations.AddField(
            model_name="quotestatus",
            name="ordered_on",
            field=models.DateField(null=True, verbose_name="order day"),
        ),
        migrations.AddField(
            model_name="quotestatus",
            name="order_number",
            field=models.CharField(blank=True, default="", max_length=100, verbose_name="customer's order number"),
        ),
    ]
