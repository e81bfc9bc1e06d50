"""Drafts that were made from an alternative of a comparison."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('quotes', '0012_comparisons'),
        ('renewals', '0012_chat'),
    ]

    operations = [
        migrations.AddField(
            model_name='quotedraft',
            name='alternative',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quotes.alternative', verbose_name='alternative'),
        ),
    ]
