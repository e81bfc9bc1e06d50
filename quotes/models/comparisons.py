"""Comparisons (比較表): alternatives that a customer was shown side by side. No quotes, with numbers of their own.

`Comparison`, `ComparedLicenseID`, `Alternative` and `QuoteOrigin` are records: written once. What the customer chose,
and whether it was withdrawn, is beside the record, in `ComparisonStatus`.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.text.search import SearchKeyField
from licensing.models import Customer, LicenseID, Reseller, User
from pricing.models import PriceList

from .digests import digest
from .records import Quote, Record

FEWEST_ALTERNATIVES, MOST_ALTERNATIVES = 2, 6
LONGEST_LABEL = 30
"""Characters."""

STATES = {
    "open": pgettext_lazy("state of a comparison", "open"),
    "chosen": pgettext_lazy("state of a comparison", "chosen"),
    "quoted": pgettext_lazy("state of a comparison", "quoted"),
    "expired": pgettext_lazy("state of a comparison", "expired"),
    "withdrawn": pgettext_lazy("state of a comparison", "withdrawn"),
}
"""How a comparison stands, as people see it."""


class ComparisonNumber(models.Model):
    """The last number given, per reseller and month: numbers are taken here, without gaps or duplicates."""

    reseller = models.ForeignKey(
        Reseller, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("reseller")
    )
    month = models.CharField(_("month"), max_length=4)
    """`yymm`, of the day on which it was made, in Japan."""
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("comparison number")
        verbose_name_plural = _("comparison numbers")
        constraints = [models.UniqueConstraint(name="comparison_number_one_per_month", fields=["reseller", "month"])]

    def __str__(self) -> str:
        return f"C{self.month}-{self.last:04d}"


class Comparison(Record):
    """What a customer was shown side by side, as it was."""

    key = models.UUIDField(_("key"), unique=True, editable=False)
    """Names it in addresses; one key, one comparison."""
    reseller = models.ForeignKey(
        Reseller, on_delete=models.PROTECT, related_name="comparisons", db_index=False, verbose_name=_("reseller")
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="comparisons", db_index=False, verbose_name=_("customer")
    )
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="+", verbose_name=_("price list"))
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_by_name = models.CharField(_("made by"), max_length=100)
    month = models.CharField(_("month"), max_length=4)
    sequence = models.PositiveIntegerField(_("number in the month"))
    number = models.CharField(_("number"), max_length=20)
    """`C2611-0007`: month, number. Unique per reseller."""
    made_at = models.DateTimeField(_("made at"))
    made_on = models.DateField(_("day"))
    valid_until = models.DateField(_("prices hold until"))
    """The earliest last day of its alternatives (R15), until its end in Japan."""
    retain_until = models.DateField(_("kept until"))
    customer_name = models.CharField(_("customer"), max_length=200)
    license_codes = models.TextField(_("license IDs"))
    """The codes of its license IDs in their order, with CODES_BETWEEN between them."""
    subject = models.CharField(_("subject"), max_length=200)
    is_sample = models.BooleanField(_("sample prices"))
    document = models.JSONField(_("the document"))
    """`quotes.paper.comparison.ComparisonDocument`: all that the PDF shows."""
    content = models.BinaryField(_("PDF"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    search_key = SearchKeyField(sources=("number", "customer_name", "license_codes", "subject"))

    class Meta:
        verbose_name = _("comparison")
        verbose_name_plural = _("comparisons")
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["reseller", "-made_at", "-id"], name="comparison_in_order"),
            models.Index(fields=["customer", "-made_at"], name="comparison_by_customer"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="comparison_number_unique",
                fields=["reseller", "month", "sequence"],
                violation_error_message=_("This number has been given already."),
            ),
            models.CheckConstraint(name="comparison_valid_from_its_day", condition=Q(valid_until__gte=F("made_on"))),
            models.CheckConstraint(name="comparison_kept_while_valid", condition=Q(retain_until__gte=F("valid_until"))),
            models.CheckConstraint(name="comparison_has_hash", condition=~Q(sha256="")),
        ]

    def __str__(self) -> str:
        return self.number


class ComparedLicenseID(Record):
    """A license ID of a comparison; all alternatives are of all of them."""

    comparison = models.ForeignKey(
        Comparison, on_delete=models.PROTECT, related_name="license_ids", db_index=False, verbose_name=_("comparison")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    licenseid = models.ForeignKey(
        LicenseID, on_delete=models.PROTECT, related_name="compared", verbose_name=_("license ID")
    )
    license_code = models.CharField(_("code of the license ID"), max_length=40)

    class Meta:
        verbose_name = _("license ID of a comparison")
        verbose_name_plural = _("license IDs of comparisons")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="compared_license_id_position", fields=["comparison", "position"]),
            models.UniqueConstraint(name="compared_license_id_once", fields=["comparison", "licenseid"]),
        ]

    def __str__(self) -> str:
        return self.license_code


class Alternative(Record):
    """One of the columns of a comparison: 案A, 案B …"""

    comparison = models.ForeignKey(
        Comparison, on_delete=models.PROTECT, related_name="alternatives", db_index=False, verbose_name=_("comparison")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    """1 is A."""
    label = models.CharField(_("short label"), max_length=LONGEST_LABEL, blank=True, default="")
    asked = models.JSONField(_("what was wanted"))
    """`renewals.asked.Asked`, as its `to_json` writes it: a quote is made from it."""
    subtotal = models.BigIntegerField(_("subtotal"))
    tax = models.BigIntegerField(_("tax"))
    total = models.BigIntegerField(_("total"))

    class Meta:
        verbose_name = _("alternative")
        verbose_name_plural = _("alternatives")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="alternative_position_unique", fields=["comparison", "position"]),
            models.CheckConstraint(
                name="alternative_position_counts",
                condition=Q(position__gte=1, position__lte=MOST_ALTERNATIVES),
            ),
            models.CheckConstraint(name="alternative_total_is_sum", condition=Q(total=F("subtotal") + F("tax"))),
            models.CheckConstraint(name="alternative_amounts_not_negative", condition=Q(subtotal__gte=0, tax__gte=0)),
        ]

    def __str__(self) -> str:
        return self.letter

    @property
    def letter(self) -> str:
        """A, B …"""
        return chr(ord("A") + self.position - 1)


class ComparisonStatus(models.Model):
    """What the customer chose, and whether it was withdrawn. Every change here is an event too."""

    comparison = models.OneToOneField(
        Comparison, on_delete=models.PROTECT, primary_key=True, related_name="status", verbose_name=_("comparison")
    )
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="+", verbose_name=_("reseller"))
    chosen = models.ForeignKey(
        Alternative, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("chosen alternative")
    )
    chosen_at = models.DateTimeField(_("chosen at"), null=True)
    chosen_by_name = models.CharField(_("chosen by"), max_length=200, blank=True, default="")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("withdrawn by")
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    """Why it was withdrawn. Internal."""

    class Meta:
        verbose_name = _("status of a comparison")
        verbose_name_plural = _("statuses of comparisons")
        constraints = [
            models.CheckConstraint(
                name="comparison_chosen_by_somebody",
                condition=Q(chosen__isnull=True, chosen_at__isnull=True, chosen_by_name="")
                | Q(chosen__isnull=False, chosen_at__isnull=False),
                violation_error_message=_("A choice needs the moment at which it came."),
            ),
            models.CheckConstraint(
                name="comparison_withdrawn_with_reason",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(reason="")),
                violation_error_message=_("Say why."),
            ),
        ]
        indexes = [
            models.Index(
                name="comparison_chosen",
                fields=["reseller", "chosen_at"],
                condition=Q(chosen_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.comparison_id)


class QuoteOrigin(Record):
    """From which alternative of which comparison a quote was made."""

    quote = models.OneToOneField(
        Quote, on_delete=models.PROTECT, primary_key=True, related_name="origin", verbose_name=_("quote")
    )
    alternative = models.ForeignKey(
        Alternative, on_delete=models.PROTECT, related_name="origins", verbose_name=_("alternative")
    )
    is_as_compared = models.BooleanField(_("as it was compared"))
    """Whether it asks for what the alternative asked for, at its total."""

    class Meta:
        verbose_name = _("origin of a quote")
        verbose_name_plural = _("origins of quotes")

    def __str__(self) -> str:
        return f"{self.quote_id} {self.alternative_id}"


def shown_comparison_state(*, withdrawn: bool, quoted: bool, chosen: bool, valid_until: date, on: date) -> str:
    """The state as people see it on a day in Japan: a key of STATES."""
    if withdrawn:
        return "withdrawn"
    if quoted:
        return "quoted"
    if valid_until < on:
        return "expired"
    return "chosen" if chosen else "open"


COMPARISON_FIELDS = (
    "key reseller_id customer_id price_list_id made_by_id made_by_name month sequence number made_at made_on "
    "valid_until retain_until customer_name license_codes subject is_sample document sha256"
).split()
LICENSE_ID_FIELDS = "position licenseid_id license_code".split()
ALTERNATIVE_FIELDS = "position label asked subtotal tax total".split()


def comparison_hash(comparison: Any, license_ids: Iterable[Any], alternatives: Iterable[Any]) -> str:
    """SHA-256 over a comparison with its license IDs and alternatives in their order: the log's entry of it has it.

    Never change what goes in: comparisons already made keep their hash.
    """
    return digest(
        [
            [getattr(comparison, name) for name in COMPARISON_FIELDS],
            [[getattr(row, name) for name in LICENSE_ID_FIELDS] for row in license_ids],
            [[getattr(row, name) for name in ALTERNATIVE_FIELDS] for row in alternatives],
        ]
    )
