"""Which fields of an order a reseller wants, in which order and under which names."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from licensing.models import Reseller


class FieldOrder(models.Model):
    """A reseller's own choice for one purpose. Where there is no row, as the portal does by itself."""

    class Purpose(models.TextChoices):
        TABLE = "table", _("own table")
        ENTRY = "entry", _("entry sheet")

    reseller = models.ForeignKey(
        Reseller, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("reseller")
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    columns = models.JSONField(_("columns"))
    """`[[field, head]]`, as they stand from left to right: `quotes.handover.fields.FIELDS`."""

    class Meta:
        verbose_name = _("choice of fields")
        verbose_name_plural = _("choices of fields")
        constraints = [
            models.UniqueConstraint(name="field_order_one_for_a_purpose", fields=["reseller", "purpose"]),
            models.CheckConstraint(name="field_order_purpose_known", condition=Q(purpose__in=["table", "entry"])),
        ]

    def __str__(self) -> str:
        return f"{self.reseller_id} {self.purpose}"
