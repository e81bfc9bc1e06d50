"""Acknowledgements of orders, which are records: made once, never changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from foundation.integrity import make_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('quotes', '0006_texts_of_a_kind'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='quoteevent',
            name='kind',
            field=models.CharField(choices=[('issued', 'issued'), ('superseded', 'superseded by a revision'), ('withdrawn', 'withdrawn'), ('ordered', 'recorded as ordered'), ('lost', 'recorded as lost'), ('order_file_kept', 'file of the order kept'), ('order_acknowledged', 'acknowledgement of the order made'), ('carried_out', 'holdings brought to what was ordered'), ('carry_out_undone', 'change of the holdings taken back'), ('reopened', 'outcome taken back'), ('viewed', 'seen by the customer'), ('fetched', 'fetched by a program'), ('downloaded', 'PDF downloaded'), ('order_wished', 'customer wishes to order'), ('declined', 'declined by the customer'), ('link_made', 'share link made'), ('link_revoked', 'share link revoked'), ('mail_queued', 'e-mail queued'), ('mail_sent', 'e-mail sent'), ('mail_failed', 'e-mail not delivered'), ('clock_confirmed', 'clock confirmed by the operator')], max_length=20, verbose_name='kind'),
        ),
        migrations.CreateModel(
            name='Acknowledgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(editable=False, unique=True, verbose_name='key')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('number', models.CharField(max_length=30, verbose_name='number')),
                ('ordered_on', models.DateField(verbose_name='order day')),
                ('order_number', models.CharField(blank=True, default='', max_length=100, verbose_name="customer's order number")),
                ('content', models.BinaryField(verbose_name='PDF')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('quote', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements', to='quotes.quote', verbose_name='quote')),
            ],
            options={
                'verbose_name': 'acknowledgement of an order',
                'verbose_name_plural': 'acknowledgements of orders',
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('quote', 'position'), name='acknowledgement_position_unique'), models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='acknowledgement_position_counts'), models.CheckConstraint(condition=models.Q(('sha256', ''), _negated=True), name='acknowledgement_has_hash')],
            },
        ),
        make_triggers("quotes"),
    ]
