"""What open quotes would cost today: kept beside them, and never part of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pricing.models import PriceList
from quotes.models.records import Quote


class QuoteDrift(models.Model):
    """One open quote, priced again in the shadow: with the prices of a day, of what is held on it.

    It says nothing of what was offered: that stands until the quote's last day, whatever this says.
    """

    quote = models.OneToOneField(
        Quote, on_delete=models.CASCADE, primary_key=True, related_name="+", verbose_name=_("quote")
    )
    looked_on = models.DateField(_("priced on"))
    price_list = models.ForeignKey(
        PriceList, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("price list")
    )
    """In force on that day; None: none was."""
    last_change = models.BigIntegerField(_("last change of holdings"), default=0)
    """The number of the last entry in the history of holdings that it knows."""
    total = models.BigIntegerField(_("total"), null=True)
    """Yen, tax included; None where it would be refused."""
    difference = models.BigIntegerField(_("difference"), null=True)
    """Yen, tax included, to what was quoted: more is dearer."""

    class Meta:
        verbose_name = _("drift of a quote")
        verbose_name_plural = _("drifts of quotes")
        indexes = [models.Index(fields=["looked_on", "last_change"], name="drift_by_day")]
        constraints = [
            models.CheckConstraint(
                name="drift_difference_with_total",
                condition=Q(total__isnull=True, difference__isnull=True)
                | Q(total__isnull=False, difference__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quote_id} {self.looked_on}"

    @property
    def is_drifting(self) -> bool:
        """Whether it would be offered otherwise today."""
        return self.difference != 0
