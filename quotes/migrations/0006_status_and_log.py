"""How quotes stand, share links, and a log whose entries seal each other: the tables."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def lift_triggers(apps, schema_editor):
    import_module("quotes.migrations.0002_records_are_immutable").remove(apps, schema_editor)


def set_triggers(apps, schema_editor):
    import_module("quotes.migrations.0002_records_are_immutable").install(apps, schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('licensing', '0004_english_sender'),
        ('pricing', '0007_price_files'),
        ('quotes', '0005_impact_of_price_lists'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Rows are filled in by the next migration; the one after it creates the triggers again.
        migrations.RunPython(lift_triggers, set_triggers),
        migrations.CreateModel(
            name='EventChain',
            fields=[
                ('reseller', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='licensing.reseller', verbose_name='reseller')),
                ('last_position', models.PositiveBigIntegerField(default=0, verbose_name='last position')),
                ('last_hash', models.CharField(blank=True, default='', max_length=64, verbose_name='last hash')),
            ],
            options={
                'verbose_name': 'event log',
                'verbose_name_plural': 'event logs',
            },
        ),
        migrations.CreateModel(
            name='QuoteStatus',
            fields=[
                ('quote', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='status', serialize=False, to='quotes.quote', verbose_name='quote')),
                ('month', models.CharField(max_length=4, verbose_name='month')),
                ('sequence', models.PositiveIntegerField(verbose_name='number in the month')),
                ('state', models.CharField(choices=[('issued', 'issued'), ('superseded', 'superseded'), ('withdrawn', 'withdrawn'), ('ordered', 'ordered'), ('lost', 'lost')], default='issued', max_length=10, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('changed_at', models.DateTimeField(verbose_name='changed at')),
                ('answer', models.CharField(blank=True, choices=[('', 'no answer'), ('order', 'wishes to order'), ('decline', 'declined')], default='', max_length=10, verbose_name="customer's answer")),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered at')),
            ],
            options={
                'verbose_name': 'status of a quote',
                'verbose_name_plural': 'statuses of quotes',
            },
        ),
        migrations.CreateModel(
            name='ShareLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True, verbose_name='hash of the token')),
                ('recipient', models.CharField(blank=True, max_length=200, verbose_name='for whom')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
                ('expires_on', models.DateField(verbose_name='expires on')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='revoked at')),
                ('max_downloads', models.PositiveIntegerField(null=True, verbose_name='downloads allowed')),
                ('downloads', models.PositiveIntegerField(default=0, verbose_name='downloads')),
            ],
            options={
                'verbose_name': 'share link',
                'verbose_name_plural': 'share links',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='quote',
            name='check_code',
            field=models.CharField(editable=False, max_length=12, null=True, unique=True, verbose_name='check code'),
        ),
        migrations.AddField(
            model_name='quote',
            name='retain_until',
            field=models.DateField(null=True, verbose_name='kept until'),
        ),
        migrations.AddField(
            model_name='quote',
            name='revises',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='revised_by', to='quotes.quote', verbose_name='revises'),
        ),
        migrations.AddField(
            model_name='quotedraft',
            name='basis',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quotes.quote', verbose_name='made from'),
        ),
        migrations.AddField(
            model_name='quotedraft',
            name='is_revision',
            field=models.BooleanField(default=False, verbose_name='revision'),
        ),
        migrations.AddField(
            model_name='quoteevent',
            name='hash',
            field=models.CharField(null=True, max_length=64, verbose_name='hash'),
        ),
        migrations.AddField(
            model_name='quoteevent',
            name='ip',
            field=models.GenericIPAddressField(null=True, verbose_name='IP address'),
        ),
        migrations.AddField(
            model_name='quoteevent',
            name='position',
            field=models.PositiveBigIntegerField(null=True, verbose_name='position'),
        ),
        migrations.AddField(
            model_name='quoteevent',
            name='previous_hash',
            field=models.CharField(blank=True, max_length=64, verbose_name='hash of the entry before'),
        ),
        migrations.AddField(
            model_name='quoteevent',
            name='reseller',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='licensing.reseller', verbose_name='reseller'),
        ),
        migrations.AddField(
            model_name='quoteevent',
            name='user_agent',
            field=models.CharField(blank=True, default='', max_length=300, verbose_name='browser'),
        ),
        migrations.AlterField(
            model_name='quoteevent',
            name='by_name',
            field=models.CharField(max_length=200, verbose_name='by'),
        ),
        migrations.AlterField(
            model_name='quoteevent',
            name='kind',
            field=models.CharField(choices=[('issued', 'issued'), ('superseded', 'superseded by a revision'), ('withdrawn', 'withdrawn'), ('ordered', 'recorded as ordered'), ('lost', 'recorded as lost'), ('reopened', 'outcome taken back'), ('viewed', 'seen by the customer'), ('downloaded', 'PDF downloaded'), ('order_wished', 'customer wishes to order'), ('declined', 'declined by the customer'), ('link_made', 'share link made'), ('link_revoked', 'share link revoked'), ('mail_queued', 'e-mail queued'), ('mail_sent', 'e-mail sent'), ('mail_failed', 'e-mail not delivered')], max_length=20, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='quotedraft',
            constraint=models.CheckConstraint(condition=models.Q(('is_revision', False), ('basis__isnull', False), _connector='OR'), name='quote_draft_revision_of_something', violation_error_message='A revision needs the quote that it revises.'),
        ),
        migrations.AddField(
            model_name='quotestatus',
            name='changed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='quotestatus',
            name='reseller',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='licensing.reseller', verbose_name='reseller'),
        ),
        migrations.AddField(
            model_name='sharelink',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='sharelink',
            name='quote',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='share_links', to='quotes.quote', verbose_name='quote'),
        ),
        migrations.AddField(
            model_name='quoteevent',
            name='link',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='quotes.sharelink', verbose_name='share link'),
        ),
        migrations.AddIndex(
            model_name='quotestatus',
            index=models.Index(fields=['reseller', 'state'], name='quote_status_by_state'),
        ),
        migrations.AddConstraint(
            model_name='quotestatus',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'superseded'), _negated=True), fields=('reseller', 'month', 'sequence'), name='quote_one_active_revision', violation_error_message='Only one revision of a number can be the one that counts.'),
        ),
        migrations.AddConstraint(
            model_name='quotestatus',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['issued', 'superseded', 'withdrawn', 'ordered', 'lost'])), name='quote_status_state_known', violation_error_message='Choose one of the states.'),
        ),
        migrations.AddConstraint(
            model_name='quotestatus',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True)), models.Q(('answer__in', ['order', 'decline']), ('answered_at__isnull', False)), _connector='OR'), name='quote_status_answer_known', violation_error_message='An answer needs the moment at which it came.'),
        ),
        migrations.AddConstraint(
            model_name='quotestatus',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['withdrawn', 'lost']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='quote_status_reason_given', violation_error_message='Say why.'),
        ),
        migrations.AddConstraint(
            model_name='sharelink',
            constraint=models.CheckConstraint(condition=models.Q(('max_downloads__isnull', True), ('downloads__lte', models.F('max_downloads')), _connector='OR'), name='share_link_downloads_within_limit', violation_error_message="This link's downloads are used up."),
        ),
    ]
