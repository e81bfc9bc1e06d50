import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pricing', '0002_triggers'),
        ('quotes', '0003_order_files'),
        ('renewals', '0003_desk'),
    ]

    operations = [
        migrations.CreateModel(
            name='QuoteDrift',
            fields=[
                ('quote', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='quotes.quote', verbose_name='quote')),
                ('looked_on', models.DateField(verbose_name='priced on')),
                ('last_change', models.BigIntegerField(default=0, verbose_name='last change of holdings')),
                ('total', models.BigIntegerField(null=True, verbose_name='total')),
                ('difference', models.BigIntegerField(null=True, verbose_name='difference')),
                ('price_list', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pricing.pricelist', verbose_name='price list')),
            ],
            options={
                'verbose_name': 'drift of a quote',
                'verbose_name_plural': 'drifts of quotes',
                'indexes': [models.Index(fields=['looked_on', 'last_change'], name='drift_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('difference__isnull', True), ('total__isnull', True)), models.Q(('difference__isnull', False), ('total__isnull', False)), _connector='OR'), name='drift_difference_with_total')],
            },
        ),
    ]
