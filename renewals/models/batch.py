"""Many quotes in one go (一括見積): a run, and a row for each quote that is to come of it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.jobs.models import Batch
from licensing.models import Customer, Reseller, User


class QuoteRun(models.Model):
    """What was chosen to be quoted, and how. It has no numbers: quotes get theirs when they are issued."""

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+", verbose_name=_("reseller"))
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("started by"))
    created_at = models.DateTimeField(_("started at"))
    is_per_customer = models.BooleanField(_("one quote per customer"), default=False)
    """Else one per license ID."""
    years = models.PositiveSmallIntegerField(_("term"), default=1)
    note = models.TextField(_("note to the customer"), max_length=1000, blank=True)
    payment_terms = models.CharField(_("payment terms"), max_length=200, blank=True)
    delivery = models.CharField(_("delivery"), max_length=200, blank=True)
    remarks = models.TextField(_("remarks"), max_length=1000, blank=True)
    """Empty, as are the two before: as the reseller always says."""
    valid_days = models.PositiveSmallIntegerField(_("validity in days"), null=True, blank=True)
    """None: as long as the reseller's quotes always are."""
    with_calculation = models.BooleanField(_("with the calculation"), default=False)
    as_confirmed = models.BooleanField(_("as the customer confirmed"), default=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    """Grows whenever a row says something else than before: who ticks for many rows has seen the last one."""

    class Meta:
        verbose_name = _("batch of quotes")
        verbose_name_plural = _("batches of quotes")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d} {self.key}"


class QuoteRunWork(models.Model):
    """What the background does for a run."""

    class Kind(models.TextChoices):
        PRICE = "price", _("pricing")
        ISSUE = "issue", _("issuing")
        SEND = "send", _("sending")
        FILES = "files", _("putting files together")

    run = models.ForeignKey(QuoteRun, on_delete=models.CASCADE, related_name="works", verbose_name=_("batch of quotes"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    batch = models.OneToOneField(Batch, on_delete=models.CASCADE, related_name="+", verbose_name=_("background work"))
    file_name = models.CharField(_("file"), max_length=40, blank=True)
    """What it made, in EXPORT_ROOT; the worker removes it after a day."""

    class Meta:
        verbose_name = _("work for a batch of quotes")
        verbose_name_plural = _("work for batches of quotes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.run_id} {self.kind}"


class QuoteRunLetter(models.Model):
    """One letter to a customer, with all their quotes of a run that were not sent yet."""

    run = models.ForeignKey(
        QuoteRun, on_delete=models.CASCADE, related_name="letters", verbose_name=_("batch of quotes")
    )
    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    """Of the e-mail: it goes out once."""
    customer_name = models.CharField(_("customer"), max_length=200)
    to = models.EmailField(_("to"))
    to_name = models.CharField(_("name"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=2)
    work = models.ForeignKey(QuoteRunWork, on_delete=models.CASCADE, related_name="letters", verbose_name=_("sending"))

    class Meta:
        verbose_name = _("letter of a batch of quotes")
        verbose_name_plural = _("letters of batches of quotes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.customer_name} {self.to}"


class QuoteRunRow(models.Model):
    """One quote that is to come of a run. Its key is the draft's, where it was opened, and becomes the quote's."""

    class State(models.TextChoices):
        WAITING = "waiting", _("not priced yet")
        READY = "ready", _("ready")
        LOOK = "look", _("to be looked at")
        APPROVAL = "approval", _("needs approval")
        REFUSED = "refused", _("refused")
        ISSUED = "issued", _("issued")

    run = models.ForeignKey(
        QuoteRun, on_delete=models.CASCADE, related_name="rows", db_index=False, verbose_name=_("batch of quotes")
    )
    position = models.PositiveIntegerField(_("position"))
    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("customer")
    )
    customer_name = models.CharField(_("customer"), max_length=200)
    license_ids = models.JSONField(_("license IDs"))
    """Their row numbers, in the order in which they are quoted."""
    license_codes = models.TextField(_("license IDs"))
    """Their codes, with CODES_BETWEEN between them."""
    asked = models.JSONField(_("what is wanted"), null=True)
    """`renewals.asked.Asked`, as its `to_json` writes it; None before it was priced."""
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    is_left_out = models.BooleanField(_("left out"), default=False)
    total = models.BigIntegerField(_("total"), null=True)
    """Yen, tax included; None where it is refused."""
    subtotal = models.BigIntegerField(_("subtotal"), null=True, editable=False)
    """Yen without tax that it is offered at, where its margin is known; else this and the next three are None. They are
    for those who see margins, and in no form of the administration.
    """
    covered = models.BigIntegerField(_("of which with a cost"), null=True, editable=False)
    cost = models.BigIntegerField(_("cost"), null=True, editable=False)
    """Of what is covered."""
    uncovered_lines = models.PositiveIntegerField(_("lines without a cost"), null=True, editable=False)
    price_list = models.CharField(_("price list"), max_length=100, blank=True)
    problems = models.JSONField(_("refusals and warnings"), default=list)
    """Each as `renewals/batch/telling.py` says, in both languages, with what to do."""
    read = models.JSONField(_("what was read"), default=list)
    """`[{license_id, code, mark, by, by_name, at}]`: who ticked which warning, and beside which sentences (R17)."""
    unread = models.CharField(_("unread"), max_length=1000, blank=True)
    """Codes of what is still to be read, each between spaces; of a refused row those of the refusals."""
    changed = models.JSONField(_("changed since the review"), default=dict)
    """`{ja, en}`, empty where nothing has."""
    approval = models.JSONField(_("approval"), default=dict)
    """Of a row that needs one: `{passed, standing}`, see `renewals/batch/rows.py`; empty where it needs none."""
    draft_version = models.PositiveIntegerField(_("version of the draft"), null=True)
    """That of the draft with the same key which it says; None: of none."""
    work = models.ForeignKey(
        QuoteRunWork, on_delete=models.SET_NULL, null=True, related_name="rows", verbose_name=_("issuing")
    )
    """By which it is to be issued, or was."""
    letter = models.ForeignKey(
        QuoteRunLetter, on_delete=models.SET_NULL, null=True, related_name="rows", verbose_name=_("letter")
    )
    """By which its quote is sent; None: not from here."""

    class Meta:
        verbose_name = _("row of a batch of quotes")
        verbose_name_plural = _("rows of batches of quotes")
        ordering = ["position"]
        indexes = [
            models.Index(fields=["run", "state"], name="quote_run_row_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(name="quote_run_row_position", fields=["run", "position"]),
            models.CheckConstraint(
                name="quote_run_row_ready_is_priced",
                condition=~Q(state="ready") | Q(total__isnull=False, asked__isnull=False),
                violation_error_message=_("What is ready has an amount."),
            ),
        ]

    def __str__(self) -> str:
        return self.license_codes
