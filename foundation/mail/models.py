"""E-mail that waits to be sent, and what became of it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..text.language import LANGUAGES
from ..text.validators import validate_address, validate_addresses, validate_one_line

UNSETTLED = Q(state__in=["queued", "sending"])
WITH_TEXT = Q(sealed_text__isnull=False) | Q(attachment__isnull=False)


class OutgoingMail(models.Model):
    """One e-mail. The row is the queue, the lease of whoever sends it, and the note of what became of it.

    The text is sealed with the portal's secret key while it waits, and gone once it was sent: it may hold links with
    tokens, of which the portal keeps the hash only. See docs/decisions/0018.
    """

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("state of an e-mail", "waiting")
        SENDING = "sending", pgettext_lazy("state of an e-mail", "being sent")
        SENT = "sent", pgettext_lazy("state of an e-mail", "sent")
        FAILED = "failed", pgettext_lazy("state of an e-mail", "not delivered")
        CANCELLED = "cancelled", pgettext_lazy("state of an e-mail", "not needed any more")

    class Error(models.TextChoices):
        """What went wrong with the last attempt; `explain_error` says it in a sentence."""

        UNKNOWN_ADDRESS = "unknown_address", _("unknown address")
        MAILBOX_FULL = "mailbox_full", _("mailbox full")
        ADDRESS_REFUSED = "address_refused", _("address refused")
        CONTENT_REFUSED = "content_refused", _("message refused")
        BOUNCED = "bounced", _("came back")
        UNCLEAR = "unclear", _("not known whether it arrived")
        TRY_LATER = "try_later", _("server asks to try later")
        NO_CONNECTION = "no_connection", _("mail server not reached")
        LOG_IN_REFUSED = "log_in_refused", _("mail server refuses the log-in")
        SENDER_REFUSED = "sender_refused", _("mail server refuses the sender")
        UNREADABLE = "unreadable", _("text cannot be read any more")
        INTERNAL = "internal", _("internal error")

    key = models.CharField(_("key"), max_length=200, unique=True)
    """What asks for it, once: the same key is the same e-mail."""
    about = models.CharField(_("about"), max_length=100, blank=True)
    """`kind:reference`; the kind's app is told of the outcome (`operations.queue.watch_mail`)."""
    to = models.CharField(_("to"), max_length=254, validators=[validate_address])
    to_name = models.CharField(_("recipient's name"), max_length=200, blank=True, validators=[validate_one_line])
    cc = models.JSONField(_("copies to"), default=list, blank=True, validators=[validate_addresses])
    """List of addresses."""
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="ja")
    subject = models.CharField(_("subject"), max_length=300, validators=[validate_one_line])
    sender_name = models.CharField(_("sender's name"), max_length=200, blank=True, validators=[validate_one_line])
    """Before the portal's own address in From."""
    reply_to = models.CharField(_("reply to"), max_length=254, blank=True, validators=[validate_address])
    sealed_text = models.BinaryField(_("text"), null=True, blank=True)
    attachment_name = models.CharField(_("attachment"), max_length=200, blank=True, validators=[validate_one_line])
    attachment = models.BinaryField(_("attachment"), null=True, blank=True)
    entry: Any = models.JSONField(_("what was typed"), default=dict, blank=True)
    """To offer it again after a failure. No tokens, no secrets."""

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"), null=True, blank=True)
    """Until it is settled: not before this moment."""
    leased_by = models.CharField(_("held by"), max_length=64, blank=True)
    leased_until = models.DateTimeField(_("held until"), null=True, blank=True)
    handing_over_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    """From here on the server may have it: if nothing more is heard, nobody knows."""
    error = models.CharField(_("error"), max_length=20, choices=Error.choices, blank=True, default="")
    error_address = models.CharField(_("address concerned"), max_length=254, blank=True)
    error_answer = models.CharField(_("mail server's answer"), max_length=500, blank=True)
    message_id = models.CharField(_("message ID"), max_length=200, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("created by"),
    )
    """None where the portal writes by itself."""
    created_at = models.DateTimeField(_("created at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    """When the mail server took it."""
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("outgoing e-mail")
        verbose_name_plural = _("outgoing e-mail")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="mail_unsettled", condition=UNSETTLED),
            models.Index(fields=["about"], name="mail_about"),
            models.Index(fields=["settled_at"], name="mail_text_kept", condition=Q(state="failed") & WITH_TEXT),
        ]
        constraints = [
            models.CheckConstraint(
                name="mail_state_known",
                condition=Q(state__in=["queued", "sending", "sent", "failed", "cancelled"]),
                violation_error_message=_("Choose one of the states."),
            ),
            models.CheckConstraint(
                name="mail_waits_or_is_settled",
                condition=(UNSETTLED & Q(next_attempt_at__isnull=False, settled_at__isnull=True))
                | (~UNSETTLED & Q(next_attempt_at__isnull=True, settled_at__isnull=False)),
                violation_error_message=_("An e-mail either waits for its next attempt or is settled."),
            ),
            models.CheckConstraint(
                name="mail_text_while_waiting",
                condition=(UNSETTLED & Q(sealed_text__isnull=False))
                | Q(state="failed")
                | Q(state__in=["sent", "cancelled"], sealed_text__isnull=True, attachment__isnull=True),
                violation_error_message=_("An e-mail that was sent keeps no text."),
            ),
            models.CheckConstraint(
                name="mail_failed_says_why",
                condition=~Q(state="failed") | ~Q(error=""),
                violation_error_message=_("An e-mail that was not delivered says why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to} {self.subject}"

    @property
    def is_settled(self) -> bool:
        return self.state not in (self.State.QUEUED, self.State.SENDING)

    @property
    def recipients(self) -> list[str]:
        """Every address it goes to."""
        return [self.to, *self.cc]

    def explain_error(self) -> str:
        """What went wrong, where, and what to do, in the reader's language; empty where nothing did."""
        if not self.error:
            return ""
        return str(EXPLANATIONS[self.error]) % {"address": self.error_address or self.to}


EXPLANATIONS: dict[str, Any] = {
    OutgoingMail.Error.UNKNOWN_ADDRESS: _(
        "The recipient's mail server answered that there is no address %(address)s. Check the address."
    ),
    OutgoingMail.Error.MAILBOX_FULL: _(
        "The recipient's mail server answered that the mailbox of %(address)s is full. "
        "Reach the person in another way, or send again later."
    ),
    OutgoingMail.Error.ADDRESS_REFUSED: _(
        "The recipient's mail server does not take e-mail for %(address)s. Check the address, or use another one."
    ),
    OutgoingMail.Error.CONTENT_REFUSED: _(
        "The recipient's mail server refused this e-mail. Send it again without the attachment, or with another text."
    ),
    OutgoingMail.Error.BOUNCED: _(
        "The e-mail came back: it could not be delivered to %(address)s. Check the address, or use another one."
    ),
    OutgoingMail.Error.UNCLEAR: _(
        "The connection broke while the e-mail was handed over, so nobody knows whether it arrived. It is not sent a "
        "second time by itself: ask the recipient, or send it again."
    ),
    OutgoingMail.Error.TRY_LATER: _("The mail server cannot take the e-mail for %(address)s at the moment."),
    OutgoingMail.Error.NO_CONNECTION: _(
        "The portal cannot reach its mail server. If this lasts, tell the portal admin."
    ),
    OutgoingMail.Error.LOG_IN_REFUSED: _(
        "The portal's mail server refuses the portal's log-in. Tell the portal admin: the mail settings need a look."
    ),
    OutgoingMail.Error.SENDER_REFUSED: _(
        "The portal's mail server does not accept the portal as the sender. "
        "Tell the portal admin: the mail settings need a look."
    ),
    OutgoingMail.Error.UNREADABLE: _(
        "The text of this e-mail cannot be read any more, because the portal's secret key was changed. Send it again."
    ),
    OutgoingMail.Error.INTERNAL: _("An internal error. If this lasts, tell the portal admin: the log has more."),
}


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
