"""Records that somebody found and took out as a file."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.jobs.models import Batch
from licensing.models import Reseller


class RecordExport(models.Model):
    """One export: who asked for what, and the file that a worker wrote. The row stays when the file is gone."""

    class Form(models.TextChoices):
        ZIP = "zip", _("ZIP: the PDFs and an index")
        XLSX = "xlsx", _("XLSX: the index")
        CSV = "csv", _("CSV: the index, UTF-8")
        CP932 = "cp932", _("CSV: the index, Shift_JIS (cp932)")

    key = models.UUIDField(_("key"), unique=True, default=uuid.uuid4, editable=False)
    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, related_name="+", verbose_name=_("background work"))
    reseller = models.ForeignKey(
        Reseller, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("reseller")
    )
    """Whose staff may fetch it; None: only the portal admin who asked for it."""
    form = models.CharField(_("format"), max_length=10, choices=Form.choices)
    criteria = models.JSONField(_("searched for"), default=dict)
    """`quotes.archive.search.RecordSearch`, as JSON."""
    quote_count = models.PositiveIntegerField(_("quotes"))
    """Found when it was asked for."""
    file_name = models.CharField(_("file"), max_length=100, blank=True)
    """In EXPORT_ROOT; empty before it is written, and again when it has been removed."""
    facts = models.JSONField(_("result"), default=dict)
    """`{quotes, altered, lost, size, sha256}`; `altered`: numbers of quotes that are not as issued; `lost`: characters
    that the encoding does not know."""

    class Meta:
        verbose_name = _("export of records")
        verbose_name_plural = _("exports of records")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="record_export_form_known", condition=Q(form__in=["zip", "xlsx", "csv", "cp932"])
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def expires_at(self) -> datetime | None:
        """When its file is removed; None while it is not written."""
        finished = self.batch.finished_at
        return finished + timedelta(hours=settings.EXPORT_HOURS) if finished else None

    def is_there(self, *, now: datetime) -> bool:
        """Whether its file can be fetched."""
        return bool(self.file_name and self.expires_at and now < self.expires_at)
