"""The texts with which a reseller sends its quotes, and letters that bring several."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.mail.models import OutgoingMail
from foundation.text.language import LANGUAGES
from foundation.text.validators import validate_one_line
from licensing.models import Reseller, User

from .records import Quote
from .sharing import ShareLink


class LetterTemplate(models.Model):
    """Subject and text of a kind of letter. Without a row, the portal's own are used."""

    reseller = models.ForeignKey(
        Reseller, on_delete=models.PROTECT, related_name="letter_templates", db_index=False, verbose_name=_("reseller")
    )
    kind = models.CharField(_("kind"), max_length=20, default="quote")
    """As `letters.templates.watch_letters` was told it: `quote`, `quotes` …"""
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200, validators=[validate_one_line])
    body = models.TextField(_("text"), max_length=5000)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("saved by"))
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("e-mail template")
        verbose_name_plural = _("e-mail templates")
        constraints = [
            models.UniqueConstraint(
                name="letter_template_one_of_a_kind",
                fields=["reseller", "kind", "language"],
                violation_error_message=_("This reseller has a text of this kind in this language already."),
            ),
            models.CheckConstraint(
                name="letter_template_language_known",
                condition=Q(language__in=["ja", "en"]),
                violation_error_message=_("Choose Japanese or English."),
            ),
            models.CheckConstraint(
                name="letter_template_not_empty",
                condition=~Q(subject="") & ~Q(body=""),
                violation_error_message=_("Enter subject and text."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reseller} {self.kind} {self.language}"


class QuoteLetter(models.Model):
    """One quote of an e-mail that brings several of one customer, and its link in it."""

    mail = models.ForeignKey(
        OutgoingMail, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("e-mail")
    )
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="letters", verbose_name=_("quote"))
    link = models.ForeignKey(ShareLink, on_delete=models.PROTECT, related_name="+", verbose_name=_("share link"))

    class Meta:
        verbose_name = _("quote in an e-mail")
        verbose_name_plural = _("quotes in e-mails")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="quote_letter_once", fields=["mail", "quote"])]

    def __str__(self) -> str:
        return f"{self.mail_id} {self.quote_id}"
