"""Comparisons: alternatives side by side, with numbers, links and entries of the log of their own."""

import django.db.models.deletion
import django.db.models.expressions
import foundation.text.search
from django.conf import settings
from django.db import migrations, models

from foundation.integrity import make_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('licensing', '0011_shows_list_prices'),
        ('pricing', '0003_summary_of_an_import'),
        ('quotes', '0011_margins'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Comparison',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(editable=False, unique=True, verbose_name='key')),
                ('made_by_name', models.CharField(max_length=100, verbose_name='made by')),
                ('month', models.CharField(max_length=4, verbose_name='month')),
                ('sequence', models.PositiveIntegerField(verbose_name='number in the month')),
                ('number', models.CharField(max_length=20, verbose_name='number')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('made_on', models.DateField(verbose_name='day')),
                ('valid_until', models.DateField(verbose_name='prices hold until')),
                ('retain_until', models.DateField(verbose_name='kept until')),
                ('customer_name', models.CharField(max_length=200, verbose_name='customer')),
                ('license_codes', models.TextField(verbose_name='license IDs')),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('is_sample', models.BooleanField(verbose_name='sample prices')),
                ('document', models.JSONField(verbose_name='the document')),
                ('content', models.BinaryField(verbose_name='PDF')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('search_key', foundation.text.search.SearchKeyField(sources=('number', 'customer_name', 'license_codes', 'subject'))),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comparisons', to='licensing.customer', verbose_name='customer')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('price_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pricing.pricelist', verbose_name='price list')),
                ('reseller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comparisons', to='licensing.reseller', verbose_name='reseller')),
            ],
            options={
                'verbose_name': 'comparison',
                'verbose_name_plural': 'comparisons',
                'ordering': ['-made_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ComparisonNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.CharField(max_length=4, verbose_name='month')),
                ('last', models.PositiveIntegerField(default=0, verbose_name='last number')),
            ],
            options={
                'verbose_name': 'comparison number',
                'verbose_name_plural': 'comparison numbers',
            },
        ),
        migrations.CreateModel(
            name='QuoteOrigin',
            fields=[
                ('quote', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='origin', serialize=False, to='quotes.quote', verbose_name='quote')),
                ('is_as_compared', models.BooleanField(verbose_name='as it was compared')),
            ],
            options={
                'verbose_name': 'origin of a quote',
                'verbose_name_plural': 'origins of quotes',
            },
        ),
        migrations.AlterField(
            model_name='quoteevent',
            name='kind',
            field=models.CharField(choices=[('issued', 'issued'), ('superseded', 'superseded by a revision'), ('withdrawn', 'withdrawn'), ('ordered', 'recorded as ordered'), ('lost', 'recorded as lost'), ('order_file_kept', 'file of the order kept'), ('order_acknowledged', 'acknowledgement of the order made'), ('carried_out', 'holdings brought to what was ordered'), ('carry_out_undone', 'change of the holdings taken back'), ('reopened', 'outcome taken back'), ('viewed', 'seen by the customer'), ('fetched', 'fetched by a program'), ('downloaded', 'PDF downloaded'), ('order_wished', 'customer wishes to order'), ('declined', 'declined by the customer'), ('link_made', 'share link made'), ('link_revoked', 'share link revoked'), ('mail_queued', 'e-mail queued'), ('mail_sent', 'e-mail sent'), ('mail_failed', 'e-mail not delivered'), ('compared', 'comparison made'), ('chosen', 'alternative chosen by the customer'), ('quoted', 'quote issued from the comparison'), ('clock_confirmed', 'clock confirmed by the operator')], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='quoteevent',
            name='quote',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='quotes.quote', verbose_name='quote'),
        ),
        migrations.AlterField(
            model_name='sharelink',
            name='quote',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='share_links', to='quotes.quote', verbose_name='quote'),
        ),
        migrations.CreateModel(
            name='ComparisonStatus',
            fields=[
                ('comparison', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='status', serialize=False, to='quotes.comparison', verbose_name='comparison')),
                ('chosen_at', models.DateTimeField(null=True, verbose_name='chosen at')),
                ('chosen_by_name', models.CharField(blank=True, default='', max_length=200, verbose_name='chosen by')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='withdrawn at')),
                ('reason', models.CharField(blank=True, default='', max_length=500, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'status of a comparison',
                'verbose_name_plural': 'statuses of comparisons',
            },
        ),
        migrations.CreateModel(
            name='ComparedLicenseID',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('license_code', models.CharField(max_length=40, verbose_name='code of the license ID')),
                ('licenseid', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='compared', to='licensing.licenseid', verbose_name='license ID')),
                ('comparison', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='license_ids', to='quotes.comparison', verbose_name='comparison')),
            ],
            options={
                'verbose_name': 'license ID of a comparison',
                'verbose_name_plural': 'license IDs of comparisons',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Alternative',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('label', models.CharField(blank=True, default='', max_length=30, verbose_name='short label')),
                ('asked', models.JSONField(verbose_name='what was wanted')),
                ('subtotal', models.BigIntegerField(verbose_name='subtotal')),
                ('tax', models.BigIntegerField(verbose_name='tax')),
                ('total', models.BigIntegerField(verbose_name='total')),
                ('comparison', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alternatives', to='quotes.comparison', verbose_name='comparison')),
            ],
            options={
                'verbose_name': 'alternative',
                'verbose_name_plural': 'alternatives',
                'ordering': ['position'],
            },
        ),
        migrations.AddField(
            model_name='quoteevent',
            name='comparison',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='quotes.comparison', verbose_name='comparison'),
        ),
        migrations.AddField(
            model_name='sharelink',
            name='comparison',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='share_links', to='quotes.comparison', verbose_name='comparison'),
        ),
        migrations.AddConstraint(
            model_name='quoteevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('comparison__isnull', True), ('quote__isnull', False)), models.Q(('comparison__isnull', False), ('quote__isnull', True)), _connector='OR'), name='quote_event_of_one'),
        ),
        migrations.AddConstraint(
            model_name='sharelink',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('comparison__isnull', True), ('quote__isnull', False)), models.Q(('comparison__isnull', False), ('quote__isnull', True)), _connector='OR'), name='share_link_to_one'),
        ),
        migrations.AddField(
            model_name='comparisonnumber',
            name='reseller',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='licensing.reseller', verbose_name='reseller'),
        ),
        migrations.AddField(
            model_name='quoteorigin',
            name='alternative',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='origins', to='quotes.alternative', verbose_name='alternative'),
        ),
        migrations.AddField(
            model_name='comparisonstatus',
            name='chosen',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quotes.alternative', verbose_name='chosen alternative'),
        ),
        migrations.AddField(
            model_name='comparisonstatus',
            name='reseller',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='licensing.reseller', verbose_name='reseller'),
        ),
        migrations.AddField(
            model_name='comparisonstatus',
            name='withdrawn_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='withdrawn by'),
        ),
        migrations.AddIndex(
            model_name='comparison',
            index=models.Index(fields=['reseller', '-made_at', '-id'], name='comparison_in_order'),
        ),
        migrations.AddIndex(
            model_name='comparison',
            index=models.Index(fields=['customer', '-made_at'], name='comparison_by_customer'),
        ),
        migrations.AddConstraint(
            model_name='comparison',
            constraint=models.UniqueConstraint(fields=('reseller', 'month', 'sequence'), name='comparison_number_unique', violation_error_message='This number has been given already.'),
        ),
        migrations.AddConstraint(
            model_name='comparison',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until__gte', models.F('made_on'))), name='comparison_valid_from_its_day'),
        ),
        migrations.AddConstraint(
            model_name='comparison',
            constraint=models.CheckConstraint(condition=models.Q(('retain_until__gte', models.F('valid_until'))), name='comparison_kept_while_valid'),
        ),
        migrations.AddConstraint(
            model_name='comparison',
            constraint=models.CheckConstraint(condition=models.Q(('sha256', ''), _negated=True), name='comparison_has_hash'),
        ),
        migrations.AddConstraint(
            model_name='comparedlicenseid',
            constraint=models.UniqueConstraint(fields=('comparison', 'position'), name='compared_license_id_position'),
        ),
        migrations.AddConstraint(
            model_name='comparedlicenseid',
            constraint=models.UniqueConstraint(fields=('comparison', 'licenseid'), name='compared_license_id_once'),
        ),
        migrations.AddConstraint(
            model_name='alternative',
            constraint=models.UniqueConstraint(fields=('comparison', 'position'), name='alternative_position_unique'),
        ),
        migrations.AddConstraint(
            model_name='alternative',
            constraint=models.CheckConstraint(condition=models.Q(('position__gte', 1), ('position__lte', 6)), name='alternative_position_counts'),
        ),
        migrations.AddConstraint(
            model_name='alternative',
            constraint=models.CheckConstraint(condition=models.Q(('total', django.db.models.expressions.CombinedExpression(models.F('subtotal'), '+', models.F('tax')))), name='alternative_total_is_sum'),
        ),
        migrations.AddConstraint(
            model_name='alternative',
            constraint=models.CheckConstraint(condition=models.Q(('subtotal__gte', 0), ('tax__gte', 0)), name='alternative_amounts_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='comparisonnumber',
            constraint=models.UniqueConstraint(fields=('reseller', 'month'), name='comparison_number_one_per_month'),
        ),
        migrations.AddIndex(
            model_name='comparisonstatus',
            index=models.Index(condition=models.Q(('chosen_at__isnull', False)), fields=['reseller', 'chosen_at'], name='comparison_chosen'),
        ),
        migrations.AddConstraint(
            model_name='comparisonstatus',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('chosen__isnull', True), ('chosen_at__isnull', True), ('chosen_by_name', '')), models.Q(('chosen__isnull', False), ('chosen_at__isnull', False)), _connector='OR'), name='comparison_chosen_by_somebody', violation_error_message='A choice needs the moment at which it came.'),
        ),
        migrations.AddConstraint(
            model_name='comparisonstatus',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='comparison_withdrawn_with_reason', violation_error_message='Say why.'),
        ),
        make_triggers("quotes"),
    ]
