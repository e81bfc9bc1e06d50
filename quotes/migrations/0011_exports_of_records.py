"""Files of exported records, and the columns by which records are searched."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('licensing', '0007_history_is_kept'),
        ('pricing', '0007_price_files'),
        ('quotes', '0010_one_draft_of_a_revision'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RecordExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='key')),
                ('form', models.CharField(choices=[('zip', 'ZIP: the PDFs and an index'), ('xlsx', 'XLSX: the index'), ('csv', 'CSV: the index, UTF-8'), ('cp932', 'CSV: the index, Shift_JIS (cp932)')], max_length=10, verbose_name='format')),
                ('criteria', models.JSONField(default=dict, verbose_name='searched for')),
                ('quote_count', models.PositiveIntegerField(verbose_name='quotes')),
                ('file_name', models.CharField(blank=True, max_length=100, verbose_name='file')),
                ('facts', models.JSONField(default=dict, verbose_name='result')),
            ],
            options={
                'verbose_name': 'export of records',
                'verbose_name_plural': 'exports of records',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddIndex(
            model_name='quote',
            index=models.Index(fields=['reseller', 'issued_on', 'total'], name='quote_by_day'),
        ),
        migrations.AddIndex(
            model_name='quote',
            index=models.Index(fields=['reseller', 'total'], name='quote_by_total'),
        ),
        migrations.AddIndex(
            model_name='quote',
            index=models.Index(fields=['customer', 'issued_on'], name='quote_by_customer'),
        ),
        migrations.AddField(
            model_name='recordexport',
            name='batch',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pricing.batch', verbose_name='background work'),
        ),
        migrations.AddField(
            model_name='recordexport',
            name='reseller',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='licensing.reseller', verbose_name='reseller'),
        ),
        migrations.AddConstraint(
            model_name='recordexport',
            constraint=models.CheckConstraint(condition=models.Q(('form__in', ['zip', 'xlsx', 'csv', 'cp932'])), name='record_export_form_known'),
        ),
    ]
