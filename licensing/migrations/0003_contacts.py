"""Contacts of customers, with their history, which the database keeps from being changed."""

import django.db.models.deletion
import foundation.text.search
import foundation.text.validators
import simple_history.models
from django.db import migrations, models

from foundation.integrity import make_triggers

triggers = make_triggers("licensing")
triggers.reverse_code = migrations.RunPython.noop
"""Those of the table go with it; the others stay."""


class Migration(migrations.Migration):

    dependencies = [
        ('licensing', '0002_triggers'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalContact',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_user_name', models.CharField(blank=True, max_length=100, verbose_name='changed by')),
                ('name', models.CharField(max_length=100, validators=[foundation.text.validators.validate_printable], verbose_name='name')),
                ('kana', models.CharField(blank=True, help_text='For searching and sorting; not printed.', max_length=100, verbose_name='name in kana')),
                ('department', models.CharField(blank=True, help_text='Printed above the name on quotes to this contact.', max_length=200, validators=[foundation.text.validators.validate_printable], verbose_name='department')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=30, validators=[foundation.text.validators.validate_printable], verbose_name='telephone')),
                ('language', models.CharField(choices=[('ja', 'Japanese'), ('en', 'English')], default='ja', max_length=2, verbose_name='language')),
                ('for_quotes', models.BooleanField(default=True, verbose_name='quotes')),
                ('for_technical', models.BooleanField(default=False, verbose_name='technical questions')),
                ('for_billing', models.BooleanField(default=False, verbose_name='billing')),
                ('is_gone', models.BooleanField(default=False, verbose_name='removed')),
                ('history_user_id', models.BigIntegerField(null=True)),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('customer', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='licensing.customer', verbose_name='customer')),
            ],
            options={
                'verbose_name': 'change',
                'verbose_name_plural': 'changes',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, validators=[foundation.text.validators.validate_printable], verbose_name='name')),
                ('kana', models.CharField(blank=True, help_text='For searching and sorting; not printed.', max_length=100, verbose_name='name in kana')),
                ('department', models.CharField(blank=True, help_text='Printed above the name on quotes to this contact.', max_length=200, validators=[foundation.text.validators.validate_printable], verbose_name='department')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=30, validators=[foundation.text.validators.validate_printable], verbose_name='telephone')),
                ('language', models.CharField(choices=[('ja', 'Japanese'), ('en', 'English')], default='ja', max_length=2, verbose_name='language')),
                ('for_quotes', models.BooleanField(default=True, verbose_name='quotes')),
                ('for_technical', models.BooleanField(default=False, verbose_name='technical questions')),
                ('for_billing', models.BooleanField(default=False, verbose_name='billing')),
                ('is_gone', models.BooleanField(default=False, verbose_name='removed')),
                ('search_key', foundation.text.search.SearchKeyField(sources=('name', 'kana', 'email'))),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='licensing.customer', verbose_name='customer')),
            ],
            options={
                'verbose_name': 'contact',
                'verbose_name_plural': 'contacts',
                'ordering': ['kana', 'name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='contact_name_not_empty', violation_error_message="Enter the contact's name."), models.CheckConstraint(condition=models.Q(('language__in', ['ja', 'en'])), name='contact_language_known', violation_error_message="Choose Japanese or English as the contact's language."), models.UniqueConstraint(condition=models.Q(('is_gone', False)), fields=('customer', 'name', 'department', 'email'), name='contact_once_per_customer', violation_error_message='This customer has a contact of this name, department and e-mail address already.')],
            },
        ),
        triggers,
    ]
