"""What became of the holdings after an order: brought to what the quote says, and perhaps taken back (R21)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from licensing.models import User
from quotes.models import QuotePart


class CarryingOut(models.Model):
    """One license ID of an ordered quote whose holdings were brought to what was ordered; once, unless it is undone."""

    part = models.ForeignKey(
        QuotePart, on_delete=models.PROTECT, related_name="carryings_out", verbose_name=_("license ID of a quote")
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    certificate_number = models.CharField(_("certificate number"), max_length=100, blank=True, default="")
    certificate_on = models.DateField(_("certificate day"), null=True)
    before = models.JSONField(_("before"))
    """The holdings that it changed, as they were: `[{holding, product, quantity, support_expires_on}]`."""
    after = models.JSONField(_("after"))
    """The same as they were then: what ended is not among them, what is new only here."""
    undone_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("undone by")
    )
    undone_at = models.DateTimeField(_("undone at"), null=True)

    class Meta:
        verbose_name = _("carrying out")
        verbose_name_plural = _("carryings out")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="carried_out_once",
                fields=["part"],
                condition=Q(undone_at__isnull=True),
                violation_error_message=_("This license ID of the quote was carried out already."),
            ),
            models.CheckConstraint(
                name="carrying_out_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} {self.at:%Y-%m-%d}"
