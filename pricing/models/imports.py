"""Price files that were uploaded: the file, what it holds, what is wrong with it, and the draft that came of it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.jobs.models import Batch
from licensing.models import User

from .lists import PriceList


class PriceImport(models.Model):
    """One upload. It is checked in the background, looked at, and then becomes one draft or nothing."""

    key = models.UUIDField(_("key"), unique=True, default=uuid.uuid4, editable=False)
    file_name = models.CharField(_("file name"), max_length=255)
    content = models.BinaryField(_("file"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))
    based_on = models.ForeignKey(
        PriceList, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("based on")
    )
    name = models.CharField(_("name of the new draft"), max_length=100)
    effective_on = models.DateField(_("effective on"))
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"))
    check_batch = models.OneToOneField(
        Batch, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("check")
    )
    confirm_batch = models.OneToOneField(
        Batch, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("confirmation")
    )
    new_products = models.JSONField(
        _("new products"),
        default=dict,
        help_text=_("Products and programmes that the portal does not know; they are made on confirmation."),
    )
    is_sample = models.BooleanField(_("sample prices"), default=False)
    error_count = models.PositiveIntegerField(_("errors"), default=0)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    summary = models.JSONField(
        _("summary"),
        default=dict,
        help_text=_("How much there is, and what the linter will ask about it, by code."),
    )
    draft = models.ForeignKey(
        PriceList, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("draft made from it")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)

    class Meta:
        verbose_name = _("uploaded price file")
        verbose_name_plural = _("uploaded price files")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["sha256"], name="price_import_by_content")]

    def __str__(self) -> str:
        return self.file_name


class ImportProblem(models.Model):
    """What is wrong with a cell of the file, or worth knowing of it."""

    price_import = models.ForeignKey(
        PriceImport, on_delete=models.CASCADE, related_name="problems", verbose_name=_("uploaded price file")
    )
    is_error = models.BooleanField(_("error"), default=True)
    row = models.PositiveIntegerField(_("row"), help_text=_("As spreadsheet programs show it; 0: the whole file."))
    column = models.CharField(_("column"), max_length=200, blank=True)
    value = models.CharField(_("value"), max_length=200, blank=True)
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("problem of a price file")
        verbose_name_plural = _("problems of price files")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.row}: {self.reason}"


class ImportedTable(models.Model):
    """One product's prices, as they were in the list compared with and as they are in the file."""

    class Kind(models.TextChoices):
        ADDED = "added", _("added")
        REMOVED = "removed", _("removed")
        CHANGED = "changed", _("changed")
        ENDED = "ended", _("not sold any more")
        SAME = "same", _("unchanged")

    price_import = models.ForeignKey(
        PriceImport,
        on_delete=models.CASCADE,
        related_name="tables",
        db_index=False,
        verbose_name=_("uploaded price file"),
    )
    product_code = models.CharField(_("product code"), max_length=40)
    kind = models.CharField(_("difference"), max_length=10, choices=Kind.choices)
    old = models.JSONField(_("before"), null=True)
    new = models.JSONField(_("after"), null=True)
    largest_percent = models.DecimalField(
        _("largest change of a price in percent"), max_digits=12, decimal_places=1, default=0
    )

    class Meta:
        verbose_name = _("product in a price file")
        verbose_name_plural = _("products in price files")
        ordering = ["product_code"]
        constraints = [
            models.UniqueConstraint(
                name="imported_table_once",
                fields=["price_import", "product_code"],
                violation_error_message=_("The product is in this file already."),
            ),
            models.CheckConstraint(
                name="imported_table_something",
                condition=Q(old__isnull=False) | Q(new__isnull=False),
                violation_error_message=_("The product has prices neither before nor after."),
            ),
        ]

    def __str__(self) -> str:
        return self.product_code
