"""What a draft of a price list would do to open quotes and coming renewals, calculated before it is published."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.jobs.models import Batch
from licensing.models import LicenseID, Reseller
from pricing.models import PriceList
from quotes.models.records import Quote


class ImpactRun(models.Model):
    """One calculation for one draft. It says what was true of the draft at that moment; the draft may change since."""

    price_list = models.ForeignKey(
        PriceList,
        on_delete=models.SET_NULL,
        null=True,
        related_name="impact_runs",
        verbose_name=_("price list"),
    )
    price_list_name = models.CharField(_("name of the price list"), max_length=100)
    compared_with = models.ForeignKey(
        PriceList, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("compared with")
    )
    """What would be in force on the day without the draft; None: nothing."""
    compared_with_name = models.CharField(_("name of the list compared with"), max_length=100, blank=True)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    """Of the draft's content, see `impact.draft_fingerprint`."""
    priced_on = models.DateField(_("priced as of"))
    """The draft's first day: every request is priced as on this day."""
    on = models.DateField(_("calculated on"))
    days = models.PositiveSmallIntegerField(_("days ahead"))
    """Renewals of support that ends on `on` or at most so many days later."""
    batch = models.OneToOneField(Batch, on_delete=models.CASCADE, related_name="+", verbose_name=_("background work"))
    chunks = models.JSONField(_("chunks"), default=list)
    """`[[kind, first row number, last row number]]`: what each item of the batch looks at, fixed at its beginning."""
    totals = models.JSONField(_("totals"), default=dict)
    """By kind of row, see `impact.totals`."""

    class Meta:
        verbose_name = _("impact of a price list")
        verbose_name_plural = _("impacts of price lists")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.price_list_name

    @property
    def last_day(self) -> date:
        """The last expiry that is looked at."""
        return self.on + timedelta(days=self.days)

    @property
    def is_priced(self) -> bool:
        """Whether all rows and totals are there; the workbook may still be in the making."""
        return self.batch.item_count is not None and self.batch.done_count >= len(self.chunks)


class ImpactRow(models.Model):
    """One renewal or open quote, priced twice. Amounts are yen, tax excluded; None where it would be refused."""

    class Kind(models.TextChoices):
        RENEWAL = "renewal", _("coming renewal")
        QUOTE = "quote", _("open quote")

    class Outcome(models.TextChoices):
        SAME = "same", _("same price")
        DEARER = "dearer", _("dearer")
        CHEAPER = "cheaper", _("cheaper")
        NEWLY_REFUSED = "newly_refused", _("refused only with the draft")
        NO_LONGER_REFUSED = "no_longer_refused", _("no longer refused")
        REFUSED = "refused", _("refused with both")

    run = models.ForeignKey(
        ImpactRun, on_delete=models.CASCADE, related_name="rows", db_index=False, verbose_name=_("impact")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    licenseid = models.ForeignKey(
        LicenseID, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("license ID")
    )
    quote = models.ForeignKey(
        Quote, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("quote")
    )
    reseller = models.ForeignKey(
        Reseller, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False, verbose_name=_("reseller")
    )
    reseller_name = models.CharField(_("name of the reseller"), max_length=200)
    customer_name = models.CharField(_("customer"), max_length=200)
    license_codes = models.TextField(_("license IDs"))
    """The codes; of a quote over several in their order, with CODES_BETWEEN between them."""
    quote_number = models.CharField(_("quote number"), max_length=20, blank=True)
    day = models.DateField(_("day"))
    """The first support expiry that is renewed; of a quote its last day of validity."""
    products = models.TextField(_("products"))
    """Codes, each between spaces."""
    old_amount = models.BigIntegerField(_("before"), null=True)
    new_amount = models.BigIntegerField(_("after"), null=True)
    difference = models.BigIntegerField(_("difference"), null=True)
    percent = models.DecimalField(_("difference in percent"), max_digits=12, decimal_places=2, null=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    has_rank_change = models.BooleanField(_("rank changes"))
    lines = models.JSONField(_("lines"))
    """`[[product code, quantity, old rank, new rank, old amount, new amount]]`; null where refused."""
    problems = models.JSONField(_("refusals and warnings"), default=list)
    """`[{code, is_refusal, lists, ja, en}]`; `lists`: `old`, `new` or both."""

    class Meta:
        verbose_name = _("row of an impact")
        verbose_name_plural = _("rows of impacts")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["run", "kind", "difference"], name="impact_row_by_difference"),
        ]
        constraints = [
            models.CheckConstraint(
                name="impact_row_difference_of_both",
                condition=Q(difference__isnull=True) | Q(old_amount__isnull=False, new_amount__isnull=False),
            ),
            models.UniqueConstraint(
                name="impact_row_renewal_once", fields=["run", "licenseid"], condition=Q(kind="renewal")
            ),
            models.UniqueConstraint(name="impact_row_quote_once", fields=["run", "quote"], condition=Q(kind="quote")),
        ]

    def __str__(self) -> str:
        return self.quote_number or self.license_codes


class ImpactFile(models.Model):
    """The run as a workbook, made when it ended. Apart from the run, so that only its download reads it."""

    run = models.OneToOneField(ImpactRun, on_delete=models.CASCADE, related_name="file", verbose_name=_("impact"))
    content = models.BinaryField(_("workbook"))

    class Meta:
        verbose_name = _("workbook of an impact")
        verbose_name_plural = _("workbooks of impacts")

    def __str__(self) -> str:
        return str(self.run_id)
