"""How many customers each reseller has is kept. `migrate` counts them when it ends."""

from django.db import migrations, models

from foundation.integrity import make_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('licensing', '0015_approval_margins'),
    ]

    operations = [
        migrations.CreateModel(
            name='CustomerCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reseller', models.BigIntegerField(db_index=True)),
                ('customers', models.IntegerField()),
            ],
            options={
                'verbose_name': 'count of customers',
                'verbose_name_plural': 'counts of customers',
            },
        ),
        make_triggers("licensing"),
    ]
