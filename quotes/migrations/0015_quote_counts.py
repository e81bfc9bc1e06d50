"""How many quotes stand how is kept. `migrate` counts them when it ends."""

from django.db import migrations, models

from foundation.integrity import make_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('quotes', '0014_acknowledgements_checked'),
    ]

    operations = [
        migrations.CreateModel(
            name='QuoteCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reseller', models.BigIntegerField()),
                ('state', models.CharField(choices=[('issued', 'issued'), ('superseded', 'superseded'), ('withdrawn', 'withdrawn'), ('ordered', 'ordered'), ('lost', 'lost')], max_length=10)),
                ('valid_until', models.DateField(null=True)),
                ('quotes', models.IntegerField()),
                ('yen', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'count of quotes',
                'verbose_name_plural': 'counts of quotes',
                'indexes': [models.Index(fields=['reseller', 'state', 'valid_until'], name='quote_count_by_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'issued'), ('valid_until__isnull', False)), models.Q(models.Q(('state', 'issued'), _negated=True), ('valid_until', None)), _connector='OR'), name='quote_count_of_a_day', violation_error_message='A count of issued quotes has a day, others have none.')],
            },
        ),
        make_triggers("quotes"),
    ]
