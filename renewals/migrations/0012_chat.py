"""Which notices a reseller's chat rooms get."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('licensing', '0009_long_lists'),
        ('renewals', '0011_price_letters'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChatSettings',
            fields=[
                ('reseller', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='licensing.reseller', verbose_name='reseller')),
                ('sealed_teams', models.BinaryField(null=True, verbose_name='webhook address of Teams')),
                ('sealed_slack', models.BinaryField(null=True, verbose_name='webhook address of Slack')),
                ('tells_answers', models.BooleanField(default=True, verbose_name='answers of quantity confirmations')),
                ('tells_wishes', models.BooleanField(default=True, verbose_name='wishes to order')),
                ('tells_digest', models.BooleanField(default=True, verbose_name='digest of the morning')),
                ('tells_bounces', models.BooleanField(default=True, verbose_name='letters that came back')),
                ('with_prices', models.BooleanField(default=False, verbose_name='with prices')),
            ],
            options={
                'verbose_name': 'chat notices of a reseller',
                'verbose_name_plural': 'chat notices of resellers',
            },
        ),
    ]
