"""How many quotes stand how, and their totals: kept by the database itself (`foundation.integrity.counts`)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.integrity import Count

from .status import State


class QuoteCount(models.Model):
    """The sum of all rows of a kind says how many revisions there are of it. Written by triggers only."""

    reseller = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    valid_until = models.DateField(null=True)
    """The last day of those that are issued; of the others it decides nothing (R15)."""
    quotes = models.IntegerField()
    yen = models.BigIntegerField()
    """Of their totals, with tax."""

    class Meta:
        verbose_name = _("count of quotes")
        verbose_name_plural = _("counts of quotes")
        constraints = [
            # A state that comes before its quote would be of no day and no amount.
            models.CheckConstraint(
                name="quote_count_of_a_day",
                condition=Q(state="issued", valid_until__isnull=False) | ~Q(state="issued") & Q(valid_until=None),
                violation_error_message=_("A count of issued quotes has a day, others have none."),
            )
        ]
        indexes = [models.Index(fields=["reseller", "state", "valid_until"], name="quote_count_by_state")]

    def __str__(self) -> str:
        return f"{self.state} {self.quotes}"


COUNTS = [
    Count(
        into="quotes_quotecount",
        table="quotes_quotestatus",
        key="quote_id",
        columns=("reseller_id", "state"),
        through="LEFT JOIN quotes_quote ON quotes_quote.id = changed.quote_id",
        by={
            "reseller": "changed.reseller_id",
            "state": "changed.state",
            "valid_until": "CASE WHEN changed.state = 'issued' THEN quotes_quote.valid_until END",
        },
        sums={"quotes": "1", "yen": "quotes_quote.total"},
    )
]
