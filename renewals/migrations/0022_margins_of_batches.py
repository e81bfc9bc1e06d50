"""What would be left of each row of a batch: for those who see margins."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('renewals', '0019_files_as_they_are'),
    ]

    operations = [
        migrations.AddField(
            model_name='quoterunrow',
            name='cost',
            field=models.BigIntegerField(editable=False, null=True, verbose_name='cost'),
        ),
        migrations.AddField(
            model_name='quoterunrow',
            name='covered',
            field=models.BigIntegerField(editable=False, null=True, verbose_name='of which with a cost'),
        ),
        migrations.AddField(
            model_name='quoterunrow',
            name='subtotal',
            field=models.BigIntegerField(editable=False, null=True, verbose_name='subtotal'),
        ),
        migrations.AddField(
            model_name='quoterunrow',
            name='uncovered_lines',
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name='lines without a cost'),
        ),
    ]
