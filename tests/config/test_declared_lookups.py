"""The administration narrows its lists by what they declare: no address tells secrets or runs regular expressions."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
import time_machine
from django.contrib.admin import site
from django.db.models import Field, Model
from django.test import Client, RequestFactory
from django.urls import reverse

from foundation.administration import PortalAdmin
from licensing.models import Customer, LicenseID, User
from tests.cast import NOW, Cast, make_cast, make_license_id, sign_in
from tests.making import given_quote

MODELS = sorted(site._registry, key=lambda model: model.__name__)
SECRETS = ("password__startswith", "user__password__startswith", "issued_by__password__gt", "reseller__user__password")


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        cast = make_cast()
        given_quote(make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45)), by=cast.staff)
        yield cast


@pytest.fixture
def office(cast: Cast) -> Client:
    return sign_in(cast.admin)


def list_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def request_for(model: type[Model], by: User) -> Any:
    request: Any = RequestFactory().get(list_of(model))
    request.user = by
    return request


def undeclared(model: type[Model]) -> Iterator[str]:
    """Look-ups in every column of a model, and in the columns of what it points to."""
    columns = [field for field in model._meta.get_fields() if isinstance(field, Field)]
    for field in columns:
        for kind in ("startswith", "contains", "regex", "iregex", "gt", "in", "range", "isnull__exact"):
            yield f"{field.name}__{kind}"
        if field.is_relation:
            for other in field.related_model._meta.get_fields():  # type: ignore[union-attr]
                if isinstance(other, Field) and not other.primary_key:
                    yield f"{field.name}__{other.name}__iregex"
    yield from SECRETS
    yield from ("pk__in", "id__gt", "nosuch", "nosuch__iregex", "__", "__iregex", "x" * 3000)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_other_lookup_is_allowed(cast: Cast, office: Client, model: type[Model]) -> None:
    """Asked of each by itself, without drawing a page; and a few of them of the page."""
    admin: Any = site._registry[model]
    assert isinstance(admin, PortalAdmin), "derive it from foundation.administration.PortalAdmin"
    request = request_for(model, cast.admin)
    names = [*undeclared(model)]
    assert [name for name in names if admin.lookup_allowed(name, "[", request)] == []
    for name in (names[3], *SECRETS[:2], "pk__in"):
        answer = office.get(list_of(model), {name: "(a+)+$["})
        assert (answer.status_code, b"Traceback" in answer.content) == (400, False), name


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_is_declared_bears_any_value(cast: Cast, office: Client, model: type[Model]) -> None:
    admin: Any = site._registry[model]
    request = request_for(model, cast.admin)
    names = {*admin.lookups, *admin._looked_up_by_filters(request)}
    if admin.date_hierarchy:
        names |= {f"{admin.date_hierarchy}__{part}" for part in ("year", "month", "day")}
    names |= {"p", "o", "e", "q", "all", "_facets", "_to_field", "_popup"}
    for number, name in enumerate(sorted(names)):
        for value in (("[", "9999"), ("9" * 30, "²"))[number % 2]:
            answer = office.get(list_of(model), {name: value})
            assert answer.status_code in (200, 302, 400), (name, value)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_filter_that_a_list_offers_is_taken(cast: Cast, model: type[Model]) -> None:
    admin: Any = site._registry[model]
    request = request_for(model, cast.admin)
    if not admin.has_view_permission(request):
        return
    page = admin.get_changelist_instance(request)
    links = [choice["query_string"] for spec in page.filter_specs for choice in spec.choices(page)]
    asked = {name: value for link in links for name, value in parse_qsl(link.removeprefix("?"))}
    assert [name for name, value in asked.items() if not admin.lookup_allowed(name, value, request)] == []


def test_letting_the_filters_go_keeps_the_year(office: Client) -> None:
    page = office.get("/admin/quotes/quote/", {"issued_on__year": "2027", "status__state__exact": "issued"})
    link = page.context["cl"].clear_all_filters_qs
    assert link == "?issued_on__year=2027"
    assert office.get(f"/admin/quotes/quote/{link}").status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"issued_on__year": "2027"}, 200),
        ({"issued_on__year": "2027", "issued_on__month": "1", "issued_on__day": "15"}, 200),
        ({"issued_on__year": "2027", "issued_on__month": "2", "issued_on__day": "31"}, 302),
        ({"issued_on__year": "2027", "issued_on__month": "13"}, 400),
        ({"issued_on__year": "9999"}, 400),
        ({"issued_on__year": "1"}, 400),
        ({"issued_on__year": "9" * 30}, 400),
        ({"issued_on__gte": "2027-01-01"}, 400),
        ({"issued_on__gte": "0001-01-01"}, 400),
        ({"status__state__exact": "issued"}, 200),
    ],
)
def test_days_of_the_hierarchy(office: Client, query: dict[str, str], status: int) -> None:
    assert office.get("/admin/quotes/quote/", query).status_code == status


def test_a_customers_license_ids_are_still_found(office: Client, cast: Cast) -> None:
    """The link on a customer's page."""
    page = office.get(list_of(LicenseID), {"customer__id__exact": cast.customer.pk})
    assert [row.code for row in page.context["cl"].result_list] == ["LIC-1001"]
    page = office.get(list_of(LicenseID), {"customer__id__exact": cast.foreign_customer.pk})
    assert page.context["cl"].result_count == 0


@pytest.mark.parametrize("name", ["password", "email", "nosuch", "reseller", "\0", "", "id"])
def test_no_field_is_told_to_who_opened_a_page_as_a_popup(office: Client, cast: Cast, name: str) -> None:
    """Django tells the page behind it the value of `_to_field` of what was chosen."""
    for model, row in ((User, cast.staff), (Customer, cast.customer)):
        for url in (list_of(model), reverse(f"admin:licensing_{model._meta.model_name}_change", args=[row.pk])):
            answer = office.get(url, {"_to_field": name, "_popup": "1"})
            assert answer.status_code == (200 if name in ("", "\0", "id") else 400), url
            assert cast.staff.password not in answer.text
