"""The first start says the order of work, with what is there and what is missing, to those who may do it."""

import re
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from licensing.models import Product, Programme, User
from pricing.models import TaxRate
from tests.cast import NOW, make_cast, make_license_id, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def steps_of(user: User) -> list[tuple[str, str]]:
    page = sign_in(user).get(reverse("admin:index")).text
    return re.findall(r'<li class="(there|next|missing)"[^>]*>\s*<a href="[^"]+">([^<]+)</a>', page)


def test_an_empty_portal_says_where_to_begin():
    admin = User.objects.create_user(email="admin@portal.example.jp", name="香坂", role="admin")
    names = [
        "Programme", "Products", "Tax rate", "Price list", "Reseller", "Reseller manager", "Customers", "License IDs",
    ]  # fmt: skip
    assert steps_of(admin) == [("next", names[0]), *(("missing", name) for name in names[1:])]
    programme = Programme.objects.create(code="通常", name="通常")
    Product.objects.create(code="P1", name="P1", programme=programme)
    TaxRate.objects.create(percent=Decimal(10), effective_on="2019-10-01")
    states = [state for state, _name in steps_of(admin)]
    assert states == ["there", "there", "there", "next", "missing", "missing", "missing", "missing"]
    for address in re.findall(r'<li class="(?:next|missing)"[^>]*>\s*<a href="([^"]+)"', index_of(admin)):
        assert sign_in(admin).get(address).status_code == 200, address


def index_of(user: User) -> str:
    return sign_in(user).get(reverse("admin:index")).text


def test_a_price_admin_is_told_what_is_theirs():
    price_admin = User.objects.create_user(email="p@portal.example.jp", name="園田", role="price_admin")
    assert [name for _state, name in steps_of(price_admin)] == ["Programme", "Products", "Tax rate", "Price list"]


def test_nothing_is_told_once_nothing_is_missing():
    cast = make_cast()
    make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))
    assert steps_of(cast.admin) == []
