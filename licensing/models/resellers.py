"""Resellers: who sells licenses and makes quotes."""

from typing import Any

from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.integrity.history import History, KeptQuerySet
from foundation.text.validators import validate_printable

from .validators import validate_image, validate_registration_number

MOST_YEN = 10**13
"""Of a threshold: nobody quotes as much."""
POSTAL_CODE = RegexValidator(r"\A[0-9]{3}-[0-9]{4}\Z", _("Write the postal code as 123-4567."))

LATIN = RegexValidator(r"\A[ -~]*\Z", _("Write it in English letters, for example Sample Bank."))


class Reseller(models.Model):
    """A company that sells the vendor's licenses and makes quotes: the issuer printed on them."""

    class TaxRounding(models.TextChoices):
        """How a fraction of a yen of tax is rounded (R14)."""

        DOWN = "down", _("down")
        HALF_UP = "half_up", _("half up")
        UP = "up", _("up")

    class CustomersSee(models.TextChoices):
        """From when customers with a log-in see a quote."""

        SENT = "sent", _("when it was sent or shared")
        ISSUED = "issued", _("as soon as it is issued")

    class AccountKind(models.TextChoices):
        """預金種別, of the account to which customers pay."""

        ORDINARY = "ordinary", _("ordinary account")
        CURRENT = "current", _("current account")

    class HoldingsKeptBy(models.TextChoices):
        """Who of the reseller's people enters and corrects license IDs and holdings."""

        NOBODY = "nobody", _("nobody: portal admins only")
        MANAGERS = "managers", _("managers")
        STAFF = "staff", _("managers and staff")

    code = models.SlugField(
        _("code"), unique=True, max_length=40, help_text=_("Short name in Latin letters; never shown to customers.")
    )
    name = models.CharField(
        _("company name"),
        max_length=200,
        help_text=_("The formal name, as it is to be printed on quotes."),
        validators=[validate_printable],
    )
    name_en = models.CharField(
        _("company name (English)"),
        max_length=200,
        blank=True,
        help_text=_("For quotes in English. Without it they show the Japanese name."),
        validators=[validate_printable],
    )
    postal_code = models.CharField(_("postal code"), max_length=8, blank=True, validators=[POSTAL_CODE])
    address = models.CharField(_("address"), max_length=300, blank=True, validators=[validate_printable])
    address_en = models.CharField(
        _("address (English)"),
        max_length=300,
        blank=True,
        help_text=_("For quotes in English, with “Japan”. Without it they show the Japanese address."),
        validators=[validate_printable],
    )
    phone = models.CharField(_("telephone"), max_length=30, blank=True, validators=[validate_printable])
    email = models.EmailField(_("e-mail"), blank=True, validators=[validate_printable])
    registration_number = models.CharField(
        _("qualified-invoice number"),
        max_length=14,
        blank=True,
        validators=[validate_registration_number],
        help_text=_("T and 13 digits; the check digit is verified. Printed on quotes if set."),
    )
    seal = models.FileField(
        _("seal image"),
        upload_to="resellers/",
        blank=True,
        validators=[FileExtensionValidator(["png", "jpg", "jpeg", "svg"]), validate_image],
        help_text=_(
            "The company’s seal (角印): a PNG with a transparent background, or a JPEG. Without it, quotes say "
            "押印省略 (seal omitted)."
        ),
    )
    logo = models.FileField(
        _("logo"),
        upload_to="resellers/",
        blank=True,
        validators=[FileExtensionValidator(["png", "jpg", "jpeg", "svg"]), validate_image],
    )
    delivery = models.CharField(
        _("delivery"),
        max_length=200,
        blank=True,
        help_text=_("When and how it is delivered, as printed on quotes."),
        validators=[validate_printable],
    )
    delivery_en = models.CharField(_("delivery (English)"), max_length=200, blank=True, validators=[validate_printable])
    payment_terms = models.CharField(
        _("payment terms"),
        max_length=200,
        blank=True,
        help_text=_("As printed on quotes."),
        validators=[validate_printable],
    )
    payment_terms_en = models.CharField(
        _("payment terms (English)"), max_length=200, blank=True, validators=[validate_printable]
    )
    remarks = models.TextField(
        _("remarks"),
        max_length=1000,
        blank=True,
        help_text=_("Under the remarks of each quote, below the note to the customer."),
        validators=[validate_printable],
    )
    remarks_en = models.TextField(_("remarks (English)"), max_length=1000, blank=True, validators=[validate_printable])
    bank_name = models.CharField(_("bank"), max_length=60, blank=True, validators=[validate_printable])
    bank_branch = models.CharField(_("branch"), max_length=60, blank=True, validators=[validate_printable])
    bank_account_kind = models.CharField(
        _("kind of account"), max_length=8, choices=AccountKind.choices, default=AccountKind.ORDINARY
    )
    bank_account_number = models.CharField(
        _("account number"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"\A[0-9]{4,7}\Z", _("Write the account number in 4 to 7 digits."))],
    )
    bank_account_holder = models.CharField(
        _("account holder (kana)"),
        max_length=60,
        blank=True,
        help_text=_("As the bank writes it, for example アオバミホンシステム（カ."),
        validators=[validate_printable],
    )
    bank_name_en = models.CharField(
        _("bank (English)"),
        max_length=60,
        blank=True,
        help_text=_("On quotes in English, for example Sample Bank. Empty: as above."),
        validators=[LATIN],
    )
    bank_branch_en = models.CharField(_("branch (English)"), max_length=60, blank=True, validators=[LATIN])
    bank_account_holder_en = models.CharField(
        _("account holder (English)"), max_length=60, blank=True, validators=[LATIN]
    )
    prints_bank_account = models.BooleanField(
        _("bank account on quotes"),
        default=False,
        help_text=_("Quotes issued from now on say to which account customers pay."),
    )
    validity_days = models.PositiveSmallIntegerField(
        _("validity in days"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("A quote is valid for this many days after its issue, unless something ends it earlier (R15)."),
    )
    tax_rounding = models.CharField(
        _("rounding of tax"),
        max_length=8,
        choices=TaxRounding.choices,
        default=TaxRounding.DOWN,
        help_text=_("How a fraction of a yen of tax is rounded, once per quote and tax rate (R14)."),
    )
    shows_list_prices = models.BooleanField(
        _("list prices beside offered prices"),
        default=True,
        help_text=_(
            "A quote below the list shows list prices and reductions; else net prices only, "
            "and no calculation page (R20)."
        ),
    )
    customers_see_quotes = models.CharField(
        _("customers with a log-in see a quote"),
        max_length=8,
        choices=CustomersSee.choices,
        default=CustomersSee.SENT,
        help_text=_(
            "Sent or shared: by e-mail from the portal, or by a share link. "
            "A quote that went out as a PDF only stays unseen until then."
        ),
    )
    holdings_kept_by = models.CharField(
        _("license IDs and holdings are kept by"),
        max_length=8,
        choices=HoldingsKeptBy.choices,
        default=HoldingsKeptBy.MANAGERS,
        help_text=_("Who of the reseller adds license IDs, and enters and corrects what they hold."),
    )
    approval_reduction = models.DecimalField(
        _("reduction above which a quote needs approval, in percent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Of the list subtotal, the whole reduction (R20). Empty: never asked for."),
    )
    approval_amount = models.BigIntegerField(
        _("amount above which a quote needs approval, in yen"),
        null=True,
        blank=True,
        help_text=_("The total with tax. Empty: never asked for."),
    )
    approval_line_margin = models.DecimalField(
        _("margin of a line below which a quote needs approval, in percent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Of what the line is offered at, by the cost rates of the day. Empty: never asked for."),
    )
    approval_quote_margin = models.DecimalField(
        _("margin of the quote below which it needs approval, in percent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Of what is offered, as far as it has cost rates. Empty: never asked for."),
    )
    approval_unrated = models.BooleanField(
        _("a line without a cost rate needs approval"),
        default=False,
        help_text=_("Nobody can say what is left of it, and nothing is guessed."),
    )
    requires_mfa = models.BooleanField(
        _("requires a second factor"),
        default=False,
        help_text=_(
            "Staff and managers must set up an authenticator app or a passkey before they can go on. "
            "Portal admins and price admins must anyway."
        ),
    )

    objects = KeptQuerySet.as_manager()
    history: Any = History()

    class Meta:
        verbose_name = _("reseller")
        verbose_name_plural = _("resellers")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reseller_validity_days_range",
                condition=Q(validity_days__gte=1, validity_days__lte=365),
                violation_error_message=_("The validity must be between 1 and 365 days."),
            ),
            models.CheckConstraint(
                name="reseller_tax_rounding_known",
                condition=Q(tax_rounding__in=["down", "half_up", "up"]),
                violation_error_message=_("Choose how tax is rounded: down, half up or up."),
            ),
            models.CheckConstraint(
                name="reseller_customers_see_known",
                condition=Q(customers_see_quotes__in=["sent", "issued"]),
                violation_error_message=_("Choose from when customers see a quote: once sent, or once issued."),
            ),
            models.CheckConstraint(
                name="reseller_holdings_kept_by_known",
                condition=Q(holdings_kept_by__in=["nobody", "managers", "staff"]),
                violation_error_message=_("Choose who keeps license IDs and holdings."),
            ),
            models.CheckConstraint(
                name="reseller_bank_account_kind_known",
                condition=Q(bank_account_kind__in=["ordinary", "current"]),
                violation_error_message=_("Choose the kind of account."),
            ),
            models.CheckConstraint(
                name="reseller_printed_account_is_whole",
                condition=Q(prints_bank_account=False)
                | ~(Q(bank_name="") | Q(bank_branch="") | Q(bank_account_number="") | Q(bank_account_holder="")),
                violation_error_message=_(
                    "Enter bank, branch, number and holder of the account that quotes are to show."
                ),
            ),
            models.CheckConstraint(
                name="reseller_english_account_is_whole",
                condition=Q(bank_name_en="", bank_branch_en="", bank_account_holder_en="")
                | ~(Q(bank_name_en="") | Q(bank_branch_en="") | Q(bank_account_holder_en="")),
                violation_error_message=_("Enter bank, branch and holder in English letters, all three or none."),
            ),
            models.CheckConstraint(
                name="reseller_approval_reduction_range",
                condition=Q(approval_reduction__isnull=True)
                | Q(approval_reduction__gte=0, approval_reduction__lte=100),
                violation_error_message=_("Enter 0 to 100 percent, or leave it empty."),
            ),
            models.CheckConstraint(
                name="reseller_approval_line_margin_range",
                condition=Q(approval_line_margin__isnull=True)
                | Q(approval_line_margin__gte=0, approval_line_margin__lte=100),
                violation_error_message=_("Enter 0 to 100 percent, or leave it empty."),
            ),
            models.CheckConstraint(
                name="reseller_approval_quote_margin_range",
                condition=Q(approval_quote_margin__isnull=True)
                | Q(approval_quote_margin__gte=0, approval_quote_margin__lte=100),
                violation_error_message=_("Enter 0 to 100 percent, or leave it empty."),
            ),
            models.CheckConstraint(
                name="reseller_approval_amount_range",
                condition=Q(approval_amount__isnull=True) | Q(approval_amount__gte=0, approval_amount__lte=MOST_YEN),
                violation_error_message=_("Enter ¥0 or more, or leave it empty."),
            ),
            models.CheckConstraint(
                name="reseller_name_not_empty",
                condition=~Q(name=""),
                violation_error_message=_("Enter the reseller's company name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
