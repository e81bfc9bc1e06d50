"""Publishing a price list: once, ahead of its day, complete."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from licensing.models import Product, Programme, User
from pricing.lists.operations.publish import PublishRefused, publish
from pricing.models import MultiYearDiscount, PriceList, PriceRank, PriceTable
from tests.cast import make_tax_rates

pytestmark = pytest.mark.both_databases

DAY = date(2026, 12, 1)
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def admin(db):
    return User.objects.create_user(email="admin@portal.example.jp", name="香坂", role="admin")


@pytest.fixture
def product(db):
    make_tax_rates()
    programme = Programme.objects.create(code="通常", name="通常")
    return Product.objects.create(code="SMP-BS", name="ビジネスセキュリティ", programme=programme)


@pytest.fixture
def draft(product):
    return make_draft("2026年12月版", product)


def make_draft(name: str, product: Product, day: date = DAY) -> PriceList:
    price_list = PriceList.objects.create(name=name, effective_on=day)
    table = PriceTable.objects.create(price_list=price_list, product=product, minimum_quantity=2)
    PriceRank.objects.create(price_table=table, rank="A", from_quantity=2, renewal_price=5000, addition_price=5000)
    return price_list


def problems_of(price_list: PriceList, by: User, now: datetime = NOW) -> list[str]:
    """What the refusal says; and nothing was written."""
    before = PriceList.objects.values().get(pk=price_list.pk)
    with pytest.raises(PublishRefused) as refused:
        publish(price_list=price_list, by=by, now=now)
    assert PriceList.objects.values().get(pk=price_list.pk) == before
    assert str(refused.value) == " ".join(refused.value.problems)
    return refused.value.problems


def test_a_complete_draft_is_published(draft, admin):
    published = publish(price_list=draft, by=admin, now=NOW)
    draft.refresh_from_db()
    assert (draft.published_at, draft.published_by) == (NOW, admin)
    assert published == draft
    assert published.is_published


def test_a_published_list_is_not_published_again(draft, admin):
    publish(price_list=draft, by=admin, now=NOW)
    stale = PriceList(pk=draft.pk, name=draft.name, effective_on=draft.effective_on)
    assert problems_of(stale, admin) == ["2026年12月版 is published already."]


def test_the_first_day_counts_in_japan(draft, admin):
    last_moment = datetime(2026, 12, 1, 14, 59, 59, tzinfo=UTC)
    too_late = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
    assert problems_of(draft, admin, too_late) == [
        "Its first day (1 December 2026) is past: quotes were made with other prices since. "
        "Choose today or a later day."
    ]
    assert publish(price_list=draft, by=admin, now=last_moment).published_at == last_moment


def test_one_published_list_per_day(draft, admin, product):
    other = make_draft("2026年12月版 改", product)
    publish(price_list=draft, by=admin, now=NOW)
    assert problems_of(other, admin) == ["Another published price list takes effect on 1 December 2026 already."]
    next_day = make_draft("2026年12月2日版", product, date(2026, 12, 2))
    assert publish(price_list=next_day, by=admin, now=NOW).is_published


def test_a_list_without_tables_is_refused(admin):
    empty = PriceList.objects.create(name="Empty", effective_on=DAY)
    assert problems_of(empty, admin) == ["The list has no price tables. Add at least one product’s prices."]


def test_a_table_without_ranks_is_refused(draft, admin, product):
    bare = Product.objects.create(code="SMP-AO", name="Apex One", programme=product.programme)
    PriceTable.objects.create(price_list=draft, product=bare, minimum_quantity=5)
    assert problems_of(draft, admin) == [
        "The price table of SMP-AO has no ranks. Enter its ranks, or delete the table."
    ]


def test_a_discount_of_a_product_that_may_have_none_is_refused(draft, admin, product):
    MultiYearDiscount.objects.create(price_table=draft.tables.get(), years=2, percent=Decimal("3"))
    assert problems_of(draft, admin) == [
        "SMP-BS has a multi-year discount, but is not marked as a product that may have one (R10). "
        "Delete the discounts, or mark the product first."
    ]
    product.is_multi_year_discountable = True
    product.save()
    assert publish(price_list=draft, by=admin, now=NOW).is_published


def test_everything_wrong_is_said_at_once(draft, admin, product):
    publish(price_list=draft, by=admin, now=NOW)
    wrong = PriceList.objects.create(name="Wrong", effective_on=DAY)
    PriceTable.objects.create(price_list=wrong, product=product, minimum_quantity=2)
    assert problems_of(wrong, admin, datetime(2026, 12, 2, 1, 0, tzinfo=UTC)) == [
        "Its first day (1 December 2026) is past: quotes were made with other prices since. "
        "Choose today or a later day.",
        "Another published price list takes effect on 1 December 2026 already.",
        "The price table of SMP-BS has no ranks. Enter its ranks, or delete the table.",
    ]
