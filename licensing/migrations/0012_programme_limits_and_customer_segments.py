"""Programmes say how long and how late may be renewed, customers what kind of end user they are."""

from importlib import import_module

import django.core.validators
from django.db import migrations, models

TABLES = {"licensing_historicalcustomer", "licensing_historicalprogramme", "licensing_historicalproduct"}


def set_triggers_again(apps, schema_editor):
    """SQLite rebuilt the tables, and threw their triggers away."""
    if schema_editor.connection.vendor != "sqlite":
        return
    for _name, table, _function, create in import_module("licensing.migrations.0007_history_is_kept").statements("sqlite"):
        if table in TABLES:
            schema_editor.execute(create.replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS", 1))


class Migration(migrations.Migration):

    dependencies = [
        ('licensing', '0011_triggers_without_a_switch'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='segment',
            field=models.CharField(blank=True, help_text='官公庁, 教育 or 一般: products made for another segment warn when they are quoted (R19).', max_length=40, verbose_name='customer segment'),
        ),
        migrations.AddField(
            model_name='historicalcustomer',
            name='segment',
            field=models.CharField(blank=True, help_text='官公庁, 教育 or 一般: products made for another segment warn when they are quoted (R19).', max_length=40, verbose_name='customer segment'),
        ),
        migrations.AddField(
            model_name='historicalprogramme',
            name='late_renewal_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='How many days after the support expiry a renewal is still possible; after them it is refused (R13). 0: not at all. Empty: no last day is known, and a late renewal only warns.', null=True, validators=[django.core.validators.MaxValueValidator(3650)], verbose_name='late renewals, in days'),
        ),
        migrations.AddField(
            model_name='historicalprogramme',
            name='most_years',
            field=models.PositiveSmallIntegerField(default=6, help_text='The longest term for which its products can be renewed, 1 to 6 years (R1).', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(6)], verbose_name='most years'),
        ),
        migrations.AddField(
            model_name='programme',
            name='late_renewal_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='How many days after the support expiry a renewal is still possible; after them it is refused (R13). 0: not at all. Empty: no last day is known, and a late renewal only warns.', null=True, validators=[django.core.validators.MaxValueValidator(3650)], verbose_name='late renewals, in days'),
        ),
        migrations.AddField(
            model_name='programme',
            name='most_years',
            field=models.PositiveSmallIntegerField(default=6, help_text='The longest term for which its products can be renewed, 1 to 6 years (R1).', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(6)], verbose_name='most years'),
        ),
        migrations.AlterField(
            model_name='historicalproduct',
            name='segment',
            field=models.CharField(blank=True, help_text='For whom the product is: 一般, 官公庁, 教育 … Quoting it to a customer of another segment warns; empty or 一般 is for everybody (R19).', max_length=40, verbose_name='segment'),
        ),
        migrations.AlterField(
            model_name='historicalprogramme',
            name='rank_basis',
            field=models.CharField(choices=[('own_quantity', 'each product by its own quantity (R5)'), ('largest_product', "all its products by the largest product's quantity (R6)")], default='own_quantity', help_text='By the largest product: the one with the largest quantity in a license ID decides the rank of all products of the programme.', max_length=20, verbose_name='how ranks are decided'),
        ),
        migrations.AlterField(
            model_name='product',
            name='segment',
            field=models.CharField(blank=True, help_text='For whom the product is: 一般, 官公庁, 教育 … Quoting it to a customer of another segment warns; empty or 一般 is for everybody (R19).', max_length=40, verbose_name='segment'),
        ),
        migrations.AlterField(
            model_name='programme',
            name='rank_basis',
            field=models.CharField(choices=[('own_quantity', 'each product by its own quantity (R5)'), ('largest_product', "all its products by the largest product's quantity (R6)")], default='own_quantity', help_text='By the largest product: the one with the largest quantity in a license ID decides the rank of all products of the programme.', max_length=20, verbose_name='how ranks are decided'),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(('most_years__gte', 1), ('most_years__lte', 6)), name='programme_most_years_in_range', violation_error_message='The most years must be 1 to 6.'),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(('late_renewal_days__isnull', True), ('late_renewal_days__lte', 3650), _connector='OR'), name='programme_late_renewal_days_sensible', violation_error_message='Late renewals must be at most 3,650 days. Look for a typo.'),
        ),
        migrations.RunPython(set_triggers_again, migrations.RunPython.noop),
    ]
