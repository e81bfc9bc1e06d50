"""Price lists in versions, their price tables and ranks, and tax rates. Knows no customer and no quote."""

from datetime import date
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from foundation.text.language import name_of
from foundation.text.validators import validate_printable
from licensing.models import Product, User

from ..engine.values import MOST_YEARS

MOST_YEN = 99_999_999
"""The highest unit price; with the most licenses and years an amount still fits the database's numbers."""


class PriceList(models.Model):
    """One version of all prices: a draft until published, then in force from a day until the next one's day.

    Once published, neither the list nor anything in it changes: a correction is a new list. Until its day it can be
    withdrawn as a whole, and is a draft again.
    """

    class State(models.TextChoices):
        """Not stored: it follows from the publishing and from the days of all lists. See `queries.with_state`."""

        DRAFT = "draft", _("draft")
        WAITING = "waiting", _("published, waits for its day")
        IN_FORCE = "in_force", _("in force")
        SUPERSEDED = "superseded", _("superseded")

    name = models.CharField(
        _("name"),
        max_length=100,
        unique=True,
        validators=[validate_printable],
        help_text=_("As quotes cite it, for example 2026年10月版."),
    )
    name_en = models.CharField(
        _("name (English)"),
        max_length=100,
        blank=True,
        validators=[validate_printable],
        help_text=_(
            "For pages and quotes in English, for example October 2026. Without it the name itself stands there."
        ),
    )
    effective_on = models.DateField(
        _("effective on"),
        help_text=_("The first day, Japan time, on which quotes use this list. It holds until the next list's day."),
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("published by")
    )
    is_sample = models.BooleanField(
        _("sample prices"),
        default=False,
        help_text=_("Fictitious prices for trying the portal: every page and every PDF says so."),
    )
    note = models.TextField(_("internal note"), blank=True)
    based_on = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("based on"),
        help_text=_("The list that this one is compared with."),
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="price_list_one_published_per_day",
                fields=["effective_on"],
                condition=Q(published_at__isnull=False),
                violation_error_message=_("Another published price list takes effect on this day."),
            ),
            models.CheckConstraint(
                name="price_list_day_sensible",
                condition=Q(effective_on__gte=date(2000, 1, 1), effective_on__lte=date(2099, 12, 31)),
                violation_error_message=_("The day must lie between 2000 and 2099. Look for a typo."),
            ),
        ]

    def __str__(self) -> str:
        """In the page's language, where the list has a name in it."""
        return name_of(self)

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    def is_waiting(self, *, on: date) -> bool:
        """Whether it is published and has not taken effect yet: only then can it be withdrawn."""
        return self.is_published and self.effective_on > on


class PriceTable(models.Model):
    """What one product costs in one price list."""

    price_list = models.ForeignKey(
        PriceList, on_delete=models.CASCADE, related_name="tables", db_index=False, verbose_name=_("price list")
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", verbose_name=_("product"))
    minimum_quantity = models.PositiveIntegerField(
        _("minimum at renewal"),
        validators=[MinValueValidator(1)],
        help_text=_("Fewer than this cannot be renewed (R8)."),
    )

    class Meta:
        verbose_name = _("price table")
        verbose_name_plural = _("price tables")
        ordering = ["product__code"]
        constraints = [
            models.UniqueConstraint(
                name="price_table_one_per_product",
                fields=["price_list", "product"],
                violation_error_message=_("This price list already has a table for the product."),
            ),
            models.CheckConstraint(
                name="price_table_minimum_positive",
                condition=Q(minimum_quantity__gte=1),
                violation_error_message=_("The minimum at renewal must be at least 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_list} {self.product}"


class PriceRank(models.Model):
    """One price rank: the quantity from which it applies and its two unit prices, tax excluded."""

    price_table = models.ForeignKey(
        PriceTable, on_delete=models.CASCADE, related_name="ranks", db_index=False, verbose_name=_("price table")
    )
    rank = models.CharField(
        _("rank"), max_length=10, validators=[validate_printable], help_text=_("The rank's code, for example A.")
    )
    from_quantity = models.PositiveIntegerField(
        _("from quantity"),
        validators=[MinValueValidator(1)],
        help_text=_("The rank applies from this quantity until the next rank begins."),
    )
    renewal_price = models.PositiveIntegerField(
        _("renewal price"), help_text=_("Yen per license per year, tax excluded.")
    )
    addition_price = models.PositiveIntegerField(
        _("addition price"),
        null=True,
        blank=True,
        help_text=_("Yen per added license for its first year, tax excluded. Empty: the product cannot be added."),
    )

    class Meta:
        verbose_name = _("price rank")
        verbose_name_plural = _("price ranks")
        ordering = ["from_quantity"]
        constraints = [
            models.UniqueConstraint(
                name="price_rank_one_per_code",
                fields=["price_table", "rank"],
                violation_error_message=_("The table already has a rank with this code."),
            ),
            models.UniqueConstraint(
                name="price_rank_one_per_quantity",
                fields=["price_table", "from_quantity"],
                violation_error_message=_("The table already has a rank from this quantity."),
            ),
            models.CheckConstraint(
                name="price_rank_quantity_positive",
                condition=Q(from_quantity__gte=1),
                violation_error_message=_("A rank begins at 1 or more."),
            ),
            models.CheckConstraint(
                name="price_rank_prices_sensible",
                condition=Q(renewal_price__lte=MOST_YEN)
                & (Q(addition_price__isnull=True) | Q(addition_price__lte=MOST_YEN)),
                violation_error_message=_("A unit price must be at most 99,999,999 yen."),
            ),
            models.CheckConstraint(
                name="price_rank_code_not_empty",
                condition=~Q(rank=""),
                violation_error_message=_("Enter the rank's code."),
            ),
        ]

    def __str__(self) -> str:
        return self.rank


class MultiYearDiscount(models.Model):
    """The discount of one product for renewing a number of years at once (R10)."""

    price_table = models.ForeignKey(
        PriceTable,
        on_delete=models.CASCADE,
        related_name="multi_year_discounts",
        db_index=False,
        verbose_name=_("price table"),
    )
    years = models.PositiveSmallIntegerField(
        _("years"), validators=[MinValueValidator(2), MaxValueValidator(MOST_YEARS)]
    )
    percent = models.DecimalField(
        _("discount in percent"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal("99.99"))],
    )

    class Meta:
        verbose_name = _("multi-year discount")
        verbose_name_plural = _("multi-year discounts")
        ordering = ["years"]
        constraints = [
            models.UniqueConstraint(
                name="multi_year_discount_one_per_years",
                fields=["price_table", "years"],
                violation_error_message=_("The table already has a discount for this number of years."),
            ),
            models.CheckConstraint(
                name="multi_year_discount_years_range",
                condition=Q(years__gte=2, years__lte=MOST_YEARS),
                violation_error_message=format_lazy(
                    _("A multi-year discount is for 2 to {most} years."), most=MOST_YEARS
                ),
            ),
            models.CheckConstraint(
                name="multi_year_discount_percent_range",
                condition=Q(percent__gt=0, percent__lt=100),
                violation_error_message=_("The discount must be more than 0 and less than 100 percent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.years}: {self.percent} %"


class EndOfSale(models.Model):
    """販売終了: a price list says that a product is not sold any more, and what takes its place (R9).

    It belongs to the list, as prices do: dated by it, copied with it, and fixed when it is published.
    """

    price_list = models.ForeignKey(
        PriceList, on_delete=models.CASCADE, related_name="ended", db_index=False, verbose_name=_("price list")
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", verbose_name=_("product"))
    since_on = models.DateField(_("not sold since"), help_text=_("The first day on which the product is not sold."))
    successor = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("successor"),
        help_text=_("What takes its place, if anything."),
    )

    class Meta:
        verbose_name = _("product not sold any more")
        verbose_name_plural = _("products not sold any more")
        ordering = ["product__code"]
        constraints = [
            models.UniqueConstraint(
                name="end_of_sale_one_per_product",
                fields=["price_list", "product"],
                violation_error_message=_("This price list already says that the product is not sold any more."),
            ),
            models.CheckConstraint(
                name="end_of_sale_day_sensible",
                condition=Q(since_on__gte=date(2000, 1, 1), since_on__lte=date(2099, 12, 31)),
                violation_error_message=_("The day must lie between 2000 and 2099. Look for a typo."),
            ),
            models.CheckConstraint(
                name="end_of_sale_other_successor",
                condition=Q(successor__isnull=True) | ~Q(successor=F("product")),
                violation_error_message=_("A product cannot be its own successor."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_list} {self.product}"


class TaxRate(models.Model):
    """A rate of consumption tax from a day on, until the next rate of its category.

    Rates are only ever added. Before its first day one can be withdrawn, and then never counts; the database refuses
    every other change.
    """

    category = models.CharField(
        _("tax category"), max_length=20, default="standard", help_text=_("Products name the category they fall under.")
    )
    percent = models.DecimalField(
        _("percent"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(Decimal("99.99"))],
    )
    effective_on = models.DateField(_("effective on"), help_text=_("The first day of this rate."))
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        ordering = ["category", "-effective_on"]
        constraints = [
            models.UniqueConstraint(
                name="tax_rate_one_per_day",
                fields=["category", "effective_on"],
                condition=Q(withdrawn_on__isnull=True),
                violation_error_message=_("This tax category already has a rate from this day."),
            ),
            models.CheckConstraint(
                name="tax_rate_percent_range",
                condition=Q(percent__gte=0, percent__lt=100),
                violation_error_message=_("A tax rate is at least 0 and less than 100 percent."),
            ),
            models.CheckConstraint(
                name="tax_rate_withdrawn_before_its_day",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__lt=F("effective_on")),
                violation_error_message=_("A tax rate can only be withdrawn before its first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} %"

    def is_waiting(self, *, on: date) -> bool:
        """Whether its first day is still to come: only then can it be withdrawn."""
        return self.withdrawn_on is None and self.effective_on > on
