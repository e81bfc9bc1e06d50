"""The people who log in."""

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.integrity.history import History, KeptQuerySet
from foundation.text.addresses import clean_address
from foundation.text.search import SearchKeyField
from foundation.text.validators import validate_printable

from .customers import Customer
from .resellers import MOST_YEN, Reseller
from .roles import RESELLER_ROLES, Role, may, may_enter


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
    department = models.CharField(
        _("own department"),
        max_length=60,
        blank=True,
        help_text=_("Printed on quotes before the name of the person in charge."),
        validators=[validate_printable],
    )
    department_en = models.CharField(
        _("own department (English)"), max_length=60, blank=True, validators=[validate_printable]
    )
    job_title = models.CharField(_("job title"), max_length=60, blank=True, validators=[validate_printable])
    job_title_en = models.CharField(
        _("job title (English)"), max_length=60, blank=True, validators=[validate_printable]
    )
    direct_phone = models.CharField(
        _("direct telephone"),
        max_length=30,
        blank=True,
        help_text=_("Printed on quotes beside the person in charge."),
        validators=[validate_printable],
    )
    printed_email = models.EmailField(
        _("e-mail as printed"),
        blank=True,
        help_text=_("Printed on quotes beside the person in charge. Log-ins go by the other address."),
        validators=[validate_printable],
    )
    mail_signature = models.TextField(
        _("signature of e-mails"),
        max_length=1000,
        blank=True,
        help_text=_("Stands where a letter has {signature}, which ends the portal’s own texts."),
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
    may_see_margins = models.BooleanField(
        _("sees cost and margin"),
        default=False,
        help_text=_(
            "For staff: cost rates, and what is left of each quote after them. Managers always see them, "
            "customers never."
        ),
    )
    approves = models.BooleanField(
        _("may approve quotes"),
        default=False,
        help_text=_("Of colleagues, where the reseller’s thresholds ask for it; never of their own."),
    )
    approves_amount = models.BigIntegerField(
        _("approves up to, in yen"),
        null=True,
        blank=True,
        help_text=_("The total with tax. Empty: any amount."),
    )
    approves_reduction = models.DecimalField(
        _("approves reductions up to, in percent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Of the list subtotal. Empty: any reduction."),
    )
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Without this mark nobody can log in."))
    joined_at = models.DateTimeField(_("joined at"), auto_now_add=True)
    search_key = SearchKeyField(sources=("name", "name_en", "email"))

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()
    history: Any = History(without=["password", "last_login", "joined_at", "search_key"], asked_by=["reseller"])
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
                name="user_approves_for_reseller",
                condition=Q(approves=False) | Q(role__in=["staff", "manager"]),
                violation_error_message=_("Only reseller staff and managers approve quotes."),
            ),
            models.CheckConstraint(
                name="user_approves_amount_range",
                condition=Q(approves_amount__isnull=True) | Q(approves_amount__gte=0, approves_amount__lte=MOST_YEN),
                violation_error_message=_("Enter ¥0 or more, or leave it empty."),
            ),
            models.CheckConstraint(
                name="user_approves_reduction_range",
                condition=Q(approves_reduction__isnull=True)
                | Q(approves_reduction__gte=0, approves_reduction__lte=100),
                violation_error_message=_("Enter 0 to 100 percent, or leave it empty."),
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
    def sees_margins(self) -> bool:
        """Whether they see what their reseller pays itself, and what is left of a price after it."""
        return self.is_manager or (self.is_reseller_staff and self.may_see_margins)

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
