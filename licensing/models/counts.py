"""How many customers each reseller has: kept by the database itself (`foundation.integrity.counts`)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.integrity import Count


class CustomerCount(models.Model):
    """The sum of a reseller's rows says how many customers it has, without merged ones. Written by triggers only."""

    reseller = models.BigIntegerField(db_index=True)
    customers = models.IntegerField()

    class Meta:
        verbose_name = _("count of customers")
        verbose_name_plural = _("counts of customers")

    def __str__(self) -> str:
        return str(self.customers)


COUNTS = [
    Count(
        into="licensing_customercount",
        table="licensing_customer",
        columns=("reseller_id", "merged_into_id"),
        where="changed.merged_into_id IS NULL",
        by={"reseller": "changed.reseller_id"},
        sums={"customers": "1"},
    )
]
