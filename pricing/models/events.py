"""What was done with a price list, by whom and when. Only ever added to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from licensing.models import User

from .lists import PriceList


class PriceListEvent(models.Model):
    """One thing that was done with a price list. It outlives a draft that is deleted."""

    class Kind(models.TextChoices):
        CREATED = "created", _("created")
        COPIED = "copied", _("copied from another list")
        IMPORTED = "imported", _("imported from a file")
        CHANGED = "changed", _("changed")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")
        ACCEPTED = "accepted", _("difference accepted")
        DELETED = "deleted", _("draft deleted")
        REGISTERED = "registered", _("product or programme registered otherwise")

    price_list = models.ForeignKey(
        PriceList,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="events",
        verbose_name=_("price list"),
    )
    price_list_name = models.CharField(_("name of the price list"), max_length=100)
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))
    by_name = models.CharField(_("name"), max_length=100)
    detail = models.JSONField(_("detail"), default=dict, blank=True)

    class Meta:
        verbose_name = _("event of a price list")
        verbose_name_plural = _("events of price lists")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.price_list_name}: {self.get_kind_display()}"
