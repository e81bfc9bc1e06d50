"""Invitations: the only way in. Nobody signs up, and nobody types a password for somebody else."""

import hashlib
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.text.language import LANGUAGES
from foundation.text.validators import validate_printable

from .customers import Customer
from .people import User
from .resellers import Reseller
from .roles import Role


class Invitation(models.Model):
    """Somebody may come in once, with the role and company written here, until a moment.

    Only the hash of its token is kept: the link itself is known to whoever was given it.
    """

    class State(models.TextChoices):
        """Derived, never stored: an invitation expires without anybody doing anything."""

        OPEN = "open", _("open")
        EXPIRED = "expired", pgettext_lazy("an invitation or a link", "expired")
        ACCEPTED = "accepted", pgettext_lazy("an invitation", "accepted")
        REVOKED = "revoked", _("revoked")

    email = models.EmailField(_("e-mail"))
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=100, validators=[validate_printable])
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    reseller = models.ForeignKey(
        Reseller, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reseller")
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        limit_choices_to={"merged_into": None},
        verbose_name=_("customer"),
    )
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="ja")
    invited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("invited by")
    )
    created_at = models.DateTimeField(_("invited at"), editable=False)
    expires_at = models.DateTimeField(_("link valid until"), editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, editable=False)
    user = models.OneToOneField(
        User,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="invitation",
        verbose_name=_("user"),
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="invitation_role_fits_company",
                condition=Q(role__in=["staff", "manager"], reseller__isnull=False, customer__isnull=True)
                | Q(role="customer", reseller__isnull=True, customer__isnull=False)
                | Q(role__in=["price_admin", "admin"], reseller__isnull=True, customer__isnull=True),
                violation_error_message=_(
                    "Reseller staff and managers belong to one reseller, customer contacts to one customer, "
                    "price admins and portal admins to neither."
                ),
            ),
            models.CheckConstraint(
                name="invitation_email_is_lower_case",
                condition=Q(email=Lower("email")) & ~Q(email=""),
                violation_error_message=_("Enter the e-mail address in small letters."),
            ),
            models.CheckConstraint(
                name="invitation_expires_after_it_began",
                condition=Q(expires_at__gt=F("created_at")),
                violation_error_message=_("An invitation must be valid for some time."),
            ),
            models.CheckConstraint(
                name="invitation_accepted_or_revoked",
                condition=Q(accepted_at__isnull=True, user__isnull=True)
                | Q(accepted_at__isnull=False, revoked_at__isnull=True),
                violation_error_message=_("An accepted invitation cannot be revoked, one revoked has no user."),
            ),
            # One open invitation for an address and a company, and no more: a reseller is not to learn from a refusal
            # whom another one invites.
            models.UniqueConstraint(
                name="invitation_open_once_per_reseller",
                fields=["email", "reseller"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True, reseller__isnull=False),
                violation_error_message=_("This address has an open invitation already."),
            ),
            models.UniqueConstraint(
                name="invitation_open_once_per_customer",
                fields=["email", "customer"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True, customer__isnull=False),
                violation_error_message=_("This address has an open invitation already."),
            ),
            models.UniqueConstraint(
                name="invitation_open_once_to_the_portal",
                fields=["email"],
                condition=Q(
                    accepted_at__isnull=True, revoked_at__isnull=True, reseller__isnull=True, customer__isnull=True
                ),
                violation_error_message=_("This address has an open invitation already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    @property
    def company(self) -> Reseller | Customer | None:
        return self.reseller or self.customer

    def state_at(self, now: datetime) -> State:
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.revoked_at:
            return self.State.REVOKED
        return self.State.OPEN if self.expires_at > now else self.State.EXPIRED


def hash_token(token: str) -> str:
    """By what the token of a link is kept and found. 32 random bytes need no salt."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
