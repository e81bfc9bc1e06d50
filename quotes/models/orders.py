"""Papers of an order: the customer's (注文書), kept as it came, and the acknowledgement (注文請書) that answers it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from licensing.models import User

from .records import CHECK_LENGTH, Quote, Record


class OrderFile(Record):
    """One file of an order, byte for byte. A wrong one stays; the next one takes its place.

    It is found by the day of the order here, and by total and customer of its quote, which never change.
    """

    class MediaType(models.TextChoices):
        PDF = "application/pdf", "PDF"
        PNG = "image/png", "PNG"
        JPEG = "image/jpeg", "JPEG"

    key = models.UUIDField(_("key"), unique=True, editable=False)
    """Names the file in addresses and in the log."""
    quote = models.ForeignKey(
        Quote, on_delete=models.PROTECT, related_name="order_files", db_index=False, verbose_name=_("quote")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    """Of the quote's files: 1, 2, 3 … as they came."""
    supersedes = models.PositiveSmallIntegerField(_("in the place of"), null=True)
    """The position of the file that was wrong; None: it stands beside the others."""
    ordered_on = models.DateField(_("order day"))
    """As it was recorded when the file was kept."""
    file_name = models.CharField(_("file"), max_length=200)
    """As it was called where it came from."""
    media_type = models.CharField(_("kind of file"), max_length=20, choices=MediaType.choices)
    """What its content is, whatever its name says."""
    size = models.PositiveIntegerField(_("size in bytes"))
    content = models.BinaryField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    kept_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("kept by"))
    kept_at = models.DateTimeField(_("kept at"))

    class Meta:
        verbose_name = _("file of an order")
        verbose_name_plural = _("files of orders")
        ordering = ["position"]
        indexes = [models.Index(fields=["ordered_on"], name="order_file_by_day")]
        constraints = [
            models.UniqueConstraint(name="order_file_position_unique", fields=["quote", "position"]),
            models.UniqueConstraint(
                name="order_file_superseded_once",
                fields=["quote", "supersedes"],
                violation_error_message=_("Another file has taken the place of this one already."),
            ),
            models.CheckConstraint(name="order_file_position_counts", condition=Q(position__gte=1)),
            models.CheckConstraint(
                name="order_file_supersedes_an_earlier",
                condition=Q(supersedes__isnull=True) | Q(supersedes__gte=1, supersedes__lt=F("position")),
            ),
            models.CheckConstraint(
                name="order_file_kind_known",
                condition=Q(media_type__in=["application/pdf", "image/png", "image/jpeg"]),
                violation_error_message=_("An order is kept as PDF, PNG or JPEG."),
            ),
            models.CheckConstraint(name="order_file_not_empty", condition=Q(size__gte=1)),
            models.CheckConstraint(name="order_file_has_hash", condition=~Q(sha256="")),
        ]

    def __str__(self) -> str:
        return self.file_name


class Acknowledgement(Record):
    """The acknowledgement of an order (注文請書), as it was made: once for what the order says, byte for byte.

    Where an order was taken back and recorded with another day or number, the next one takes its place.
    """

    key = models.UUIDField(_("key"), unique=True, editable=False)
    quote = models.ForeignKey(
        Quote, on_delete=models.PROTECT, related_name="acknowledgements", db_index=False, verbose_name=_("quote")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    """Of the quote's acknowledgements: 1, 2, 3 …"""
    number = models.CharField(_("number"), max_length=30)
    """Its own: `A2611-0042-00-1`, by the quote's number and the position."""
    ordered_on = models.DateField(_("order day"))
    order_number = models.CharField(_("customer's order number"), max_length=100, blank=True, default="")
    content = models.BinaryField(_("PDF"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    check_code = models.CharField(_("check code"), max_length=CHECK_LENGTH, null=True, unique=True, editable=False)
    """As that of a quote. None for those made before they had one."""
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("acknowledgement of an order")
        verbose_name_plural = _("acknowledgements of orders")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="acknowledgement_position_unique", fields=["quote", "position"]),
            models.CheckConstraint(name="acknowledgement_position_counts", condition=Q(position__gte=1)),
            models.CheckConstraint(name="acknowledgement_has_hash", condition=~Q(sha256="")),
        ]

    def __str__(self) -> str:
        return self.number
