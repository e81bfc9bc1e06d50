"""The renewal desk: its rows, what staff enter on them, and what the database notes for them.

`DeskRow` says nothing that does not follow from other tables (`renewals.desk.facts`): it can be thrown away and made
anew at any time. What somebody entered is a fact of its own, in `DeskEntry`.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.text.validators import validate_printable
from licensing.models import Customer, LicenseID, Reseller, User


class Stage(models.TextChoices):
    """How far a renewal is, in the order in which it gets on; what ends it otherwise comes last."""

    OPEN = "open", pgettext_lazy("stage of a renewal", "not begun")
    ASKED = "asked", pgettext_lazy("stage of a renewal", "quantities asked")
    ANSWERED = "answered", pgettext_lazy("stage of a renewal", "quantities answered")
    CHOSEN = "chosen", pgettext_lazy("stage of a renewal", "plan chosen")
    DRAFTED = "drafted", pgettext_lazy("stage of a renewal", "draft")
    QUOTED = "quoted", pgettext_lazy("stage of a renewal", "quoted")
    SENT = "sent", pgettext_lazy("stage of a renewal", "sent")
    SEEN = "seen", pgettext_lazy("stage of a renewal", "seen")
    WISHED = "wished", pgettext_lazy("stage of a renewal", "order wished")
    ORDERED = "ordered", pgettext_lazy("stage of a renewal", "ordered")
    DONE = "done", pgettext_lazy("stage of a renewal", "carried out")
    LOST = "lost", pgettext_lazy("stage of a renewal", "lost")
    DECLINED = "declined", pgettext_lazy("stage of a renewal", "not renewed")
    LAPSED = "lapsed", pgettext_lazy("stage of a renewal", "lapsed")


STAGES = tuple(stage.value for stage in Stage)
"""In their order: a row holds the place of its stage here beside it, to sort by."""


class Step(models.TextChoices):
    """What is to be done next; each row has exactly one."""

    QUOTE = "quote", _("Make a quote")
    WAIT_ANSWER = "wait-answer", _("Wait for the quantities")
    QUOTE_ANSWERED = "quote-answered", _("Quote what was answered")
    ISSUE_CHOSEN = "issue-chosen", _("Issue the chosen plan")
    FINISH_DRAFT = "finish-draft", _("Issue the draft")
    SEND = "send", _("Send the quote")
    ASK_AGAIN = "ask-again", _("Ask how it stands")
    QUOTE_AGAIN = "quote-again", _("Quote anew")
    RECORD_ORDER = "record-order", _("Record the order")
    RECORD_LOSS = "record-loss", _("Record the loss")
    CARRY_OUT = "carry-out", _("Carry out the order")
    FOLLOW_UP = "follow-up", _("Follow up")
    NOTHING = "nothing", _("Nothing more")


class DeskEntry(models.Model):
    """What staff entered for one license ID and expiry."""

    licenseid = models.ForeignKey(
        LicenseID, on_delete=models.CASCADE, related_name="desk_entries", db_index=False, verbose_name=_("license ID")
    )
    expires_on = models.DateField(_("support expiry"))
    follow_up_on = models.DateField(_("follow-up day"), null=True, blank=True)
    note = models.CharField(_("internal note"), max_length=500, blank=True, validators=[validate_printable])
    declined_reason = models.CharField(
        _("reason why it is not renewed"), max_length=500, blank=True, validators=[validate_printable]
    )
    declined_at = models.DateTimeField(_("not renewed since"), null=True, blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("entry on a renewal")
        verbose_name_plural = _("entries on renewals")
        constraints = [
            models.UniqueConstraint(name="desk_entry_once", fields=["licenseid", "expires_on"]),
            models.CheckConstraint(
                name="desk_entry_declined_with_reason",
                condition=Q(declined_at__isnull=True, declined_reason="")
                | Q(declined_at__isnull=False) & ~Q(declined_reason=""),
                violation_error_message=_("Say why it is not renewed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licenseid_id} {self.expires_on}"


def _points_to(model: Any, **how: Any) -> Any:
    """No constraint: a row that points to what is gone goes at the next refresh, and stands in nobody's way."""
    return models.ForeignKey(model, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", **how)


class DeskRow(models.Model):
    """One license ID and one expiry. Written by `renewals.desk.refresh` only."""

    licenseid = _points_to(LicenseID, db_index=False)
    expires_on = models.DateField()
    reseller = _points_to(Reseller, db_index=False)
    customer = _points_to(Customer)
    owner = _points_to(User, null=True, db_index=False)
    code = models.CharField(max_length=40)
    customer_name = models.CharField(max_length=200)
    customer_order = models.CharField(max_length=401)
    """Kana and name: what customers are sorted by."""
    stage = models.CharField(max_length=10, choices=Stage.choices)
    stage_place = models.SmallIntegerField()
    amount = models.BigIntegerField(null=True)
    """Yen, tax excluded: all of it renewed as held for one year, at the list in force on the day of expiry; of what was
    carried out, what its quote said. None: it cannot be priced."""
    amount_problem = models.CharField(max_length=40, default="")
    """Why not: the code of the engine's refusal."""
    held = models.CharField(max_length=200, default="")
    """What expires, the largest first: `12:40 15:3` are products' row numbers and quantities."""
    held_count = models.PositiveIntegerField()
    programmes = models.CharField(max_length=300)
    """Row numbers of the programmes, with a space before and after each."""
    search_key = models.TextField(default="")
    search_pairs = models.TextField(default="")
    """Every two characters that follow one another in the words of the key, once, with spaces between."""
    step = models.CharField(max_length=20, choices=Step.choices)
    step_on = models.DateField(null=True)
    """The day by which it is to be done."""
    moved_at = models.DateTimeField(null=True)
    """When something last happened to it."""
    movement = models.CharField(max_length=20, default="")
    """What: a kind of `QuoteEvent`, or `draft`, `declined`, `asked`, `answered`."""
    quote_key = models.CharField(max_length=36, default="")
    quote_number = models.CharField(max_length=20, default="")
    draft_key = models.CharField(max_length=36, default="")
    follow_up_on = models.DateField(null=True)
    note = models.CharField(max_length=500, default="")
    declined_reason = models.CharField(max_length=500, default="")
    alters_on = models.DateField(null=True)
    """The day on which it changes although nothing happens."""

    class Meta:
        verbose_name = _("renewal")
        verbose_name_plural = _("renewals")
        constraints = [models.UniqueConstraint(name="desk_row_once", fields=["licenseid", "expires_on"])]
        indexes = [
            models.Index(fields=["reseller", "expires_on", "id"], name="desk_by_expiry"),
            models.Index(fields=["reseller", "owner", "expires_on", "id"], name="desk_by_owner"),
            models.Index(fields=["reseller", "stage_place", "expires_on", "id"], name="desk_by_stage"),
            models.Index(fields=["reseller", "amount", "id"], name="desk_by_amount"),
            models.Index(fields=["reseller", "customer_order", "id"], name="desk_by_customer"),
            models.Index(fields=["reseller", "code", "id"], name="desk_by_code"),
            models.Index(fields=["reseller", "step_on", "id"], name="desk_by_step"),
            models.Index(fields=["reseller", "moved_at", "id"], name="desk_by_movement"),
            models.Index(fields=["alters_on", "reseller"], name="desk_by_change", condition=Q(alters_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.expires_on}"


class DeskMark(models.Model):
    """What makes rows stale: the database itself adds these (`.protection`), a refresh takes them away.

    Either of one license ID and its reseller, or of all that a price list, product or programme concerns.
    """

    licenseid = models.BigIntegerField(null=True)
    reseller = models.BigIntegerField(null=True)
    expires_from = models.DateField(null=True)
    """Of a price list: every row that expires on this day or later is priced anew."""
    product = models.BigIntegerField(null=True)
    programme = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("mark of a stale renewal")
        verbose_name_plural = _("marks of stale renewals")
        indexes = [
            models.Index(fields=["reseller", "id"], name="desk_mark_by_reseller"),
            models.Index(fields=["licenseid"], name="desk_mark_by_license_id"),
        ]

    def __str__(self) -> str:
        return str(self.licenseid)


class DeskCount(models.Model):
    """How many rows there are of an owner, a day and a stage, and their yen: the sum of all that was ever added.

    A refresh adds what has become more or less; now and then what belongs together is put together.
    """

    reseller = models.BigIntegerField()
    owner = models.BigIntegerField(null=True)
    expires_on = models.DateField()
    stage = models.CharField(max_length=10)
    rows = models.IntegerField()
    yen = models.BigIntegerField()

    class Meta:
        verbose_name = _("count of renewals")
        verbose_name_plural = _("counts of renewals")
        indexes = [models.Index(fields=["reseller", "expires_on"], name="desk_count_by_day")]

    def __str__(self) -> str:
        return f"{self.stage} {self.rows}"


MOST_FILTERS = 20
LONGEST_KEPT = 1000
"""Characters of a filter's query string; a kanji takes nine."""


class DeskFilter(models.Model):
    """A filter that somebody keeps under a name."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="desk_filters",
        db_index=False,
        verbose_name=_("user"),
    )
    name = models.CharField(_("name of the filter"), max_length=60, validators=[validate_printable])
    query = models.CharField(max_length=LONGEST_KEPT, blank=True)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(name="desk_filter_name_once", fields=["user", "name"])]

    def __str__(self) -> str:
        return self.name


class DeskTable(models.Model):
    """How somebody wants to see the list: columns and rows of a page."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_table", primary_key=True
    )
    hidden = models.JSONField(default=list)
    """Names of columns that are not shown."""
    per_page = models.PositiveSmallIntegerField(default=50)

    class Meta:
        verbose_name = _("columns of the list of renewals")
        verbose_name_plural = _("columns of the list of renewals")

    def __str__(self) -> str:
        return str(self.user_id)
