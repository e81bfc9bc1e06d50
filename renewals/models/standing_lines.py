"""What a reseller charges again and again beside licenses: picked into a quote, and changed there as it is needed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.text.validators import validate_printable
from licensing.models import Reseller


class StandingLine(models.Model):
    """One line to pick from. A quote that took it keeps what it says itself."""

    reseller = models.ForeignKey(
        Reseller, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("reseller")
    )
    description = models.CharField(_("description"), max_length=200, validators=[validate_printable])
    unit = models.CharField(_("unit"), max_length=20, blank=True, validators=[validate_printable])
    price = models.BigIntegerField(_("unit price"))
    """Yen, tax excluded."""
    tax_category = models.CharField(_("tax category"), max_length=20)
    unit_cost = models.BigIntegerField(_("cost"), null=True, blank=True)
    """What one costs the reseller itself, yen, tax excluded; None: not known. For those who see margins."""

    class Meta:
        verbose_name = _("standing line")
        verbose_name_plural = _("standing lines")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="standing_line_once",
                fields=["reseller", "description"],
                violation_error_message=_("Each description stands once."),
            ),
            models.CheckConstraint(
                name="standing_line_price_not_negative",
                condition=Q(price__gte=0),
                violation_error_message=_("A line costs ¥0 or more."),
            ),
            models.CheckConstraint(
                name="standing_line_cost_not_negative",
                condition=Q(unit_cost__isnull=True) | Q(unit_cost__gte=0),
                violation_error_message=_("A cost is ¥0 or more."),
            ),
            models.CheckConstraint(
                name="standing_line_described",
                condition=~Q(description=""),
                violation_error_message=_("Enter what is charged."),
            ),
        ]

    def __str__(self) -> str:
        return self.description
