"""Approval: requests with what became of them, chat notices of them, rows of a batch that need one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from foundation.integrity import make_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('licensing', '0014_approval'),
        ('pricing', '0003_summary_of_an_import'),
        ('renewals', '0014_made_from_alternatives'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='chatsettings',
            name='tells_approvals',
            field=models.BooleanField(default=True, verbose_name='requests for approval and their answers'),
        ),
        migrations.AddField(
            model_name='quoterunrow',
            name='approval',
            field=models.JSONField(default=dict, verbose_name='approval'),
        ),
        migrations.AlterField(
            model_name='quoterunrow',
            name='state',
            field=models.CharField(choices=[('waiting', 'not priced yet'), ('ready', 'ready'), ('look', 'to be looked at'), ('approval', 'needs approval'), ('refused', 'refused'), ('issued', 'issued')], default='waiting', max_length=10, verbose_name='state'),
        ),
        migrations.CreateModel(
            name='ApprovalRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(editable=False, verbose_name='key')),
                ('round', models.PositiveSmallIntegerField(verbose_name='round')),
                ('customer_name', models.CharField(max_length=200, verbose_name='customer')),
                ('license_codes', models.TextField(verbose_name='license IDs')),
                ('subject', models.CharField(blank=True, max_length=200, verbose_name='subject')),
                ('asked', models.JSONField(verbose_name='what is wanted')),
                ('document', models.JSONField(verbose_name='the document')),
                ('revises', models.CharField(blank=True, max_length=20, verbose_name='revises')),
                ('content_hash', models.CharField(max_length=64, verbose_name='hash')),
                ('list_subtotal', models.BigIntegerField(verbose_name='list subtotal')),
                ('given_away', models.BigIntegerField(verbose_name='whole reduction')),
                ('subtotal', models.BigIntegerField(verbose_name='subtotal')),
                ('tax', models.BigIntegerField(verbose_name='tax')),
                ('total', models.BigIntegerField(verbose_name='total')),
                ('passed', models.JSONField(verbose_name='thresholds passed')),
                ('read', models.JSONField(default=list, verbose_name='warnings read')),
                ('draft_version', models.PositiveIntegerField(null=True, verbose_name='version of the draft')),
                ('message', models.TextField(blank=True, max_length=1000, verbose_name='message')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('state', models.CharField(choices=[('waiting', 'waiting for approval'), ('approved', 'approved'), ('sent_back', 'sent back'), ('withdrawn', 'request withdrawn')], default='waiting', max_length=10, verbose_name='state')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='answered at')),
                ('words', models.TextField(blank=True, max_length=1000, verbose_name='words of the answer')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='withdrawn at')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='last changed by')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='licensing.customer', verbose_name='customer')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                ('drafted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drafted by')),
                ('price_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pricing.pricelist', verbose_name='price list')),
                ('reseller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='licensing.reseller', verbose_name='reseller')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='withdrawn by')),
            ],
            options={
                'verbose_name': 'request for approval',
                'verbose_name_plural': 'requests for approval',
                'ordering': ['-asked_at', '-pk'],
                'indexes': [models.Index(fields=['reseller', 'state'], name='approval_by_state')],
                'constraints': [models.UniqueConstraint(fields=('key', 'round'), name='approval_round_once'), models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('key',), name='approval_one_waiting'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(models.Q(('decided_by', models.F('asked_by')), _negated=True), models.Q(('drafted_by__isnull', True), models.Q(('decided_by', models.F('drafted_by')), _negated=True), _connector='OR'), models.Q(('changed_by__isnull', True), models.Q(('decided_by', models.F('changed_by')), _negated=True), _connector='OR')), _connector='OR'), name='approval_by_another', violation_error_message='Nobody approves what they themselves asked for, drafted or changed last.'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['approved', 'sent_back'])), models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state__in', ['waiting', 'withdrawn'])), _connector='OR'), name='approval_answered_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), _connector='OR'), name='approval_withdrawn_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent_back'), _negated=True), models.Q(('words', ''), _negated=True), _connector='OR'), name='approval_sent_back_with_words', violation_error_message='Say why it is sent back.')],
            },
        ),
        make_triggers("renewals"),
    ]
