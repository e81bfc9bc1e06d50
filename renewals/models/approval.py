"""Approval (承認) of quotes above a reseller's thresholds: who asked, what exactly, what came of it. Internal."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from licensing.models import Customer, Reseller, User
from pricing.models import PriceList


class ApprovalRequest(models.Model):
    """One round of asking for one quote that is to come. What was asked for never changes; neither does an answer.

    Nobody answers what they themselves asked for, drafted or changed last: a constraint holds that, too.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for approval")
        APPROVED = "approved", _("approved")
        SENT_BACK = "sent_back", _("sent back")
        WITHDRAWN = "withdrawn", _("request withdrawn")

    key = models.UUIDField(_("key"), editable=False)
    """The draft's, and the key of the quote that is issued from it."""
    round = models.PositiveSmallIntegerField(_("round"))
    """1, 2, 3 …: asked anew after a change, or after it was sent back."""
    reseller = models.ForeignKey(
        Reseller, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("reseller")
    )
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", verbose_name=_("customer"))
    customer_name = models.CharField(_("customer"), max_length=200)
    license_codes = models.TextField(_("license IDs"))
    """Their codes, with CODES_BETWEEN between them."""
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    asked = models.JSONField(_("what is wanted"))
    """`renewals.asked.Asked`, as its `to_json` writes it."""
    document = models.JSONField(_("the document"))
    """`quotes.paper.document.Document` as it was on the day, without a number."""
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="+", verbose_name=_("price list"))
    revises = models.CharField(_("revises"), max_length=20, blank=True)
    """The number of the quote that it is to take the place of."""
    content_hash = models.CharField(_("hash"), max_length=64)
    """SHA-256, hexadecimal, of all that is approved: see `renewals.issue.approved.content_hash`."""
    list_subtotal = models.BigIntegerField(_("list subtotal"))
    given_away = models.BigIntegerField(_("whole reduction"))
    """Of lines and of the quote, below what licenses cost by the list and free lines by themselves."""
    subtotal = models.BigIntegerField(_("subtotal"))
    tax = models.BigIntegerField(_("tax"))
    total = models.BigIntegerField(_("total"))
    """All five in yen."""
    passed = models.JSONField(_("thresholds passed"))
    """As `renewals.issue.thresholds` says them."""
    rates = models.JSONField(_("cost rates"), default=dict)
    """By product code: percent of the list amount as text, on the day. For those who see margins."""
    read = models.JSONField(_("warnings read"), default=list)
    """`[{license_id, code, mark}]`: what whoever asked has ticked, and beside which sentences (R17)."""
    draft_version = models.PositiveIntegerField(_("version of the draft"), null=True)
    """That of the draft of the same key which it says; None: there was none."""
    message = models.TextField(_("message"), max_length=1000, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    drafted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("drafted by")
    )
    changed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("last changed by")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("answered by")
    )
    decided_at = models.DateTimeField(_("answered at"), null=True)
    words = models.TextField(_("words of the answer"), max_length=1000, blank=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("withdrawn by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    class Meta:
        verbose_name = _("request for approval")
        verbose_name_plural = _("requests for approval")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["reseller", "state"], name="approval_by_state")]
        constraints = [
            models.UniqueConstraint(name="approval_round_once", fields=["key", "round"]),
            models.UniqueConstraint(name="approval_one_waiting", fields=["key"], condition=Q(state="waiting")),
            models.CheckConstraint(
                name="approval_by_another",
                condition=Q(decided_by__isnull=True)
                | (
                    ~Q(decided_by=F("asked_by"))
                    & (Q(drafted_by__isnull=True) | ~Q(decided_by=F("drafted_by")))
                    & (Q(changed_by__isnull=True) | ~Q(decided_by=F("changed_by")))
                ),
                violation_error_message=_("Nobody approves what they themselves asked for, drafted or changed last."),
            ),
            models.CheckConstraint(
                name="approval_answered_by_somebody",
                condition=Q(state__in=["approved", "sent_back"], decided_by__isnull=False, decided_at__isnull=False)
                | Q(state__in=["waiting", "withdrawn"], decided_by__isnull=True, decided_at__isnull=True),
            ),
            models.CheckConstraint(
                name="approval_withdrawn_by_somebody",
                condition=Q(state="withdrawn", withdrawn_by__isnull=False, withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="approval_sent_back_with_words",
                condition=~Q(state="sent_back") | ~Q(words=""),
                violation_error_message=_("Say why it is sent back."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.license_codes} {self.round}"
