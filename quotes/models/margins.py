"""What was left of a quote for the reseller when it was quoted, ordered and carried out. No paper draws from it."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from licensing.models import Reseller
from pricing.costs.margins import LineMargin, MarginTotals, Rate, SoldLine

from .digests import digest
from .records import Quote, QuotePart, Record


class QuoteMargin(Record):
    """Cost and margin with the cost rates of one day: of the whole quote, or of a license ID that is carried out.

    Written where the reseller has any cost rates. Of several rows of one stage (and license ID) the last counts; an
    order or a carrying out that was taken back has a row that says so. The log's entry of the occasion has its hash.
    """

    class Stage(models.TextChoices):
        QUOTED = "quoted", pgettext_lazy("stage of a margin", "quoted")
        ORDERED = "ordered", pgettext_lazy("stage of a margin", "ordered")
        CARRIED_OUT = "carried_out", pgettext_lazy("stage of a margin", "carried out")

    quote = models.ForeignKey(
        Quote, on_delete=models.PROTECT, related_name="margins", db_index=False, verbose_name=_("quote")
    )
    part = models.ForeignKey(
        QuotePart, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("license ID of a quote")
    )
    """None: the whole quote."""
    reseller = models.ForeignKey(
        Reseller, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("reseller")
    )
    """The quote's."""
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices)
    rates_on = models.DateField(_("day"))
    """Whose cost rates count: of issue, of the order, of carrying out."""
    is_taken_back = models.BooleanField(_("taken back"), default=False)
    """The stage does not count any more, until it is reached anew. Then there are no lines and no amounts."""
    lines = models.JSONField(_("lines"), default=list)
    """`[{number, product_code, list_amount, amount, percent, of, effective_on}]`, see `line_as_json`."""
    reduction = models.BigIntegerField(_("reduction"), default=0)
    """What of the 値引き on the whole quote falls on these lines (R20)."""
    subtotal = models.BigIntegerField(_("subtotal"), default=0)
    covered = models.BigIntegerField(_("of which with a cost rate"), default=0)
    cost = models.BigIntegerField(_("cost"), default=0)
    uncovered_lines = models.PositiveSmallIntegerField(_("lines without a cost rate"), default=0)
    salt = models.CharField(_("salt"), max_length=32)
    """Random: without it the hash in the log would tell whoever tries all rates which one it was."""

    class Meta:
        verbose_name = _("margin of a quote")
        verbose_name_plural = _("margins of quotes")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["reseller", "stage", "rates_on"], name="quote_margin_by_day"),
            models.Index(fields=["quote", "stage", "part"], name="quote_margin_by_stage"),
        ]
        constraints = [
            models.CheckConstraint(
                name="quote_margin_stage_known", condition=Q(stage__in=["quoted", "ordered", "carried_out"])
            ),
            models.CheckConstraint(
                name="quote_margin_part_when_carried_out",
                condition=Q(stage="carried_out", part__isnull=False) | (Q(part__isnull=True) & ~Q(stage="carried_out")),
            ),
            models.CheckConstraint(
                name="quote_margin_amounts_not_negative",
                condition=Q(reduction__gte=0, subtotal__gte=0, covered__gte=0, cost__gte=0),
            ),
            models.CheckConstraint(
                name="quote_margin_salted", condition=~Q(salt=""), violation_error_message=_("A margin needs its salt.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quote_id} {self.stage}"

    @property
    def totals(self) -> MarginTotals:
        """Every figure again, from what was kept of the lines."""
        return MarginTotals(tuple(line_from_json(line) for line in self.lines), self.reduction)


def line_as_json(number: int, margin: LineMargin) -> dict[str, Any]:
    """A line as it is kept; `number` is that in the quote. Percentages and days are texts."""
    kept: dict[str, Any] = {
        "number": number,
        "product_code": margin.line.product_code,
        "list_amount": margin.line.list_amount,
        "amount": margin.line.amount,
    }
    if margin.line.unit_cost is not None:
        kept |= {"quantity": margin.line.quantity, "unit_cost": margin.line.unit_cost}
    rate = margin.rate
    if rate is not None:
        kept |= {"percent": str(rate.percent), "of": rate.of, "effective_on": rate.effective_on.isoformat()}
    return kept


def line_from_json(kept: dict[str, Any]) -> LineMargin:
    """The line that `line_as_json` kept."""
    own = kept.get("quantity", 1), kept.get("unit_cost")
    sold = SoldLine(kept["product_code"], kept["list_amount"], kept["amount"], *own)
    if "percent" not in kept:
        return LineMargin(sold, None)
    effective_on = models.DateField().to_python(kept["effective_on"])
    return LineMargin(sold, Rate(Decimal(kept["percent"]), kept["of"], effective_on))


_FIELDS = "reseller_id stage rates_on is_taken_back lines reduction subtotal covered cost uncovered_lines salt".split()


def margin_hash(margin: Any, position: int | None) -> str:
    """SHA-256 over all that a row says; `position` is that of its license ID in the quote.

    Never change what goes in: what was written keeps its hash.
    """
    return digest([position, *(getattr(margin, name) for name in _FIELDS)])
