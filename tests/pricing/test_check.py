"""The linter at a price list's side: what it is compared with, what is held, and what must be ticked to publish."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from licensing.models import Customer, Product, Programme, Reseller, User
from pricing.check.operations import check_price_list, compared_with
from pricing.lists.operations.copy import copy_price_list
from pricing.lists.operations.publish import NotAcknowledged, PublishRefused, publish
from pricing.models import PriceList, PriceRank, PriceTable, TaxRate
from pricing.wording import what_was_found
from tests.at_once import at_once
from tests.cast import make_license_id, make_tax_rates

from .saying import said

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
    make_tax_rates()
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
    assert codes_of(later) == [("price-rises", "P1"), ("price-changed", "P1"), ("prices-differ", "")]
    settings.PRICE_CHANGE_TO_TICK_PERCENT = 50
    assert codes_of(later) == [("price-rises", "P1"), ("prices-differ", "")]


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
    many = tuple(f"P{number}" for number in range(1, 31))
    drafts = [make_draft(f"Later {len(codes)}", programme, LATER, codes) for codes in (("P1",), many)]
    for later in drafts:
        with CaptureQueriesContext(connection) as queries:
            check_price_list(price_list=later, on=TODAY)
        counts.append(len(queries))
    assert counts == [22, 16]  # the published list is read once, and what it has ended; renamed products are looked for


# --- The lists on either side -----------------------------------------------------------------------------------------


@pytest.fixture
def october(programme, admin):
    return publish(price_list=make_draft("10月", programme, date(2026, 11, 23)), by=admin, now=NOW)


def raised_copy(price_list: PriceList, admin: User, programme: Programme, name: str, day: date = DAY) -> PriceList:
    """With a price that is 4 % higher, and one product more."""
    copied = copy_price_list(price_list=price_list, name=name, effective_on=day, by=admin, now=NOW)
    PriceRank.objects.filter(price_table__price_list=copied, rank="A").update(renewal_price=5200)
    product = Product.objects.create(code=f"NEW-{name}", name="新しい製品", programme=programme)
    table = PriceTable.objects.create(price_list=copied, product=product, minimum_quantity=2)
    PriceRank.objects.create(price_table=table, rank="A", from_quantity=2, renewal_price=100)
    return copied


def ticks(price_list: PriceList) -> list[tuple[str, str]]:
    return [(one.code, one.product_code) for one in check_price_list(price_list=price_list, on=TODAY).to_tick]


def test_a_list_that_is_published_for_later_takes_this_one_back(october, admin, programme):
    february = copy_price_list(price_list=october, name="2月", effective_on=date(2027, 2, 1), by=admin, now=NOW)
    december = raised_copy(october, admin, programme, "12月")
    assert ticks(december) == []
    publish(price_list=february, by=admin, now=NOW)
    assert ticks(december) == [("following-product-gone", "NEW-12月"), ("following-goes-back", "P1")]
    with pytest.raises(NotAcknowledged) as refused:
        publish(price_list=december, by=admin, now=NOW, acknowledged=["following-goes-back"])
    assert [said(what_was_found, finding, "en") for finding in refused.value.findings] == [
        "NEW-12月 is added by this list and missing from 2月, which is published for 2027-02-01: from then on it could "
        "not be quoted."
    ]
    december.refresh_from_db()
    assert not december.is_published
    both = ["following-goes-back", "following-product-gone"]
    publish(price_list=december, by=admin, now=NOW, acknowledged=both)
    assert december.events.get(kind="published").detail["acknowledged"] == {
        "following-product-gone": ["NEW-12月"],
        "following-goes-back": ["P1"],
    }


def test_a_list_takes_back_what_came_after_its_base(october, admin, programme):
    """The other way round: the draft for February was made before the list for December."""
    february = copy_price_list(price_list=october, name="2月", effective_on=date(2027, 2, 1), by=admin, now=NOW)
    publish(price_list=raised_copy(october, admin, programme, "12月"), by=admin, now=NOW)
    assert ticks(february) == [("between-product-gone", "NEW-12月"), ("between-goes-back", "P1")]
    with pytest.raises(NotAcknowledged):
        publish(price_list=february, by=admin, now=NOW)


def test_of_two_published_at_once_one_sees_the_other(transactional_db, admin, october, programme):
    december = raised_copy(october, admin, programme, "12月")
    february = copy_price_list(price_list=october, name="2月", effective_on=date(2027, 2, 1), by=admin, now=NOW)
    results = at_once(
        lambda: publish(price_list=december, by=admin, now=NOW),
        lambda: publish(price_list=february, by=admin, now=NOW),
    )
    assert sorted(type(result).__name__ for result in results) == ["NotAcknowledged", "PriceList"]
    assert PriceList.objects.filter(published_at__isnull=False).count() == 2


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def test_a_product_that_is_registered_otherwise_since_is_told(clock, october, admin, programme):
    clock.shift(60)
    draft = copy_price_list(price_list=october, name="12月", effective_on=DAY, by=admin, now=NOW)
    product = Product.objects.get(code="P1")
    product.name, product.name_en = "別の名前", "Other"
    product.save()
    assert ticks(draft) == []
    product.unit, product.tax_category = "台", "exempt"
    product.save()
    make_tax_rates("exempt")
    [finding] = check_price_list(price_list=draft, on=TODAY).to_tick
    assert (finding.code, said(what_was_found, finding, "en")) == (
        "product-changed",
        "P1 is not registered as it was when 10月 was made: unit 本 → 台, tax category standard rate → not taxed.",
    )
    programme.rank_basis = "largest_product"
    programme.save()
    [finding] = check_price_list(price_list=draft, on=TODAY).to_tick
    assert "ランクの決め方 製品ごとの数量" in said(what_was_found, finding, "ja")


def test_without_a_tax_rate_on_its_first_day_nothing_is_published(draft, admin):
    Product.objects.update(tax_category="reduced")
    TaxRate.objects.create(category="reduced", percent=8, effective_on=date(2026, 12, 2))
    [finding] = check_price_list(price_list=draft, on=TODAY).blocking
    assert said(what_was_found, finding, "en") == (
        "No tax rate of the category “reduced rate” is in force on 2026-12-01: 1 product(s) (P1) could not be quoted."
    )
    with pytest.raises(PublishRefused, match="Add the tax rate first"):
        publish(price_list=draft, by=admin, now=NOW)
    draft.refresh_from_db()
    assert not draft.is_published
    TaxRate.objects.create(category="reduced", percent=8, effective_on=DAY)
    publish(price_list=draft, by=admin, now=NOW)
