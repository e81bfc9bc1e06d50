"""Who of a reseller's people enters license IDs and holdings."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('licensing', '0003_contacts'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalreseller',
            name='holdings_kept_by',
            field=models.CharField(choices=[('nobody', 'nobody: portal admins only'), ('managers', 'managers'), ('staff', 'managers and staff')], default='managers', help_text='Who of the reseller adds license IDs, and enters and corrects what they hold.', max_length=8, verbose_name='license IDs and holdings are kept by'),
        ),
        migrations.AddField(
            model_name='reseller',
            name='holdings_kept_by',
            field=models.CharField(choices=[('nobody', 'nobody: portal admins only'), ('managers', 'managers'), ('staff', 'managers and staff')], default='managers', help_text='Who of the reseller adds license IDs, and enters and corrects what they hold.', max_length=8, verbose_name='license IDs and holdings are kept by'),
        ),
        migrations.AddConstraint(
            model_name='reseller',
            constraint=models.CheckConstraint(condition=models.Q(('holdings_kept_by__in', ['nobody', 'managers', 'staff'])), name='reseller_holdings_kept_by_known', violation_error_message='Choose who keeps license IDs and holdings.'),
        ),
    ]
