from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pricing', '0012_vendor_amount'),
    ]

    operations = [
        migrations.AddField(
            model_name='priceimport',
            name='new_products',
            field=models.JSONField(default=dict, help_text='Products and programmes that the portal does not know; they are made on confirmation.', verbose_name='new products'),
        ),
    ]
