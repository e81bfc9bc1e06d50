"""Lists of what is held that were uploaded or pasted: what they hold, what is wrong with them, and what they change."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.jobs.models import Batch

from .customers import Customer
from .licenses import Product
from .people import User
from .resellers import Reseller


class HeldImport(models.Model):
    """One list for one reseller. It is checked in the background, looked at, and then written as a whole or not."""

    key = models.UUIDField(_("key"), unique=True, default=uuid.uuid4, editable=False)
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+", verbose_name=_("reseller"))
    file_name = models.CharField(_("file name"), max_length=255, blank=True, help_text=_("Empty: pasted rows."))
    content = models.BinaryField(_("file"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    sheet = models.PositiveIntegerField(_("sheet"), null=True, help_text=_("Its position, where somebody chose one."))
    fields = models.JSONField(_("columns"), default=dict, help_text=_("By column, what it holds."))
    is_whole = models.BooleanField(_("the list is complete"), default=False)
    answers = models.JSONField(_("answers"), default=dict, help_text=_("Customers and products that were chosen."))
    questions = models.JSONField(_("questions"), default=list)
    counts = models.JSONField(_("counts"), default=dict)
    error_count = models.PositiveIntegerField(_("errors"), default=0)
    wrong_rows = models.PositiveIntegerField(_("wrong rows"), default=0)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"))
    check_batch = models.OneToOneField(
        Batch, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("check")
    )
    confirm_batch = models.OneToOneField(
        Batch, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("confirmation")
    )
    undo_batch = models.OneToOneField(
        Batch, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("undoing")
    )
    removes_gone = models.BooleanField(_("removes what is gone"), default=False)
    written_at = models.DateTimeField(_("written at"), null=True)
    undone_at = models.DateTimeField(_("undone at"), null=True)

    class Meta:
        verbose_name = _("imported list")
        verbose_name_plural = _("imported lists")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name or str(_("Pasted rows"))

    @property
    def open_questions(self) -> int:
        """How many questions are not answered yet."""
        return sum(question["key"] not in self.answers for question in self.questions)


class HeldProblem(models.Model):
    """What is wrong with a cell of a list, or worth knowing of it."""

    held_import = models.ForeignKey(
        HeldImport, on_delete=models.CASCADE, related_name="problems", verbose_name=_("imported list")
    )
    is_error = models.BooleanField(_("error"), default=True)
    is_ended = models.BooleanField(_("not held any more"), default=False, help_text=_("By the state in the list."))
    row = models.PositiveIntegerField(_("row"), help_text=_("As spreadsheet programs show it; 0: the whole file."))
    column = models.CharField(_("column"), max_length=200, blank=True)
    value = models.CharField(_("value"), max_length=200, blank=True)
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("problem of an imported list")
        verbose_name_plural = _("problems of imported lists")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.row}: {self.reason}"


class HeldChange(models.Model):
    """What a list changes of one customer, contact, license ID or holding.

    A list has as many as rows and more. So the rows stand in the order in which they are shown, with one index, and
    what they point to is looked for when they are used, not watched over by the database.
    """

    class Kind(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        GONE = "gone", pgettext_lazy("of a holding, by a list", "gone")

    class Subject(models.TextChoices):
        CUSTOMER = "customer", _("customer")
        CONTACT = "contact", pgettext_lazy("of a customer", "contact")
        LICENSE_ID = "license_id", _("license ID")
        HOLDING = "holding", _("holding")

    held_import = models.ForeignKey(
        HeldImport,
        on_delete=models.CASCADE,
        related_name="changes",
        verbose_name=_("imported list"),
        db_index=False,
        db_constraint=False,
    )
    subject = models.CharField(_("of what"), max_length=10, choices=Subject.choices)
    kind = models.CharField(_("change"), max_length=10, choices=Kind.choices)
    row = models.PositiveIntegerField(_("row"), default=0)
    customer = models.ForeignKey(
        Customer,
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        verbose_name=_("customer"),
        db_index=False,
        db_constraint=False,
    )
    customer_name = models.CharField(_("company name"), max_length=200)
    code = models.CharField(_("license ID"), max_length=40, blank=True)
    product = models.ForeignKey(
        Product,
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        verbose_name=_("product"),
        db_index=False,
        db_constraint=False,
    )
    old = models.JSONField(_("before"), null=True)
    new = models.JSONField(_("after"), null=True)
    object_pk = models.BigIntegerField(_("row number"), null=True)

    class Meta:
        verbose_name = _("change by an imported list")
        verbose_name_plural = _("changes by imported lists")
        ordering = ["pk"]
        indexes = [models.Index(fields=["held_import", "id"], name="held_change_of_import")]

    def __str__(self) -> str:
        return f"{self.customer_name} {self.code}"


class HeldLayout(models.Model):
    """Which columns of lists with these names a reseller has said to be which."""

    reseller = models.ForeignKey(
        Reseller, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("reseller")
    )
    names_key = models.CharField(_("row of names"), max_length=64)
    fields = models.JSONField(_("columns"), default=dict)

    class Meta:
        verbose_name = _("known layout of lists")
        verbose_name_plural = _("known layouts of lists")
        constraints = [
            models.UniqueConstraint(
                name="held_layout_once",
                fields=["reseller", "names_key"],
                violation_error_message=_("This layout is known already."),
            )
        ]

    def __str__(self) -> str:
        return self.names_key[:8]
