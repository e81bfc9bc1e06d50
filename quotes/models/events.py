"""What happened to quotes and comparisons: an append-only log in which each entry seals the one before it."""

from collections.abc import Iterable
from ipaddress import IPv6Address
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from licensing.models import Reseller, User

from .comparisons import Comparison
from .digests import digest
from .records import Quote, Record
from .sharing import Shared, ShareLink


class EventChain(models.Model):
    """Where a reseller's log ends: the next entry names its hash. Locked while an entry is added."""

    reseller = models.OneToOneField(
        Reseller, on_delete=models.PROTECT, primary_key=True, related_name="+", verbose_name=_("reseller")
    )
    last_position = models.PositiveBigIntegerField(_("last position"), default=0)
    last_hash = models.CharField(_("last hash"), max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("event log")
        verbose_name_plural = _("event logs")

    def __str__(self) -> str:
        return f"{self.reseller_id}: {self.last_position}"


class QuoteEvent(Record):
    """What happened to a quote or a comparison, and who did it. Only ever added to, by `quotes.record.events`."""

    class Kind(models.TextChoices):
        ISSUED = "issued", _("issued")
        SUPERSEDED = "superseded", _("superseded by a revision")
        WITHDRAWN = "withdrawn", _("withdrawn")
        ORDERED = "ordered", _("recorded as ordered")
        LOST = "lost", _("recorded as lost")
        ORDER_FILE_KEPT = "order_file_kept", _("file of the order kept")
        ORDER_ACKNOWLEDGED = "order_acknowledged", _("acknowledgement of the order made")
        CARRIED_OUT = "carried_out", _("holdings brought to what was ordered")
        CARRY_OUT_UNDONE = "carry_out_undone", _("change of the holdings taken back")
        REOPENED = "reopened", _("outcome taken back")
        VIEWED = "viewed", _("seen by the customer")
        FETCHED = "fetched", _("fetched by a program")
        DOWNLOADED = "downloaded", _("PDF downloaded")
        ORDER_WISHED = "order_wished", _("customer wishes to order")
        DECLINED = "declined", _("declined by the customer")
        LINK_MADE = "link_made", _("share link made")
        LINK_REVOKED = "link_revoked", _("share link revoked")
        MAIL_QUEUED = "mail_queued", _("e-mail queued")
        MAIL_SENT = "mail_sent", _("e-mail sent")
        MAIL_FAILED = "mail_failed", _("e-mail not delivered")
        COMPARED = "compared", _("comparison made")
        CHOSEN = "chosen", _("alternative chosen by the customer")
        QUOTED = "quoted", _("quote issued from the comparison")
        CLOCK_CONFIRMED = "clock_confirmed", _("clock confirmed by the operator")

    quote = models.ForeignKey(
        Quote, on_delete=models.PROTECT, null=True, related_name="events", verbose_name=_("quote")
    )
    """None where it happened to a comparison."""
    comparison = models.ForeignKey(
        Comparison, on_delete=models.PROTECT, null=True, related_name="events", verbose_name=_("comparison")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("by"))
    """None for somebody with a share link, and for what the portal does by itself."""
    by_name = models.CharField(_("by"), max_length=200)
    link = models.ForeignKey(
        ShareLink, on_delete=models.PROTECT, related_name="events", null=True, verbose_name=_("share link")
    )
    ip = models.GenericIPAddressField(_("IP address"), null=True)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True, default="")
    detail = models.JSONField(_("details"), default=dict)

    reseller = models.ForeignKey(
        Reseller, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("reseller")
    )
    """Whose log it stands in: the quote's."""
    position = models.PositiveBigIntegerField(_("position"))
    """In the reseller's log: 1, 2, 3 … without gaps."""
    previous_hash = models.CharField(_("hash of the entry before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(name="quote_event_position_unique", fields=["reseller", "position"]),
            models.CheckConstraint(
                name="quote_event_first_follows_nothing",
                condition=Q(position=1, previous_hash="") | (Q(position__gt=1) & ~Q(previous_hash="")),
            ),
            models.CheckConstraint(name="quote_event_has_hash", condition=~Q(hash="")),
            models.CheckConstraint(
                name="quote_event_of_one",
                condition=Q(quote__isnull=False, comparison__isnull=True)
                | Q(quote__isnull=True, comparison__isnull=False),
            ),
        ]

    @property
    def about(self) -> Shared:
        """What it happened to."""
        about = self.quote or self.comparison
        if about is None:
            raise ValueError("an entry about nothing")
        return about

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {date_format(self.at.astimezone(get_current_timezone()), 'Y-m-d H:i')}"


def event_hash(event: Any) -> str:
    """SHA-256 over all that an entry says and the hash of the one before it: whoever alters one breaks all that follow.

    Never change what goes in: entries already written keep their hash.
    """
    return digest(
        [
            event.reseller_id,
            event.position,
            event.previous_hash,
            event.quote_id,
            event.kind,
            event.at,
            event.by_id,
            event.by_name,
            event.link_id,
            str(event.ip or ""),
            event.user_agent,
            event.detail,
            *([] if event.comparison_id is None else [event.comparison_id]),
        ]
    )


def is_sealed(event: Any) -> bool:
    """Whether an entry read from the database is what its hash says.

    Until addresses were brought to one form before sealing, `::ffff:7f00:1` was hashed where the database gives back
    `::ffff:127.0.0.1`: the same address, so such an entry is what it was.
    """
    sealed: str = event.hash
    if event_hash(event) == sealed:
        return True
    written = str(event.ip or "")
    if not written.startswith("::ffff:"):
        return False
    within = int(IPv6Address(written)) & 0xFFFFFFFF
    event.ip = f"::ffff:{within >> 16:x}:{within & 0xFFFF:x}"
    try:
        return event_hash(event) == sealed
    finally:
        event.ip = written


QUOTE_FIELDS = (
    "key reseller_id customer_id price_list_id issued_by_id month sequence revision number revises_id "
    "check_code issued_at issued_on valid_until retain_until customer_name license_codes issued_by_name subject "
    "is_sample subtotal tax total asked document acknowledged trace"
).split()
PART_FIELDS = "position licenseid_id license_code years is_reduced subtotal".split()
LINE_FIELDS = (
    "position kind product_id product_code product_name unit held_quantity quantity rank renewal_price addition_price "
    "years discount_percent amount support_expires_on term_from term_until"
).split()
HOLDING_FIELDS = "holding term_from term_until".split()


def record_hash(quote: Any, parts: Iterable[Any], lines: Iterable[Any], holdings: Iterable[Any]) -> str:
    """SHA-256 over an issued quote with its license IDs, lines and holdings in their order: the issue's event has it.

    Never change what goes in: quotes already issued keep their hash.
    """
    parts = list(parts)
    positions = {part.pk: part.position for part in parts}
    return digest(
        [
            [getattr(quote, name) for name in QUOTE_FIELDS],
            [[getattr(part, name) for name in PART_FIELDS] for part in parts],
            [[positions.get(line.part_id), *(getattr(line, name) for name in LINE_FIELDS)] for line in lines],
            [[positions.get(row.part_id), *(getattr(row, name) for name in HOLDING_FIELDS)] for row in holdings],
        ]
    )
