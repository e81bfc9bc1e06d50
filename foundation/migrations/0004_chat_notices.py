"""Notices that wait to be posted to a chat room."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0003_search_parts'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChatMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True, verbose_name='key')),
                ('about', models.CharField(max_length=100, verbose_name='about')),
                ('channel', models.CharField(choices=[('teams', 'Teams'), ('slack', 'Slack')], max_length=10, verbose_name='chat')),
                ('sealed_address', models.BinaryField(null=True, verbose_name='address')),
                ('sealed_text', models.BinaryField(null=True, verbose_name='text')),
                ('state', models.CharField(choices=[('queued', 'waiting'), ('sending', 'being posted'), ('sent', 'posted'), ('failed', 'not posted'), ('nothing', 'nothing to tell')], default='queued', max_length=10, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('next_attempt_at', models.DateTimeField(null=True, verbose_name='next attempt at')),
                ('leased_by', models.CharField(blank=True, max_length=64, verbose_name='held by')),
                ('leased_until', models.DateTimeField(null=True, verbose_name='held until')),
                ('handing_over_at', models.DateTimeField(null=True, verbose_name='handed over at')),
                ('error', models.CharField(blank=True, choices=[('not_allowed', 'This address is not allowed: it does not lead to a server on the internet.'), ('no_connection', 'The chat’s server was not reached.'), ('try_later', 'The chat’s server asks to try later.'), ('refused', 'The chat’s server refused the notice. Check the webhook’s address.'), ('unclear', 'The connection broke, so nobody knows whether the notice arrived. It is not repeated.'), ('unreadable', 'The address cannot be read any more. Enter it again.')], default='', max_length=20, verbose_name='error')),
                ('status', models.PositiveSmallIntegerField(null=True, verbose_name='answer')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='settled at')),
            ],
            options={
                'verbose_name': 'chat notice',
                'verbose_name_plural': 'chat notices',
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['next_attempt_at'], name='chat_unsettled'), models.Index(fields=['about', '-id'], name='chat_about')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['queued', 'sending']), ('sealed_address__isnull', False), ('sealed_text__isnull', False), ('settled_at', None)), models.Q(models.Q(('state__in', ['queued', 'sending']), _negated=True), ('sealed_address', None), ('sealed_text', None), ('settled_at__isnull', False)), _connector='OR'), name='chat_sealed_while_waiting', violation_error_message='A chat notice that is settled keeps neither address nor text.')],
            },
        ),
    ]
