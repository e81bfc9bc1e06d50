"""The roles of people, and what each may do in the administration: decided here and nowhere else.

What people see of customers and quotes is decided by `licensing.queries` and `quotes.record.queries`.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    STAFF = "staff", _("reseller staff")
    MANAGER = "manager", _("reseller manager")
    CUSTOMER = "customer", _("customer contact")
    PRICE_ADMIN = "price_admin", _("price admin")
    ADMIN = "admin", _("portal admin")


RESELLER_ROLES = (Role.STAFF, Role.MANAGER)
"""Those who belong to a reseller and make its quotes."""

_PRICE_ADMIN_MODELS = {
    "foundation": {"batch": {"view"}},
    "licensing": {
        "formercode": {"view", "add", "change", "delete"},
        "product": {"view", "add", "change"},
        "programme": {"view", "add", "change"},
    },
    "renewals": {"impactrun": {"view"}},
}
"""What a price admin may do beyond the app of prices, all of which is theirs.

No deleting of products: what keeps one, Django lists by license ID. A portal admin has every permission by
`is_superuser`; nobody else has any.
"""
_NOT_THEIRS = ("costrate", "historicalcostrate")
"""What a reseller pays itself is nobody else's business."""


def may(role: str, permission: str) -> bool:
    """Whether a role has a permission such as `pricing.change_pricelist`. Portal admins are not asked about here."""
    app, _dot, codename = permission.partition(".")
    action, _line, model = codename.partition("_")
    if role != Role.PRICE_ADMIN or model in _NOT_THEIRS:
        return False
    return app == "pricing" or action in _PRICE_ADMIN_MODELS.get(app, {}).get(model, ())


def may_enter(role: str, app: str) -> bool:
    """Whether a role has any permission of an app."""
    return role == Role.PRICE_ADMIN and (app == "pricing" or app in _PRICE_ADMIN_MODELS)
