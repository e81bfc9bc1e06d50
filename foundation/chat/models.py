"""Notices that wait to be posted to a chat room, and what became of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WAITING = Q(state__in=["queued", "sending"])


class ChatMessage(models.Model):
    """One notice for one chat room. The row is the queue, the lease of whoever posts it, and the note of its outcome.

    Address and text are sealed while it waits, and gone once it is settled: whoever has the address can post.
    """

    class Channel(models.TextChoices):
        TEAMS = "teams", "Teams"
        SLACK = "slack", "Slack"

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("state of a chat notice", "waiting")
        SENDING = "sending", pgettext_lazy("state of a chat notice", "being posted")
        SENT = "sent", pgettext_lazy("state of a chat notice", "posted")
        FAILED = "failed", pgettext_lazy("state of a chat notice", "not posted")
        NOTHING = "nothing", pgettext_lazy("state of a chat notice", "nothing to tell")

    class Error(models.TextChoices):
        NOT_ALLOWED = "not_allowed", _("This address is not allowed: it does not lead to a server on the internet.")
        NO_CONNECTION = "no_connection", _("The chat’s server was not reached.")
        TRY_LATER = "try_later", _("The chat’s server asks to try later.")
        REFUSED = "refused", _("The chat’s server refused the notice. Check the webhook’s address.")
        UNCLEAR = "unclear", _("The connection broke, so nobody knows whether the notice arrived. It is not repeated.")
        UNREADABLE = "unreadable", _("The address cannot be read any more. Enter it again.")

    key = models.CharField(_("key"), max_length=200, unique=True)
    """What it tells of, once: the same key is the same notice."""
    about = models.CharField(_("about"), max_length=100)
    """Whose chat room it is, in the words of whoever keeps its address."""
    channel = models.CharField(_("chat"), max_length=10, choices=Channel.choices)
    sealed_address = models.BinaryField(_("address"), null=True)
    sealed_text = models.BinaryField(_("text"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"), null=True)
    leased_by = models.CharField(_("held by"), max_length=64, blank=True)
    leased_until = models.DateTimeField(_("held until"), null=True)
    handing_over_at = models.DateTimeField(_("handed over at"), null=True)
    """From here on the server may have it."""
    error = models.CharField(_("error"), max_length=20, choices=Error.choices, blank=True, default="")
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    """The HTTP status that came back."""
    created_at = models.DateTimeField(_("created at"))
    settled_at = models.DateTimeField(_("settled at"), null=True)

    class Meta:
        verbose_name = _("chat notice")
        verbose_name_plural = _("chat notices")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="chat_unsettled", condition=WAITING),
            models.Index(fields=["about", "-id"], name="chat_about"),
        ]
        constraints = [
            models.CheckConstraint(
                name="chat_sealed_while_waiting",
                condition=(WAITING & Q(sealed_address__isnull=False, sealed_text__isnull=False, settled_at=None))
                | (~WAITING & Q(sealed_address=None, sealed_text=None, settled_at__isnull=False)),
                violation_error_message=_("A chat notice that is settled keeps neither address nor text."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"
