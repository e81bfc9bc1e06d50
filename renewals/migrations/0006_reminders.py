import django.db.models.deletion
import foundation.text.validators
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('licensing', '0007_rows_that_ended'),
        ('renewals', '0005_batch'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='QuietCustomer',
            fields=[
                ('customer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='licensing.customer', verbose_name='customer')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'customer without reminders',
                'verbose_name_plural': 'customers without reminders',
            },
        ),
        migrations.CreateModel(
            name='ReminderSettings',
            fields=[
                ('reseller', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='licensing.reseller', verbose_name='reseller')),
                ('sends_digest', models.BooleanField(default=True, verbose_name='digest every morning')),
                ('confirm_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days before the expiry: quantities')),
                ('silent_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days before the validity ends')),
                ('expiry_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days before the expiry')),
                ('first_hour', models.PositiveSmallIntegerField(default=9, verbose_name='from hour')),
                ('last_hour', models.PositiveSmallIntegerField(default=18, verbose_name='until hour')),
                ('silent_subject_ja', models.CharField(blank=True, max_length=200, validators=[foundation.text.validators.validate_one_line])),
                ('silent_body_ja', models.TextField(blank=True, max_length=5000)),
                ('silent_subject_en', models.CharField(blank=True, max_length=200, validators=[foundation.text.validators.validate_one_line])),
                ('silent_body_en', models.TextField(blank=True, max_length=5000)),
                ('expiry_subject_ja', models.CharField(blank=True, max_length=200, validators=[foundation.text.validators.validate_one_line])),
                ('expiry_body_ja', models.TextField(blank=True, max_length=5000)),
                ('expiry_subject_en', models.CharField(blank=True, max_length=200, validators=[foundation.text.validators.validate_one_line])),
                ('expiry_body_en', models.TextField(blank=True, max_length=5000)),
            ],
            options={
                'verbose_name': 'rhythm of reminders',
                'verbose_name_plural': 'rhythms of reminders',
                'constraints': [models.CheckConstraint(condition=models.Q(('first_hour__lt', models.F('last_hour')), ('last_hour__lte', 24)), name='reminder_hours_in_order', violation_error_message='The first hour comes before the last.')],
            },
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('count', models.PositiveIntegerField(verbose_name='renewals told of')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'morning digest',
                'verbose_name_plural': 'morning digests',
                'constraints': [models.UniqueConstraint(fields=('user', 'day'), name='digest_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('confirm', 'quantity confirmation'), ('silent', 'quote without an answer'), ('expiry', 'support expiry')], max_length=10, verbose_name='kind')),
                ('expires_on', models.DateField(verbose_name='support expiry')),
                ('quote_key', models.CharField(blank=True, default='', max_length=36, verbose_name='quote')),
                ('sent_on', models.DateField(verbose_name='sent on')),
                ('mail_key', models.CharField(max_length=200, verbose_name='e-mail')),
                ('licenseid', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='licensing.licenseid', verbose_name='license ID')),
            ],
            options={
                'verbose_name': 'reminder',
                'verbose_name_plural': 'reminders',
                'indexes': [models.Index(fields=['mail_key'], name='reminder_by_mail')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'licenseid', 'expires_on', 'quote_key'), name='reminded_once')],
            },
        ),
    ]
