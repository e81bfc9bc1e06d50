"""What customers are asked before anything is quoted, and what they answer: 数量確認."""

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.text.language import LANGUAGES
from foundation.text.validators import validate_one_line
from licensing.models import Customer, LicenseID, Reseller, User


class QuantityConfirmation(models.Model):
    """One question to a customer: what they need of some of their license IDs when support expires. No order.

    Who holds its link answers without a log-in. Of its tokens only hashes are kept; the reminder has one of its own.
    """

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    """Of the one press that asked: sent twice, it is asked once."""
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="quantity_confirmations", verbose_name=_("customer")
    )
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    to = models.CharField(_("to"), max_length=254)
    to_name = models.CharField(_("recipient's name"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="ja")
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), max_length=5000)
    """Of the letter, with its placeholders: the reminder is filled in from it too."""
    open_until = models.DateField(_("open until"))
    """The last day on which it can be answered, until its end in Japan."""
    remind_on = models.DateField(_("remind on"), null=True)
    """On which the customer is reminded where no answer has come; None: not at all."""
    reminded_at = models.DateTimeField(_("reminded at"), null=True)
    with_prices = models.BooleanField(_("with prices"), default=False)
    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True, editable=False)
    """SHA-256, hexadecimal, of the token in the letter's address."""
    reminder_hash = models.CharField(_("hash of the reminder's token"), max_length=64, null=True, unique=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("withdrawn by")
    )

    class Meta:
        verbose_name = _("quantity confirmation")
        verbose_name_plural = _("quantity confirmations")
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(
                fields=["remind_on"],
                name="confirmation_to_remind",
                condition=Q(reminded_at=None, withdrawn_at=None, remind_on__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="confirmation_reminded_while_open",
                condition=Q(remind_on__isnull=True) | Q(remind_on__lte=F("open_until")),
                violation_error_message=_("Remind on a day until which it can be answered."),
            ),
            models.CheckConstraint(
                name="confirmation_withdrawn_by_somebody",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
            models.CheckConstraint(
                name="confirmation_language_known",
                condition=Q(language__in=["ja", "en"]),
                violation_error_message=_("Choose Japanese or English."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.asked_at:%Y-%m-%d}"

    def is_open(self, on: date) -> bool:
        """Whether its link opens the form on a day in Japan, as far as it knows itself: a quote may have closed it."""
        return self.withdrawn_at is None and on <= self.open_until


class ConfirmationPart(models.Model):
    """A license ID that the customer is asked about."""

    confirmation = models.ForeignKey(
        QuantityConfirmation,
        on_delete=models.CASCADE,
        related_name="parts",
        db_index=False,
        verbose_name=_("quantity confirmation"),
    )
    position = models.PositiveSmallIntegerField(_("position"))
    licenseid = models.ForeignKey(
        LicenseID, on_delete=models.PROTECT, related_name="confirmation_parts", verbose_name=_("license ID")
    )

    class Meta:
        verbose_name = _("license ID of a quantity confirmation")
        verbose_name_plural = _("license IDs of quantity confirmations")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="confirmation_part_once", fields=["confirmation", "licenseid"]),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.licenseid_id}"


class ConfirmationAnswer(models.Model):
    """What somebody answered. An answer is corrected by another one; the last one counts."""

    confirmation = models.ForeignKey(
        QuantityConfirmation, on_delete=models.PROTECT, related_name="answers", verbose_name=_("quantity confirmation")
    )
    at = models.DateTimeField(_("at"))
    by_name = models.CharField(_("by"), max_length=100)
    """What whoever held the link calls themselves."""
    ip = models.GenericIPAddressField(_("IP address"), null=True)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True, default="")
    message = models.CharField(_("message"), max_length=1000, blank=True, default="")
    needed = models.JSONField(_("what is needed"))
    """`renewals.confirmations.needed.Needed`, as its `to_json` writes it."""

    class Meta:
        verbose_name = _("answer to a quantity confirmation")
        verbose_name_plural = _("answers to quantity confirmations")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.by_name} {self.at:%Y-%m-%d}"


class ConfirmationSettings(models.Model):
    """How a reseller asks its customers. Where there is no row, as the portal does by itself."""

    reseller = models.OneToOneField(
        Reseller, on_delete=models.PROTECT, primary_key=True, related_name="+", verbose_name=_("reseller")
    )
    shows_prices = models.BooleanField(
        _("show what a renewal as held costs"),
        default=False,
        help_text=_("As a rough figure, tax included. Without this mark customers see no price before the quote."),
    )
    days_open = models.PositiveSmallIntegerField(_("days for the answer"), default=21)
    remind_after = models.PositiveSmallIntegerField(
        _("remind after days"), null=True, blank=True, default=7, help_text=_("Once, where no answer has come.")
    )
    subject_ja = models.CharField(_("subject"), max_length=200, blank=True, validators=[validate_one_line])
    body_ja = models.TextField(_("text"), max_length=5000, blank=True)
    subject_en = models.CharField(_("subject"), max_length=200, blank=True, validators=[validate_one_line])
    body_en = models.TextField(_("text"), max_length=5000, blank=True)

    class Meta:
        verbose_name = _("settings of quantity confirmations")
        verbose_name_plural = _("settings of quantity confirmations")
        constraints = [
            models.CheckConstraint(
                name="confirmation_days_in_bounds",
                condition=Q(days_open__gte=1, days_open__lte=180),
                violation_error_message=_("Enter 1 to 180 days."),
            ),
            models.CheckConstraint(
                name="confirmation_reminder_in_bounds",
                condition=Q(remind_after__isnull=True) | Q(remind_after__gte=1, remind_after__lte=F("days_open")),
                violation_error_message=_("Remind within the days for the answer."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reseller_id}"
