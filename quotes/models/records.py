"""Quotes as records: what was issued never changes.

`Quote`, `QuotePart`, `QuotedHolding`, `QuoteLine`, `QuoteDocument` and `QuoteEvent` (`.events`) are written
once. The database refuses to update or delete them (`quotes.models.protection`); the models refuse it earlier, with
words. How a quote stands today is beside the record, in `QuoteStatus` (`.status`).
"""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from foundation.text.search import SearchKeyField
from licensing.models import Customer, LicenseID, Product, Reseller, User
from pricing.models import PriceList

CHECK_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of check codes: without I, L, O and U, which are misread. 12 of these 32 are 60 bits."""
CHECK_LENGTH = 12
CODES_BETWEEN = " / "
"""What stands between the codes of several license IDs; no code has a space."""


class RecordIsImmutable(Exception):
    """Something tried to change or delete an issued quote. A correction is a new revision."""


class RecordQuerySet(models.QuerySet[Any, Any]):
    """Rows that are written once."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise RecordIsImmutable(f"{self.model.__name__}: issued records are never changed.")

    def delete(self) -> NoReturn:
        raise RecordIsImmutable(f"{self.model.__name__}: issued records are never deleted.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RecordIsImmutable(f"{self.model.__name__}: issued records are never changed.")


class Record(models.Model):
    """A row that is written once and then only read."""

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RecordIsImmutable(f"{type(self).__name__} {self.pk}: issued records are never changed.")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RecordIsImmutable(f"{type(self).__name__} {self.pk}: issued records are never deleted.")


class QuoteNumber(models.Model):
    """The last number given, per reseller and month: numbers are taken here, without gaps or duplicates."""

    reseller = models.ForeignKey(
        Reseller, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("reseller")
    )
    month = models.CharField(_("month"), max_length=4)
    """`yymm`, of the day of issue in Japan."""
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("quote number")
        verbose_name_plural = _("quote numbers")
        constraints = [models.UniqueConstraint(name="quote_number_one_per_month", fields=["reseller", "month"])]

    def __str__(self) -> str:
        return f"Q{self.month}-{self.last:04d}"


class Quote(Record):
    """An issued quote, as it was. Nothing here is recalculated, and nothing follows the rows it was made from."""

    key = models.UUIDField(_("key"), unique=True, editable=False)
    """Names the quote in addresses, and makes issuing idempotent: one key, one quote."""
    reseller = models.ForeignKey(
        Reseller, on_delete=models.PROTECT, related_name="quotes", db_index=False, verbose_name=_("reseller")
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="quotes", db_index=False, verbose_name=_("customer")
    )
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="+", verbose_name=_("price list"))
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("issued by"))

    month = models.CharField(_("month"), max_length=4)
    sequence = models.PositiveIntegerField(_("number in the month"))
    revision = models.PositiveSmallIntegerField(_("revision"), default=0)
    number = models.CharField(_("number"), max_length=20)
    """`Q2611-0042-00`: month, number, revision. Unique per reseller."""
    revises = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="revised_by", verbose_name=_("revises")
    )
    """The revision before this one; None for revision 00."""
    check_code = models.CharField(_("check code"), max_length=CHECK_LENGTH, null=True, unique=True, editable=False)
    """By which whoever holds the PDF can ask whether it still counts. None for quotes issued before there was one."""

    issued_at = models.DateTimeField(_("issued at"))
    issued_on = models.DateField(_("issue day"))
    valid_until = models.DateField(_("valid until"))
    """The last day of validity, until its end in Japan (R15)."""
    retain_until = models.DateField(_("kept until"))
    """The last day on which nobody may delete this record (RETENTION_YEARS after its issue)."""

    customer_name = models.CharField(_("customer"), max_length=200)
    license_codes = models.TextField(_("license IDs"))
    """The codes of its parts, in their order, with CODES_BETWEEN between them."""
    issued_by_name = models.CharField(_("issued by"), max_length=100)
    subject = models.CharField(_("subject"), max_length=200)
    is_sample = models.BooleanField(_("sample prices"))
    subtotal = models.BigIntegerField(_("subtotal"))
    tax = models.BigIntegerField(_("tax"))
    total = models.BigIntegerField(_("total"))

    asked = models.JSONField(_("what was wanted"))
    """`renewals.asked.Asked`, as its `to_json` writes it: prices of its day give its lines again."""
    document = models.JSONField(_("the document"))
    """`quotes.paper.document.Document`: all that the PDF shows."""
    acknowledged = models.JSONField(_("warnings read"))
    """List of `{code, ja, en, by, by_name, at}`."""
    trace = models.JSONField(_("calculation"))
    """The whole trace in both languages, see `quotes.record.offers.Offer`."""
    search_key = SearchKeyField(sources=("number", "customer_name", "license_codes", "subject"))

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        ordering = ["-issued_at", "-pk"]
        indexes = [
            models.Index(fields=["reseller", "-issued_at", "-id"], name="quote_in_order"),
            models.Index(fields=["reseller", "-issued_on", "-issued_at", "-id"], name="quote_by_day_in_order"),
            models.Index(fields=["reseller", "valid_until"], name="quote_by_validity"),
            models.Index(fields=["reseller", "issued_by_name"], name="quote_by_issuer"),
            models.Index(fields=["reseller", "issued_on", "total"], name="quote_by_day"),
            models.Index(fields=["reseller", "total"], name="quote_by_total"),
            models.Index(fields=["customer", "issued_on"], name="quote_by_customer"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="quote_number_unique",
                fields=["reseller", "month", "sequence", "revision"],
                violation_error_message=_("This quote number has been given already."),
            ),
            models.CheckConstraint(
                name="quote_total_is_sum",
                condition=Q(total=F("subtotal") + F("tax")),
                violation_error_message=_("The total must be the subtotal and the tax."),
            ),
            models.CheckConstraint(
                name="quote_amounts_not_negative",
                condition=Q(subtotal__gte=0, tax__gte=0),
                violation_error_message=_("A quote's amounts are never negative."),
            ),
            models.CheckConstraint(
                name="quote_valid_from_issue",
                condition=Q(valid_until__gte=F("issued_on")),
                violation_error_message=_("A quote is valid at least on its issue day."),
            ),
            models.CheckConstraint(
                name="quote_retained_while_valid",
                condition=Q(retain_until__gte=F("valid_until")),
                violation_error_message=_("A quote is kept at least as long as it is valid."),
            ),
            models.CheckConstraint(
                name="quote_first_revises_nothing",
                condition=Q(revision=0, revises__isnull=True) | Q(revision__gte=1, revises__isnull=False),
                violation_error_message=_("Every revision but the first revises the one before it."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def base_number(self) -> str:
        """The number that all its revisions share: `Q2611-0042`."""
        return self.number.rpartition("-")[0]

    @property
    def license_code(self) -> str:
        """The code of its first license ID."""
        return self.license_codes.partition(CODES_BETWEEN)[0]


class QuotePart(Record):
    """One license ID of an issued quote, as it was priced by itself (R16, R18)."""

    quote = models.ForeignKey(
        Quote, on_delete=models.PROTECT, related_name="parts", db_index=False, verbose_name=_("quote")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    licenseid = models.ForeignKey(
        LicenseID, on_delete=models.PROTECT, related_name="quote_parts", verbose_name=_("license ID")
    )
    license_code = models.CharField(_("code of the license ID"), max_length=40)
    years = models.PositiveSmallIntegerField(_("years"))
    is_reduced = models.BooleanField(_("reduced renewal"))
    subtotal = models.BigIntegerField(_("subtotal"))
    """Yen, tax excluded: tax is on the sum of all parts (R14)."""

    class Meta:
        verbose_name = _("license ID of a quote")
        verbose_name_plural = _("license IDs of quotes")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="quote_part_position_unique", fields=["quote", "position"]),
            models.UniqueConstraint(name="quote_part_license_id_once", fields=["quote", "licenseid"]),
            models.CheckConstraint(
                name="quote_part_years_range",
                condition=Q(years__gte=1, years__lte=settings.LONGEST_TERM),
                violation_error_message=format_lazy(
                    _("The term must be 1 to {most} years (R1)."), most=settings.LONGEST_TERM
                ),
            ),
            models.CheckConstraint(name="quote_part_amount_not_negative", condition=Q(subtotal__gte=0)),
        ]

    def __str__(self) -> str:
        return self.license_code


class QuotedHolding(Record):
    """A holding that an issued quote renews or discontinues, and for which days: so quotes of the same are found (R22).

    An index of `Quote.asked`, which is sealed and says more. `holding` is the number of its row and no foreign key:
    the row ends when it is discontinued, the record stays.
    """

    quote = models.ForeignKey(
        Quote, on_delete=models.PROTECT, related_name="holdings", db_index=False, verbose_name=_("quote")
    )
    part = models.ForeignKey(
        QuotePart, on_delete=models.PROTECT, related_name="holdings", verbose_name=_("license ID of a quote")
    )
    holding = models.BigIntegerField(_("holding"), db_index=True)
    term_from = models.DateField(_("term from"))
    term_until = models.DateField(_("term until"), null=True)
    """None: without an end, where the holding is discontinued."""

    class Meta:
        verbose_name = _("quoted holding")
        verbose_name_plural = _("quoted holdings")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="quoted_holding_once", fields=["quote", "holding"]),
            models.CheckConstraint(
                name="quoted_holding_term_in_order",
                condition=Q(term_until__isnull=True) | Q(term_from__lte=F("term_until")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.holding)


class QuoteLine(Record):
    """One line of an issued quote, as it was."""

    class Kind(models.TextChoices):
        RENEWAL = "renewal", _("renewal")
        REDUCED_RENEWAL = "reduced_renewal", _("reduced renewal")
        ADDITION = "addition", _("addition")

    quote = models.ForeignKey(
        Quote, on_delete=models.PROTECT, related_name="lines", db_index=False, verbose_name=_("quote")
    )
    part = models.ForeignKey(
        QuotePart, on_delete=models.PROTECT, related_name="lines", verbose_name=_("license ID of a quote")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    """Counted through all license IDs of the quote."""
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", verbose_name=_("product"))
    product_code = models.CharField(_("product code"), max_length=40)
    product_name = models.CharField(_("product name"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40)
    held_quantity = models.PositiveIntegerField(_("held quantity"), null=True)
    quantity = models.PositiveIntegerField(_("quantity"))
    rank = models.CharField(_("rank"), max_length=10)
    renewal_price = models.PositiveIntegerField(_("renewal price"))
    addition_price = models.PositiveIntegerField(_("addition price"), null=True)
    years = models.PositiveSmallIntegerField(_("years"))
    discount_percent = models.DecimalField(_("discount in percent"), max_digits=5, decimal_places=2, null=True)
    amount = models.BigIntegerField(_("amount"))
    """Yen, tax excluded."""
    support_expires_on = models.DateField(_("support expiry"), null=True)
    term_from = models.DateField(_("term from"))
    term_until = models.DateField(_("term until"))

    class Meta:
        verbose_name = _("quote line")
        verbose_name_plural = _("quote lines")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="quote_line_position_unique", fields=["quote", "position"]),
            models.CheckConstraint(name="quote_line_quantity_positive", condition=Q(quantity__gte=1)),
            models.CheckConstraint(name="quote_line_amount_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(name="quote_line_term_in_order", condition=Q(term_from__lte=F("term_until"))),
            models.CheckConstraint(
                name="quote_line_kind_known", condition=Q(kind__in=["renewal", "reduced_renewal", "addition"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.product_code}"


class QuoteDocument(Record):
    """The PDF that was handed out, byte for byte."""

    quote = models.OneToOneField(Quote, on_delete=models.PROTECT, related_name="pdf", verbose_name=_("quote"))
    content = models.BinaryField(_("PDF"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("quote document")
        verbose_name_plural = _("quote documents")
        constraints = [
            models.CheckConstraint(name="quote_document_has_hash", condition=~Q(sha256="")),
        ]

    def __str__(self) -> str:
        return self.sha256
