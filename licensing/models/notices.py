"""What came back to the portal's e-mail and was no notice that a program can read."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .mail import OutgoingMail


class MailNotice(models.Model):
    """An answer by a person or a program: "away until Monday", a bounce of an older form. Somebody should read it.

    Only a part of it is kept, without addresses of links: they may hold tokens.
    """

    mail = models.ForeignKey(
        OutgoingMail,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("outgoing e-mail"),
    )
    """What it answers, where that could be told."""
    received_at = models.DateTimeField(_("received at"))
    sender = models.CharField(_("sender"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    excerpt = models.TextField(_("excerpt"), max_length=2000, blank=True)
    digest = models.CharField(_("fingerprint"), max_length=64, unique=True)
    """SHA-256 of all that came, in hexadecimal: what comes twice is kept once."""

    class Meta:
        verbose_name = _("answer to an e-mail")
        verbose_name_plural = _("answers to e-mail")
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return self.subject or self.sender
