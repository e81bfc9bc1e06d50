"""Customers who were told that prices rise."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.jobs.models import Batch
from foundation.mail.models import OutgoingMail
from foundation.text.language import LANGUAGES
from licensing.models import Customer, User
from pricing.models import PriceList


class PriceLetter(models.Model):
    """One letter to a customer about one price list to come. There is no second one, unless it reached nobody."""

    price_list = models.ForeignKey(
        PriceList, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("price list")
    )
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", verbose_name=_("customer"))
    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    """Of the e-mail: it goes out once."""
    to = models.CharField(_("to"), max_length=254)
    to_name = models.CharField(_("recipient's name"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="ja")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    """When somebody pressed the button."""
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+", verbose_name=_("background work"))
    queued_at = models.DateTimeField(_("queued at"), null=True)
    """When the e-mail was written; None: not yet."""
    mail = models.ForeignKey(
        OutgoingMail, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("e-mail")
    )

    class Meta:
        verbose_name = _("letter about a change of prices")
        verbose_name_plural = _("letters about changes of prices")
        constraints = [models.UniqueConstraint(name="price_letter_once", fields=["price_list", "customer"])]

    def __str__(self) -> str:
        return f"{self.price_list_id} {self.customer_id}"
