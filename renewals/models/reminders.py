"""By themselves: what the portal writes to customers and to its own people, and that each of it was written once."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.text.validators import validate_one_line
from licensing.models import Customer, LicenseID, Reseller, User


class ReminderSettings(models.Model):
    """A reseller's rhythm. Where there is no row: its people get a digest, and customers nothing."""

    reseller = models.OneToOneField(
        Reseller, on_delete=models.PROTECT, primary_key=True, related_name="+", verbose_name=_("reseller")
    )
    sends_digest = models.BooleanField(_("digest every morning"), default=True)
    confirm_days = models.PositiveSmallIntegerField(_("days before the expiry: quantities"), null=True, blank=True)
    silent_days = models.PositiveSmallIntegerField(_("days before the validity ends"), null=True, blank=True)
    expiry_days = models.PositiveSmallIntegerField(_("days before the expiry"), null=True, blank=True)
    """None: no such letter goes out."""
    first_hour = models.PositiveSmallIntegerField(_("from hour"), default=9)
    last_hour = models.PositiveSmallIntegerField(_("until hour"), default=18)
    """Letters leave from the first hour until before the last, in Japan, on business days."""
    silent_subject_ja = models.CharField(max_length=200, blank=True, validators=[validate_one_line])
    silent_body_ja = models.TextField(max_length=5000, blank=True)
    silent_subject_en = models.CharField(max_length=200, blank=True, validators=[validate_one_line])
    silent_body_en = models.TextField(max_length=5000, blank=True)
    expiry_subject_ja = models.CharField(max_length=200, blank=True, validators=[validate_one_line])
    expiry_body_ja = models.TextField(max_length=5000, blank=True)
    expiry_subject_en = models.CharField(max_length=200, blank=True, validators=[validate_one_line])
    expiry_body_en = models.TextField(max_length=5000, blank=True)
    """Empty: the portal's own text."""

    class Meta:
        verbose_name = _("rhythm of reminders")
        verbose_name_plural = _("rhythms of reminders")
        constraints = [
            models.CheckConstraint(
                name="reminder_hours_in_order",
                condition=Q(first_hour__lt=F("last_hour"), last_hour__lte=24),
                violation_error_message=_("The first hour comes before the last."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reseller_id}"


class QuietCustomer(models.Model):
    """A customer to whom the portal writes nothing by itself."""

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="+", verbose_name=_("customer")
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("customer without reminders")
        verbose_name_plural = _("customers without reminders")

    def __str__(self) -> str:
        return f"{self.customer_id}"


class Reminder(models.Model):
    """That a customer was written to of one license ID and expiry: once of each kind, whatever the clock does."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("quantity confirmation")
        SILENT = "silent", _("quote without an answer")
        EXPIRY = "expiry", _("support expiry")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    licenseid = models.ForeignKey(
        LicenseID, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("license ID")
    )
    expires_on = models.DateField(_("support expiry"))
    quote_key = models.CharField(_("quote"), max_length=36, blank=True, default="")
    """Of a quote without an answer: each quote once."""
    sent_on = models.DateField(_("sent on"))
    mail_key = models.CharField(_("e-mail"), max_length=200)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(name="reminded_once", fields=["kind", "licenseid", "expires_on", "quote_key"]),
        ]
        indexes = [models.Index(fields=["mail_key"], name="reminder_by_mail")]

    def __str__(self) -> str:
        return f"{self.kind} {self.licenseid_id} {self.expires_on}"


class Digest(models.Model):
    """That somebody's morning was looked at: one e-mail a day at most, none where there was nothing to tell."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("user"))
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("renewals told of"))

    class Meta:
        verbose_name = _("morning digest")
        verbose_name_plural = _("morning digests")
        constraints = [models.UniqueConstraint(name="digest_once_a_day", fields=["user", "day"])]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"
