"""Outgoing e-mail in the administration: what waits, what failed and why. Never its text."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..administration import ReadOnly, SearchAdmin
from .models import MailNotice, OutgoingMail
from .operations.queue import try_again

SHOWN = (
    "to",
    "to_name",
    "cc",
    "subject",
    "sender_name",
    "reply_to",
    "attachment_name",
    "about",
    "state",
    "explanation",
    "error_answer",
    "attempts",
    "next_attempt_at",
    "sent_at",
    "settled_at",
    "message_id",
    "created_by",
    "created_at",
)


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnly, SearchAdmin):
    list_display = ("created_at", "to", "subject", "state", "error", "attempts", "next_attempt_at", "sent_at")
    list_filter = ("state", "error")
    search_fields = ("to", "subject", "about", "message_id")
    readonly_fields = SHOWN
    actions = ("do_again",)
    fieldsets = (
        (
            None,
            {
                "fields": SHOWN,
                "description": _(
                    "Texts are not shown: they may hold links that let somebody in. "
                    "They are deleted once the e-mail is sent."
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutgoingMail]:
        mails: QuerySet[OutgoingMail] = super().get_queryset(request)
        return mails.select_related("created_by").defer("sealed_text", "attachment", "entry")

    @admin.display(description=_("what went wrong"))
    def explanation(self, mail: OutgoingMail) -> str:
        return mail.explain_error() or "-"

    @admin.action(description=_("Try again"), permissions=["view"])
    def do_again(self, request: HttpRequest, mails: QuerySet[OutgoingMail]) -> None:
        """Of what was chosen, all that still can be sent."""
        now = timezone.now()
        done = [try_again(mail=mail, now=now) for mail in mails]
        if count := done.count(True):
            text = ngettext("%(count)d e-mail is tried again.", "%(count)d e-mails are tried again.", count)
            messages.success(request, text % {"count": count})
        if count := done.count(False):
            text = ngettext(
                "%(count)d e-mail cannot be tried again: it was sent, or its text is gone.",
                "%(count)d e-mails cannot be tried again: they were sent, or their texts are gone.",
                count,
            )
            messages.warning(request, text % {"count": count})


@admin.register(MailNotice)
class MailNoticeAdmin(ReadOnly, SearchAdmin):
    """What came back and no program could read: somebody looks at it here."""

    list_display = ("received_at", "sender", "subject", "mail")
    list_display_links = ("received_at", "subject")
    list_select_related = ("mail",)
    search_fields = ("sender", "subject", "excerpt")
    fields = ("received_at", "sender", "subject", "excerpt", "mail")
    readonly_fields = fields
