"""Which fields of an order a reseller wants."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('licensing', '0009_long_lists'),
        ('quotes', '0008_parts_gathered'),
    ]

    operations = [
        migrations.CreateModel(
            name='FieldOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('table', 'own table'), ('entry', 'entry sheet')], max_length=10, verbose_name='purpose')),
                ('columns', models.JSONField(verbose_name='columns')),
                ('reseller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='licensing.reseller', verbose_name='reseller')),
            ],
            options={
                'verbose_name': 'choice of fields',
                'verbose_name_plural': 'choices of fields',
                'constraints': [models.UniqueConstraint(fields=('reseller', 'purpose'), name='field_order_one_for_a_purpose'), models.CheckConstraint(condition=models.Q(('purpose__in', ['table', 'entry'])), name='field_order_purpose_known')],
            },
        ),
    ]
