"""Golden cases: renewals whose price somebody has confirmed, and what came of them with later price lists.

What a case is expected to give is not written over when prices change: it follows from the case itself and from the
differences that were accepted and then published. See `pricing.golden.operations`.
"""

from datetime import date
from typing import Any, NotRequired, TypedDict

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from licensing.models import User
from licensing.models.licenses import MOST_HELD

from ..engine.values import LEAST_YEARS, MOST_YEARS
from .lists import PriceList

MOST_DAYS = 36_600
"""A support expiry lies at most about a hundred years before or after the quote's date, as with holdings."""
ROUNDINGS = ("down", "half_up", "up")


class AskedHolding(TypedDict):
    """One holding of a golden case. One of the two expiries is there."""

    product: str
    """The product's code."""
    quantity: int
    renewal_quantity: int | None
    """None: left out of the quote. 0: discontinued."""
    expires_in_days: NotRequired[int]
    """Days after the quote's date; below zero: support has expired already."""
    expires_on: NotRequired[str]
    """A fixed day, ISO."""


class AskedAddition(TypedDict):
    product: str
    quantity: int


class Asked(TypedDict):
    """What a golden case asks to be priced: a `RenewalRequest` without its day."""

    years: int
    is_reduced: bool
    tax_rounding: str
    holdings: list[AskedHolding]
    additions: list[AskedAddition]


class GoldenLine(TypedDict):
    """What is compared of one line. Yen, tax excluded."""

    product: str
    kind: str
    quantity: int
    rank: str
    price: int
    """Per license for the first year."""
    amount: int


class GoldenResult(TypedDict):
    """What a golden case gives: amounts in yen and the rank of each line, or the codes that refuse it."""

    lines: list[GoldenLine]
    subtotal: int
    tax: int
    total: int
    refusals: list[str]


def check_asked(value: Any) -> None:
    """Refuses what is no `Asked`. Raises ValidationError."""
    if not _is_asked(value):
        raise ValidationError(_("This is not a renewal that can be priced. Enter the case in its form."), "not-asked")


def _is_asked(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != set(Asked.__annotations__):
        return False
    holdings, additions = value["holdings"], value["additions"]
    return (
        _is_number(value["years"], LEAST_YEARS, MOST_YEARS)
        and isinstance(value["is_reduced"], bool)
        and value["tax_rounding"] in ROUNDINGS
        and isinstance(holdings, list)
        and isinstance(additions, list)
        and bool(holdings or additions)
        and all(_is_holding(holding) for holding in holdings)
        and all(_is_addition(addition) for addition in additions)
    )


def _is_holding(row: Any) -> bool:
    if not isinstance(row, dict) or not isinstance(row.get("product"), str):
        return False
    if not _is_number(row.get("quantity"), 1, MOST_HELD):
        return False
    renewed = row.get("renewal_quantity", "")
    if renewed is not None and not _is_number(renewed, 0, MOST_HELD):
        return False
    if set(row) == {"product", "quantity", "renewal_quantity", "expires_in_days"}:
        return _is_number(row["expires_in_days"], -MOST_DAYS, MOST_DAYS)
    return set(row) == {"product", "quantity", "renewal_quantity", "expires_on"} and _is_day(row["expires_on"])


def _is_addition(row: Any) -> bool:
    return (
        isinstance(row, dict)
        and set(row) == {"product", "quantity"}
        and isinstance(row["product"], str)
        and _is_number(row["quantity"], 1, MOST_HELD)
    )


def _is_number(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and 2000 <= date.fromisoformat(value).year <= 2099
    except ValueError:
        return False


class GoldenCase(models.Model):
    """A renewal with the result that somebody has confirmed. Every list is checked against it when published."""

    name = models.CharField(
        _("name"),
        max_length=100,
        unique=True,
        help_text=_("What it guards, for example “120 and 30 together, 3 years”."),
    )
    note = models.TextField(_("internal note"), blank=True)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Only active cases are checked when a price list is published.")
    )
    asked = models.JSONField(_("what is asked"), validators=[check_asked])
    """An `Asked`."""
    expected = models.JSONField(_("expected result"))
    """A `GoldenResult`, as confirmed by whoever kept the case."""
    expected_from = models.CharField(_("price list"), max_length=100)
    """The name of the list that the expected result was calculated with."""
    vendor_amount = models.PositiveBigIntegerField(
        _("amount the vendor states"),
        null=True,
        blank=True,
        help_text=_("Typed by hand, in yen, tax excluded: the case fails where the subtotal differs from it."),
    )
    """None: the case is expected to give `expected`."""
    kept_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("kept by"))
    kept_at = models.DateTimeField(_("kept at"))
    """When the expected result was confirmed. Differences accepted before do not count any more."""

    class Meta:
        verbose_name = _("golden case")
        verbose_name_plural = _("golden cases")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="golden_case_name_not_empty",
                condition=~Q(name=""),
                violation_error_message=_("Enter the name of the case."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class GoldenAcceptance(models.Model):
    """Somebody accepted, for one draft, that a case gives another result. Only ever added to.

    It counts as long as the case is expected to give `expected` and the draft gives `found`.
    """

    price_list = models.ForeignKey(
        PriceList,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="golden_acceptances",
        verbose_name=_("price list"),
    )
    price_list_name = models.CharField(_("name of the price list"), max_length=100)
    case = models.ForeignKey(
        GoldenCase, on_delete=models.PROTECT, related_name="acceptances", verbose_name=_("golden case")
    )
    expected = models.JSONField(_("expected result"))
    found = models.JSONField(_("result"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))
    by_name = models.CharField(_("name"), max_length=100)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("accepted difference")
        verbose_name_plural = _("accepted differences")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="golden_acceptance_has_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Write why the difference is right."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_list_name}: {self.case}"


class GoldenChange(models.Model):
    """An accepted difference went out with its list: later lists are expected to give what was accepted.

    It belongs to one publishing. Where the list was withdrawn, and perhaps published again, `published_at` is not the
    list's any more, and the change does not count.
    """

    acceptance = models.ForeignKey(
        GoldenAcceptance,
        on_delete=models.PROTECT,
        related_name="changes",
        db_index=False,
        verbose_name=_("accepted difference"),
    )
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("changed expectation")
        verbose_name_plural = _("changed expectations")
        ordering = ["published_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="golden_change_once",
                fields=["acceptance", "published_at"],
                violation_error_message=_("This change is noted already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.acceptance)
