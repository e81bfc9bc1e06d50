"""Another example of a golden case's name, without the name of a programme."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pricing', '0009_workers_that_live'),
    ]

    operations = [
        migrations.AlterField(
            model_name='goldencase',
            name='name',
            field=models.CharField(help_text='What it guards, for example “120 and 30 together, 3 years”.', max_length=100, unique=True, verbose_name='name'),
        ),
    ]
