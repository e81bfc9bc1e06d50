"""What a reseller pays itself for what it sells: 仕切率, in percent of the list price."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.integrity.history import History, KeptQuerySet
from licensing.models import Product, Programme, Reseller

LEAST_RATE, MOST_RATE = Decimal(1), Decimal(100)
"""Percent. What is below is a fraction by mistake: 0.8 where 80 % is meant."""
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


class CostRate(models.Model):
    """From a day on, what a reseller pays for a product, or for all products of a programme, of each list amount.

    It holds until the next one of the same product or programme. A product's own beats its programme's. Nobody but the
    reseller's managers sees it, and whoever they let see margins.
    """

    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+", verbose_name=_("reseller"))
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("programme")
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    percent = models.DecimalField(
        _("cost rate"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(LEAST_RATE), MaxValueValidator(MOST_RATE)],
    )
    """Of the list amount without tax."""
    effective_on = models.DateField(_("effective on"), help_text=_("The first day of this rate, Japan time."))

    objects = KeptQuerySet.as_manager()
    history: Any = History()

    class Meta:
        verbose_name = _("cost rate")
        verbose_name_plural = _("cost rates")
        ordering = ["-effective_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="cost_rate_of_one_thing",
                condition=Q(programme__isnull=True, product__isnull=False)
                | Q(programme__isnull=False, product__isnull=True),
                violation_error_message=_("A cost rate is of a product or of a programme, one of the two."),
            ),
            models.CheckConstraint(
                name="cost_rate_percent_range",
                condition=Q(percent__gte=LEAST_RATE, percent__lte=MOST_RATE),
                violation_error_message=_("A cost rate is 1 to 100 percent of the list price."),
            ),
            models.CheckConstraint(
                name="cost_rate_day_sensible",
                condition=Q(effective_on__gte=FIRST_DAY, effective_on__lte=LAST_DAY),
                violation_error_message=_("The day must lie between 2000 and 2099. Look for a typo."),
            ),
            models.UniqueConstraint(
                name="cost_rate_one_per_product_and_day",
                fields=["reseller", "product", "effective_on"],
                condition=Q(product__isnull=False),
                violation_error_message=_("The product already has a cost rate from this day. Change that one."),
            ),
            models.UniqueConstraint(
                name="cost_rate_one_per_programme_and_day",
                fields=["reseller", "programme", "effective_on"],
                condition=Q(programme__isnull=False),
                violation_error_message=_("The programme already has a cost rate from this day. Change that one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} %"
