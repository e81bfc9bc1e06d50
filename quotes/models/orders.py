"""What the customer ordered with: their order (注文書) as a file, kept as it came."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from licensing.models import User

from .records import Quote, Record


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
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="order_files", verbose_name=_("quote"))
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
