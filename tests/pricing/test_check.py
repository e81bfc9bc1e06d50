"""The linter at a price list's side: what it is compared with, what is held, and what must be ticked to publish."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from licensing.models import Customer, Product, Programme, Reseller, User
from pricing.models import PriceList, PriceRank, PriceTable
from pricing.operations import (
    NotAcknowledged,
    PublishRefused,
    check_price_list,
    compared_with,
    copy_price_list,
    publish,
)
from tests.cast import make_license_id

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
DAY = date(2026, 12, 1)
LATER = date(2027, 4, 1)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def admin(db):
    return User.objects.create_user(email="admin@portal.example.jp", name="香坂", role="admin")


@pytest.fixture
def programme(db):
    return Programme.objects.create(code="通常", name="通常")


@pytest.fixture
def draft(programme):
    return make_draft("2026年12月版", programme)


def make_draft(name: str, programme: Programme, day: date = DAY, codes: tuple[str, ...] = ("P1",)) -> PriceList:
    """Each product with the ranks A from 2 and B from 10."""
    price_list = PriceList.objects.create(name=name, effective_on=day)
    for code in codes:
        product, _made = Product.objects.get_or_create(code=code, defaults={"name": code, "programme": programme})
        table = PriceTable.objects.create(price_list=price_list, product=product, minimum_quantity=2)
        for rank, start, price in (("A", 2, 5000), ("B", 10, 4900)):
            PriceRank.objects.create(
                price_table=table, rank=rank, from_quantity=start, renewal_price=price, addition_price=price
            )
    return price_list


def codes_of(price_list: PriceList, on: date = TODAY) -> list[tuple[str, str]]:
    checked = check_price_list(price_list=price_list, on=on)
    return [(finding.code, finding.product_code) for finding in checked.findings]


def raise_prices(price_list: PriceList) -> None:
    PriceRank.objects.filter(price_table__price_list=price_list, rank="B").update(renewal_price=7000)


def test_compared_with_what_it_is_based_on_or_else_takes_the_place_of(draft, admin, programme):
    assert compared_with(draft) is None
    published = publish(price_list=draft, by=admin, now=NOW)
    assert compared_with(make_draft("A day earlier", programme, date(2026, 11, 30))) is None
    assert compared_with(make_draft("Same day", programme, DAY)) is None
    later = make_draft("Later", programme, LATER)
    assert compared_with(later) == published
    copied = copy_price_list(price_list=later, effective_on=LATER, by=admin, now=NOW)
    assert compared_with(copied) == later


def test_a_change_is_told_against_the_compared_list(draft, admin, programme, settings):
    publish(price_list=draft, by=admin, now=NOW)
    later = make_draft("Later", programme, LATER)
    raise_prices(later)
    assert codes_of(later) == [("price-rises", "P1"), ("price-changed", "P1")]
    settings.PRICE_CHANGE_TO_TICK_PERCENT = 50
    assert codes_of(later) == [("price-rises", "P1")]


def test_what_is_held_today_must_be_in_the_list(draft, admin, programme):
    Product.objects.create(code="P2", name="P2", programme=programme)
    customer = Customer.objects.create(reseller=Reseller.objects.create(code="a", name="青葉"), name="見本")
    make_license_id(customer, "LIC-1", ("P2", 5, TODAY))
    assert codes_of(draft) == [("held-product-missing", "P2")]
    assert codes_of(draft, date(2026, 11, 24)) == []
    with pytest.raises(PublishRefused) as refused:
        publish(price_list=draft, by=admin, now=NOW, acknowledged={"held-product-missing"})
    assert refused.value.problems == [
        "Customers hold P2, but the list has no prices for it: it could not be renewed. Add the prices of P2."
    ]
    draft.refresh_from_db()
    assert not draft.is_published


def test_what_is_to_be_ticked_is_asked_for_by_its_code(draft, admin):
    raise_prices(draft)
    for ticked in ((), ("price-changed", "paradox")):
        with pytest.raises(NotAcknowledged, match=r"^price-rises$") as refused:
            publish(price_list=draft, by=admin, now=NOW, acknowledged=ticked)
        assert [finding.product_code for finding in refused.value.findings] == ["P1"]
    draft.refresh_from_db()
    assert (draft.is_published, draft.events.count()) == (False, 0)
    publish(price_list=draft, by=admin, now=NOW, acknowledged=["price-rises"])
    event = draft.events.get()
    assert (event.kind, event.by) == ("published", admin)
    assert event.detail == {"effective_on": "2026-12-01", "acknowledged": {"price-rises": ["P1"]}}


def test_what_was_ticked_must_be_what_is_there_now(draft, admin):
    raise_prices(draft)
    seen = check_price_list(price_list=draft, on=TODAY).fingerprint
    PriceRank.objects.filter(rank="B").update(renewal_price=7001)
    with pytest.raises(NotAcknowledged):
        publish(price_list=draft, by=admin, now=NOW, acknowledged=["price-rises"], seen=seen)
    with translation.override("ja"):
        seen = check_price_list(price_list=draft, on=TODAY).fingerprint
    assert publish(price_list=draft, by=admin, now=NOW, acknowledged=["price-rises"], seen=seen).is_published


def test_the_queries_do_not_grow_with_the_list(draft, admin, programme):
    publish(price_list=draft, by=admin, now=NOW)
    counts = []
    for codes in (("P1",), tuple(f"P{number}" for number in range(1, 31))):
        later = make_draft(f"Later {len(codes)}", programme, LATER, codes)
        with CaptureQueriesContext(connection) as queries:
            check_price_list(price_list=later, on=TODAY)
        counts.append(len(queries))
    assert counts == [8, 8]
