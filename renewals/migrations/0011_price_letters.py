"""Customers who were told that prices rise."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0003_search_parts'),
        ('licensing', '0009_long_lists'),
        ('pricing', '0002_triggers'),
        ('renewals', '0010_desk_sorted'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PriceLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='key')),
                ('to', models.CharField(max_length=254, verbose_name='to')),
                ('to_name', models.CharField(blank=True, max_length=100, verbose_name="recipient's name")),
                ('language', models.CharField(choices=[('ja', 'Japanese'), ('en', 'English')], default='ja', max_length=2, verbose_name='language')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('queued_at', models.DateTimeField(null=True, verbose_name='queued at')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.batch', verbose_name='background work')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='licensing.customer', verbose_name='customer')),
                ('mail', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='foundation.outgoingmail', verbose_name='e-mail')),
                ('price_list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pricing.pricelist', verbose_name='price list')),
            ],
            options={
                'verbose_name': 'letter about a change of prices',
                'verbose_name_plural': 'letters about changes of prices',
                'constraints': [models.UniqueConstraint(fields=('price_list', 'customer'), name='price_letter_once')],
            },
        ),
    ]
