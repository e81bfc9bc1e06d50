"""Thresholds above which quotes need approval, and who may approve."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('licensing', '0012_own_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalreseller',
            name='approval_amount',
            field=models.BigIntegerField(blank=True, help_text='The total with tax. Empty: never asked for.', null=True, verbose_name='amount above which a quote needs approval, in yen'),
        ),
        migrations.AddField(
            model_name='historicalreseller',
            name='approval_reduction',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='Of the list subtotal, the whole reduction (R20). Empty: never asked for.', max_digits=5, null=True, verbose_name='reduction above which a quote needs approval, in percent'),
        ),
        migrations.AddField(
            model_name='historicaluser',
            name='approves',
            field=models.BooleanField(default=False, help_text='Of colleagues, where the reseller’s thresholds ask for it; never of their own.', verbose_name='may approve quotes'),
        ),
        migrations.AddField(
            model_name='historicaluser',
            name='approves_amount',
            field=models.BigIntegerField(blank=True, help_text='The total with tax. Empty: any amount.', null=True, verbose_name='approves up to, in yen'),
        ),
        migrations.AddField(
            model_name='historicaluser',
            name='approves_reduction',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='Of the list subtotal. Empty: any reduction.', max_digits=5, null=True, verbose_name='approves reductions up to, in percent'),
        ),
        migrations.AddField(
            model_name='reseller',
            name='approval_amount',
            field=models.BigIntegerField(blank=True, help_text='The total with tax. Empty: never asked for.', null=True, verbose_name='amount above which a quote needs approval, in yen'),
        ),
        migrations.AddField(
            model_name='reseller',
            name='approval_reduction',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='Of the list subtotal, the whole reduction (R20). Empty: never asked for.', max_digits=5, null=True, verbose_name='reduction above which a quote needs approval, in percent'),
        ),
        migrations.AddField(
            model_name='user',
            name='approves',
            field=models.BooleanField(default=False, help_text='Of colleagues, where the reseller’s thresholds ask for it; never of their own.', verbose_name='may approve quotes'),
        ),
        migrations.AddField(
            model_name='user',
            name='approves_amount',
            field=models.BigIntegerField(blank=True, help_text='The total with tax. Empty: any amount.', null=True, verbose_name='approves up to, in yen'),
        ),
        migrations.AddField(
            model_name='user',
            name='approves_reduction',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='Of the list subtotal. Empty: any reduction.', max_digits=5, null=True, verbose_name='approves reductions up to, in percent'),
        ),
        migrations.AddConstraint(
            model_name='reseller',
            constraint=models.CheckConstraint(condition=models.Q(('approval_reduction__isnull', True), models.Q(('approval_reduction__gte', 0), ('approval_reduction__lte', 100)), _connector='OR'), name='reseller_approval_reduction_range', violation_error_message='Enter 0 to 100 percent, or leave it empty.'),
        ),
        migrations.AddConstraint(
            model_name='reseller',
            constraint=models.CheckConstraint(condition=models.Q(('approval_amount__isnull', True), models.Q(('approval_amount__gte', 0), ('approval_amount__lte', 10000000000000)), _connector='OR'), name='reseller_approval_amount_range', violation_error_message='Enter ¥0 or more, or leave it empty.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('approves', False), ('role__in', ['staff', 'manager']), _connector='OR'), name='user_approves_for_reseller', violation_error_message='Only reseller staff and managers approve quotes.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('approves_amount__isnull', True), models.Q(('approves_amount__gte', 0), ('approves_amount__lte', 10000000000000)), _connector='OR'), name='user_approves_amount_range', violation_error_message='Enter ¥0 or more, or leave it empty.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('approves_reduction__isnull', True), models.Q(('approves_reduction__gte', 0), ('approves_reduction__lte', 100)), _connector='OR'), name='user_approves_reduction_range', violation_error_message='Enter 0 to 100 percent, or leave it empty.'),
        ),
    ]
