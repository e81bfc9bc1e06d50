"""Resellers, the people who log in, and the customers who are quoted."""

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.integrity.history import History, KeptQuerySet
from foundation.text.addresses import clean_address
from foundation.text.language import LANGUAGES
from foundation.text.search import SearchKeyField
from foundation.text.validators import validate_printable

from .roles import RESELLER_ROLES, Role, may, may_enter
from .validators import validate_image, validate_registration_number

POSTAL_CODE = RegexValidator(r"\A[0-9]{3}-[0-9]{4}\Z", _("Write the postal code as 123-4567."))


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
                name="reseller_name_not_empty",
                condition=~Q(name=""),
                violation_error_message=_("Enter the reseller's company name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """A company that holds licenses and is quoted by one reseller."""

    reseller = models.ForeignKey(
        Reseller, on_delete=models.PROTECT, related_name="customers", verbose_name=_("reseller")
    )
    name = models.CharField(
        _("company name"),
        max_length=200,
        help_text=_("The formal name, with 株式会社 written out."),
        validators=[validate_printable],
    )
    kana = models.CharField(
        _("name in kana"), max_length=200, blank=True, help_text=_("For searching and sorting; not printed.")
    )
    department = models.CharField(_("department"), max_length=200, blank=True, validators=[validate_printable])
    person = models.CharField(
        _("contact person"),
        max_length=100,
        blank=True,
        help_text=_("With a person, the quote adds 様 to the name; without one, 御中 to the company."),
        validators=[validate_printable],
    )
    postal_code = models.CharField(_("postal code"), max_length=8, blank=True, validators=[POSTAL_CODE])
    address = models.CharField(_("address"), max_length=300, blank=True, validators=[validate_printable])
    language = models.CharField(_("language of quotes"), max_length=2, choices=LANGUAGES, default="ja")
    segment = models.CharField(
        _("customer segment"),
        max_length=40,
        blank=True,
        help_text=_("官公庁, 教育 or 一般. Quoting products that are made for another segment gives a warning (R19)."),
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    """The customer that it has become: then only what was issued to it hangs on it, and its names go on to be found."""
    search_key = SearchKeyField(sources=("name", "kana"))
    contact_key = SearchKeyField(sources=("person",))

    objects = KeptQuerySet.as_manager()
    history: Any = History(without=["search_key", "contact_key"])

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["kana", "name", "pk"]
        indexes = [models.Index(fields=["reseller", "kana", "name"], name="customer_by_reseller")]
        constraints = [
            models.CheckConstraint(
                name="customer_name_not_empty",
                condition=~Q(name=""),
                violation_error_message=_("Enter the customer's company name."),
            ),
            models.CheckConstraint(
                name="customer_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
                violation_error_message=_("A customer is not merged into itself."),
            ),
            models.CheckConstraint(
                name="customer_language_known",
                condition=Q(language__in=["ja", "en"]),
                violation_error_message=_("Choose Japanese or English as the language of quotes."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def present_id(self) -> int:
        """The row number of the customer that it is now: its own, or that into which it was merged."""
        return self.merged_into_id or self.pk


class UserManager(BaseUserManager["User"]):
    """Users are made by e-mail address; there is no user name."""

    use_in_migrations = True
    _queryset_class = KeptQuerySet

    def create_user(self, *, email: str, name: str, role: str, password: str | None = None, **fields: Any) -> "User":
        """Save a new user. Without a password the user cannot log in until one is set.

        A portal admin gets every permission, unless `is_superuser` says otherwise.
        Raises ValueError without an e-mail address, IntegrityError where role and company do not fit.
        """
        if not email:
            raise ValueError("A user needs an e-mail address.")
        fields.setdefault("is_superuser", role == User.Role.ADMIN)
        user = self.model(email=clean_address(email), name=name, role=role, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, *, email: str, password: str | None = None, name: str = "", **fields: Any) -> "User":
        """Save a portal admin with every permission."""
        fields.update(is_superuser=True)
        return self.create_user(email=email, name=name or email, role=User.Role.ADMIN, password=password, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who logs in: one of a reseller's people, contact of one customer, price admin or portal admin."""

    Role = Role

    email = models.EmailField(
        _("e-mail"), unique=True, error_messages={"unique": _("A user with this e-mail address exists already.")}
    )
    name = models.CharField(
        pgettext_lazy("of a person", "name"),
        max_length=100,
        help_text=_("Printed on quotes as the person in charge."),
        validators=[validate_printable],
    )
    name_en = models.CharField(
        _("name in Latin letters"),
        max_length=100,
        blank=True,
        help_text=_("For quotes in English, for example Yoko Aoki. Without it they show the name above."),
        validators=[validate_printable],
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    reseller = models.ForeignKey(
        Reseller,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
        verbose_name=_("reseller"),
        help_text=_("For staff and managers only: they see this reseller's customers and quotes, and no other's."),
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
        limit_choices_to={"merged_into": None},
        verbose_name=_("customer"),
        help_text=_("For customer contacts only."),
    )
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Without this mark nobody can log in."))
    joined_at = models.DateTimeField(_("joined at"), auto_now_add=True)
    search_key = SearchKeyField(sources=("name", "name_en", "email"))

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()
    history: Any = History(without=["password", "last_login", "joined_at", "search_key"])
    """Nothing that tells of a password goes into the history, and no log-ins."""

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(
                name="user_role_fits_company",
                condition=Q(role__in=["staff", "manager"], reseller__isnull=False, customer__isnull=True)
                | Q(role="customer", reseller__isnull=True, customer__isnull=False)
                | Q(role__in=["price_admin", "admin"], reseller__isnull=True, customer__isnull=True),
                violation_error_message=_(
                    "Reseller staff and managers belong to one reseller, customer contacts to one customer, "
                    "price admins and portal admins to neither."
                ),
            ),
            models.CheckConstraint(
                name="user_superuser_is_admin",
                condition=Q(is_superuser=False) | Q(role="admin"),
                violation_error_message=_("Only a portal admin may have every permission."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Whether Django admin lets the user in: portal admins and price admins, each as far as `may` says."""
        return self.role in (Role.ADMIN, Role.PRICE_ADMIN)

    @property
    def is_portal_admin(self) -> bool:
        return self.role == Role.ADMIN

    @property
    def is_price_admin(self) -> bool:
        return self.role == Role.PRICE_ADMIN

    @property
    def is_manager(self) -> bool:
        """Manages their reseller's people, customers and texts."""
        return self.role == Role.MANAGER

    @property
    def is_reseller_staff(self) -> bool:
        """Makes quotes for a reseller: its staff, and its managers, who may do everything staff may."""
        return self.role in RESELLER_ROLES

    @property
    def keeps_holdings(self) -> bool:
        """Whether they may enter and correct license IDs and holdings of their reseller, on its pages."""
        if not self.is_reseller_staff or self.reseller is None:
            return False
        kept_by = self.reseller.holdings_kept_by
        return kept_by == Reseller.HoldingsKeptBy.STAFF or (
            kept_by == Reseller.HoldingsKeptBy.MANAGERS and self.is_manager
        )

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Permissions come from the role alone (`roles.may`); there are no groups and no single permissions."""
        return self.is_active and (self.is_superuser or may(self.role, perm))

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and (self.is_superuser or may_enter(self.role, app_label))

    def get_short_name(self: Self) -> str:
        return self.name
