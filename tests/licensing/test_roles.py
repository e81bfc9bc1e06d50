"""What a role lets its people do: managers as staff, price admins in the administration of prices and nowhere else."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.contrib.admin import site
from django.test import RequestFactory
from django.urls import reverse

from licensing.models import User
from licensing.queries import visible_customers, visible_license_ids
from pricing.models import GoldenCase, PriceList
from quotes.models import Quote
from quotes.record.queries import visible_quotes
from renewals.drafts.queries import visible_drafts
from tests.cast import NOW, Cast, make_cast, make_license_id, sign_in
from tests.making import given_quote

ACTIONS = ("view", "add", "change", "delete")
ALL_FOUR = dict.fromkeys(ACTIONS, True)
KEPT = ALL_FOUR | {"delete": False}
ONLY_SHOWN = {"view": True, "add": False, "change": False, "delete": False}


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield make_cast()


def permissions_in_administration(user: User) -> dict[str, dict[str, bool]]:
    """What the administration offers, by model; models that it hides are left out."""
    request = RequestFactory().get("/admin/")
    request.user = user
    found = {model._meta.label: office.get_model_perms(request) for model, office in site._registry.items()}
    return {label: perms for label, perms in found.items() if any(perms.values())}


def test_a_price_admin_gets_prices_and_products_and_nothing_else(cast: Cast) -> None:
    assert permissions_in_administration(cast.price_admin) == {
        "foundation.Batch": ONLY_SHOWN,
        "licensing.Programme": KEPT,
        "licensing.Product": KEPT,
        "pricing.GoldenCase": ALL_FOUR,
        "pricing.PriceList": ALL_FOUR,
        "pricing.PriceTable": ALL_FOUR,
        "pricing.TaxRate": ALL_FOUR | {"change": False, "delete": False},
        "renewals.ImpactRun": ONLY_SHOWN,
    }


@pytest.mark.parametrize("who", ["staff", "manager", "contact"])
def test_the_administration_is_closed_to_others(cast: Cast, who: str) -> None:
    user = getattr(cast, who)
    assert permissions_in_administration(user) == {}
    assert not user.has_module_perms("pricing")
    assert sign_in(user).get(reverse("admin:index")).status_code == 302


def test_a_price_admin_who_is_not_active_may_nothing(cast: Cast) -> None:
    cast.price_admin.is_active = False
    assert permissions_in_administration(cast.price_admin) == {}
    assert not cast.price_admin.has_module_perms("pricing")


def test_what_a_price_admin_opens(cast: Cast) -> None:
    """Also what would lead from a quote to a golden case is closed; prices of a license ID are theirs to look at."""
    quote = given_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
    draft = PriceList.objects.create(name="2027年4月版", effective_on=date(2027, 4, 1))
    desk = sign_in(cast.price_admin)
    for name in ("licensing_reseller", "licensing_user", "licensing_customer", "licensing_licenseid", "quotes_quote"):
        assert desk.get(reverse(f"admin:{name}_changelist")).status_code == 403, name
    assert desk.get(reverse("admin:quotes_quote_change", args=[quote.pk])).status_code == 403
    assert desk.post(reverse("renewals:keep-golden", args=[quote.key])).status_code == 403
    assert GoldenCase.objects.count() == 0
    for address in (
        reverse("admin:index"),
        reverse("admin:pricing_pricelist_change", args=[draft.pk]),
        reverse("admin:pricing_pricelist_golden", args=[draft.pk]),
        reverse("admin:pricing_pricelist_prices"),
        reverse("admin:pricing_pricelist_license") + "?license_id=LIC-1001",
        reverse("admin:renewals_impactrun_start", args=[draft.pk]),
        reverse("admin:licensing_product_changelist"),
    ):
        assert desk.get(address).status_code == 200, address


def test_the_portals_pages_lead_a_price_admin_to_the_price_lists(cast: Cast) -> None:
    quote = given_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
    desk = sign_in(cast.price_admin)
    page = desk.get(reverse("start")).content.decode()
    assert f'href="{reverse("admin:pricing_pricelist_changelist")}"' in page
    assert cast.customer.name not in page
    assert '<a href="/" aria-current="page">Price lists</a>' in page
    assert ">Quotes</a>" not in page
    for address in (reverse("customers"), reverse("customer", args=[cast.customer.pk]), reverse("quotes:list")):
        assert desk.get(address).status_code == 403, address
    assert desk.get(reverse("quotes:detail", args=[quote.key])).status_code in (403, 404)


def test_a_price_admin_sees_no_customer_and_no_quote(cast: Cast) -> None:
    given_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
    for visible in (visible_customers, visible_license_ids, visible_quotes, visible_drafts):
        assert not visible(cast.price_admin).exists(), visible.__name__


def test_a_manager_sees_what_staff_of_the_reseller_see(cast: Cast) -> None:
    given_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
    make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45))
    assert list(visible_quotes(cast.manager)) == list(Quote.objects.all())
    for visible in (visible_customers, visible_license_ids, visible_quotes):
        assert set(visible(cast.manager)) == set(visible(cast.staff)), visible.__name__
    desk = sign_in(cast.manager)
    assert desk.get(reverse("renewals:new", args=["LIC-1001"])).status_code == 200
    assert desk.get(reverse("renewals:new", args=["LIC-2001"])).status_code == 404
