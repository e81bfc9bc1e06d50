"""Programmes, products, and the license IDs that hold them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from foundation.integrity.history import History, KeptQuerySet
from foundation.text.language import name_of
from foundation.text.search import SearchKeyField
from foundation.text.typed import squeeze
from foundation.text.validators import validate_printable

from .customers import Customer

CODE = RegexValidator(
    r"\A[A-Za-z0-9][A-Za-z0-9._-]*\Z", _("Use Latin letters, digits, hyphens, dots and underscores only.")
)


MOST_HELD = 9_999_999
MOST_LATE_DAYS = 3650


TAX_CATEGORIES = {
    "standard": _("standard rate"),
    "reduced": _("reduced rate"),
    "exempt": _("not taxed"),
}


def name_tax_category(code: str) -> str:
    """The category in words; one that has none is shown as it is."""
    return str(TAX_CATEGORIES.get(code, code))


def list_tax_categories(used: Iterable[str]) -> list[tuple[str, str]]:
    """What to choose from: the categories that have words, then others that are in use."""
    return [(code, name_tax_category(code)) for code in (*TAX_CATEGORIES, *sorted({*used} - {*TAX_CATEGORIES}))]


EVERYBODY = "一般"
"""The segment of products that every customer may use; a product without a segment is such a one too."""
SEGMENTS = {
    EVERYBODY: _("general"),
    "官公庁": _("public sector"),
    "教育": _("education"),
}


def plain_segment(typed: str) -> str:
    """A segment as it is compared: 官公庁 in any width, without spaces."""
    return squeeze(typed)


def name_segment(segment: str) -> str:
    """The segment in the reader's language; one that has no words is shown as it is."""
    return str(SEGMENTS.get(plain_segment(segment), segment))


def list_segments(used: Iterable[str]) -> list[tuple[str, str]]:
    """What to choose from: the segments that have words, then others that are in use."""
    others = {plain_segment(segment) for segment in used} - {"", *SEGMENTS}
    return [(segment, name_segment(segment)) for segment in (*SEGMENTS, *sorted(others))]


class Programme(models.Model):
    """A licensing programme; it says how price ranks are decided, and how long and how late may be renewed."""

    class RankBasis(models.TextChoices):
        OWN_QUANTITY = "own_quantity", _("each product by its own quantity (R5)")
        LARGEST_PRODUCT = "largest_product", _("all its products by the largest product's quantity (R6)")

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100, validators=[validate_printable])
    name_en = models.CharField(_("name (English)"), max_length=100, blank=True, validators=[validate_printable])
    rank_basis = models.CharField(
        _("how ranks are decided"),
        max_length=20,
        choices=RankBasis.choices,
        default=RankBasis.OWN_QUANTITY,
        help_text=_(
            "By the largest product: the one with the largest quantity in a license ID decides the rank of all "
            "products of the programme."
        ),
    )
    most_years = models.PositiveSmallIntegerField(
        _("most years"),
        default=settings.LONGEST_TERM,
        validators=[MinValueValidator(1), MaxValueValidator(settings.LONGEST_TERM)],
        help_text=format_lazy(
            _("The longest term for which its products can be renewed, 1 to {most} years (R1)."),
            most=settings.LONGEST_TERM,
        ),
    )
    late_renewal_days = models.PositiveSmallIntegerField(
        _("late renewals, in days"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_LATE_DAYS)],
        help_text=_(
            "How many days after the support expiry a renewal is still possible; after them it is refused (R13). "
            "0: not at all. Empty: no last day is known, and a late renewal only warns."
        ),
    )

    objects = KeptQuerySet.as_manager()
    history: Any = History()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="programme_rank_basis_known",
                condition=Q(rank_basis__in=["own_quantity", "largest_product"]),
                violation_error_message=_("Choose how the programme's ranks are decided."),
            ),
            models.CheckConstraint(
                name="programme_most_years_in_range",
                condition=Q(most_years__gte=1, most_years__lte=settings.LONGEST_TERM),
                violation_error_message=format_lazy(
                    _("The most years must be 1 to {most}."), most=settings.LONGEST_TERM
                ),
            ),
            models.CheckConstraint(
                name="programme_late_renewal_days_sensible",
                condition=Q(late_renewal_days__isnull=True) | Q(late_renewal_days__lte=MOST_LATE_DAYS),
                violation_error_message=_("Late renewals must be at most 3,650 days. Look for a typo."),
            ),
        ]

    def __str__(self) -> str:
        return name_of(self)


class Product(models.Model):
    """A product that can be held. Its prices stand in price tables, never here."""

    code = models.CharField(_("product code"), max_length=40, unique=True, validators=[CODE])
    name = models.CharField(_("product name"), max_length=200, validators=[validate_printable])
    name_en = models.CharField(_("product name (English)"), max_length=200, blank=True, validators=[validate_printable])
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="products", verbose_name=_("programme")
    )
    segment = models.CharField(
        _("segment"),
        max_length=40,
        blank=True,
        help_text=_(
            "For whom the product is: 一般, 官公庁, 教育 … Quoting it to a customer of another segment warns; "
            "empty or 一般 is for everybody (R19)."
        ),
    )
    unit = models.CharField(
        _("unit"),
        max_length=40,
        default="本",
        help_text=_("What is counted, as on quotes."),
        validators=[validate_printable],
    )
    unit_en = models.CharField(_("unit (English)"), max_length=40, blank=True, validators=[validate_printable])
    is_multi_year_discountable = models.BooleanField(
        _("may have a multi-year discount"),
        default=False,
        help_text=_("Renewing for several years gives no advantage, except for a product with this mark (R10)."),
    )
    tax_category = models.CharField(
        _("tax category"),
        max_length=20,
        default="standard",
        help_text=_("Which of the tax rates applies to the product."),
    )
    search_key = SearchKeyField(sources=("code", "name", "name_en"))

    objects = KeptQuerySet.as_manager()
    history: Any = History(without=["search_key"])

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="product_code_not_empty",
                condition=~Q(code=""),
                violation_error_message=_("Enter the product code."),
            )
        ]

    def __str__(self) -> str:
        """In the page's language, where the product has a name in it."""
        return f"{self.code} {name_of(self)}"

    def clean(self) -> None:
        """A code that another product had before stays that one's: files that name it mean that one."""
        taken = FormerCode.objects.filter(code__iexact=self.code).exclude(product=self.pk).select_related("product")
        if former := taken.first():
            text = _("%(code)s is a former code of %(product)s. Choose another code.")
            raise ValidationError(
                {"code": ValidationError(text, "former", {"code": self.code, "product": former.product})}
            )


class FormerCode(models.Model):
    """A code that a product had before: what names it means the product. Where another has it now, that one counts."""

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="former_codes", verbose_name=_("product")
    )
    code = models.CharField(
        _("former code"),
        max_length=40,
        unique=True,
        validators=[CODE],
        error_messages={"unique": _("This is a former code of a product already.")},
    )
    search_key = SearchKeyField(sources=("code",))

    class Meta:
        verbose_name = _("former code")
        verbose_name_plural = _("former codes")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="former_code_not_empty",
                condition=~Q(code=""),
                violation_error_message=_("Enter the former code."),
            )
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """No code is a present and a former one at once, or two products'; its letters' case makes no difference."""
        others = FormerCode.objects.filter(code__iexact=self.code).exclude(product=self.product_id)
        present = Product.objects.filter(Q(code=self.code) | Q(code__iexact=self.code) & ~Q(pk=self.product_id))
        if present.exists() or others.exists():
            raise ValidationError({"code": _("A product has this code now, or had it before.")})


class LicenseID(models.Model):
    """A license ID: belongs to one customer, holds products. Never summed with another (R16)."""

    code = models.CharField(
        _("license ID"),
        max_length=40,
        unique=True,
        validators=[CODE],
        error_messages={"unique": _("This license ID is registered already.")},
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        related_name="license_ids",
        limit_choices_to={"merged_into": None},
        verbose_name=_("customer"),
    )
    note = models.TextField(_("internal note"), blank=True, help_text=_("For staff only; never printed."))
    search_key = SearchKeyField(sources=("code",))

    objects = KeptQuerySet.as_manager()
    history: Any = History(without=["search_key"], asked_by=["customer"])

    class Meta:
        verbose_name = _("license ID")
        verbose_name_plural = _("license IDs")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="license_id_code_not_empty",
                condition=~Q(code=""),
                violation_error_message=_("Enter the license ID."),
            )
        ]

    def __str__(self) -> str:
        return self.code


class Holding(models.Model):
    """A quantity of one product with one support expiry. A product may stand in several holdings."""

    licenseid = models.ForeignKey(
        LicenseID, on_delete=models.CASCADE, related_name="holdings", db_index=False, verbose_name=_("license ID")
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="holdings", verbose_name=_("product"))
    quantity = models.PositiveIntegerField(
        _("held quantity"), validators=[MinValueValidator(1)], help_text=_("How many licenses are held now.")
    )
    support_expires_on = models.DateField(_("support expiry"), help_text=_("The last day of support; it still counts."))

    objects = KeptQuerySet.as_manager()
    history: Any = History(asked_by=["licenseid"])

    class Meta:
        verbose_name = _("holding")
        verbose_name_plural = _("holdings")
        ordering = ["support_expires_on", "product__code", "pk"]
        indexes = [models.Index(fields=["support_expires_on"], name="holding_by_expiry")]
        constraints = [
            models.CheckConstraint(
                name="holding_quantity_positive",
                condition=Q(quantity__gte=1),
                violation_error_message=_("The held quantity must be at least 1. Delete the holding if it ended."),
            ),
            models.CheckConstraint(
                name="holding_quantity_sensible",
                condition=Q(quantity__lte=MOST_HELD),
                violation_error_message=_("The held quantity must be at most 9,999,999."),
            ),
            models.CheckConstraint(
                name="holding_expiry_sensible",
                condition=Q(support_expires_on__gte=date(2000, 1, 1), support_expires_on__lte=date(2099, 12, 31)),
                violation_error_message=_("The support expiry must lie between 2000 and 2099. Look for a typo."),
            ),
            models.UniqueConstraint(
                name="holding_once_per_expiry",
                fields=["licenseid", "product", "support_expires_on"],
                violation_error_message=_(
                    "This license ID already has a holding of the product with this expiry. Change its quantity."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product.code} × {self.quantity}"
