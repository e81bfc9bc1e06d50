"""Acknowledgements of orders have a check code of their own."""

from django.db import migrations, models

from foundation.integrity import make_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('quotes', '0012_comparisons'),
    ]

    operations = [
        migrations.AddField(
            model_name='acknowledgement',
            name='check_code',
            field=models.CharField(editable=False, max_length=12, null=True, unique=True, verbose_name='check code'),
        ),
        make_triggers("quotes"),
    ]
