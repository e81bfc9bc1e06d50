"""The order of work in a portal that has nothing yet: what is there, what is missing, and where each is added."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licensing.models import Customer, LicenseID, Product, Programme, Reseller, User
from pricing.loader import load_tax_rates
from pricing.queries import price_lists_around


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One thing that the portal needs before somebody can quote."""

    name: str | Promise
    why: str | Promise
    count: int
    url: str
    """Where the next one is added; what is there already is listed there too."""
    is_next: bool
    """The first that is missing."""


def _rows(model: type[Model]) -> Callable[[date], int]:
    return lambda on: model._default_manager.count()


def _lists(on: date) -> int:
    return sum(price_list is not None for price_list in price_lists_around(on=on))


def _managers(on: date) -> int:
    return User.objects.filter(role=User.Role.MANAGER, is_active=True).count()


STEPS: tuple[tuple[str | Promise, str | Promise, Callable[[date], int], str, str], ...] = (
    # name, what for, how many there are, the permission to add one, the page that adds one
    (_("Programme"), _("how price ranks are decided"), _rows(Programme), "licensing.add_programme",
     "admin:licensing_programme_add"),
    (_("Products"), _("with programme, unit and tax category"), _rows(Product), "licensing.add_product",
     "admin:licensing_product_add"),
    (_("Tax rate"), _("in force today, for the categories of the products"), lambda on: len(load_tax_rates(on=on)),
     "pricing.add_taxrate", "admin:pricing_taxrate_add"),
    (_("Price list"), _("imported from a file, checked and published"), _lists, "pricing.add_pricelist",
     "admin:pricing_pricelist_import"),
    (_("Reseller"), _("whose name and seal stand on quotes"), _rows(Reseller), "licensing.add_reseller",
     "admin:licensing_reseller_add"),
    (_("Reseller manager"), _("is invited, and then invites the staff"), _managers, "licensing.add_invitation",
     "admin:licensing_invitation_add"),
    (_("Customers"), _("of the reseller, with their contacts"), _rows(Customer), "licensing.add_customer",
     "admin:licensing_customer_add"),
    (_("License IDs"), _("with what they hold and until when"), _rows(LicenseID), "licensing.add_licenseid",
     "admin:licensing_licenseid_add"),
)  # fmt: skip


def first_steps(request: HttpRequest, *, on: date) -> list[FirstStep]:
    """The steps in their order, those that this person may do; none once nothing of it is missing on the day."""
    counted = [(*step, step[2](on)) for step in STEPS if request.user.has_perm(step[3])]
    missing = [name for name, _why, _count, _permission, _page, there in counted if not there]
    if not missing:
        return []
    return [
        FirstStep(name, why, there, reverse(page), name is missing[0])
        for name, why, _count, _permission, page, there in counted
    ]
