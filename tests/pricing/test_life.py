"""The life of a price list: draft, published, in force, superseded; withdrawn before its day; copied."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from licensing.models import Product, Programme, User
from pricing.lists.operations.copy import copy_price_list
from pricing.lists.operations.publish import WithdrawRefused, publish, withdraw
from pricing.loader import load_tables
from pricing.models import MultiYearDiscount, PriceList, PriceListEvent, PriceRank, PriceTable
from pricing.queries import price_lists_around, with_state
from tests.cast import make_tax_rates

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def desk(db):
    """A price admin, and a product that may have multi-year discounts."""
    make_tax_rates()
    programme = Programme.objects.create(code="通常", name="通常")
    product = Product.objects.create(
        code="SMP-WM", name="WebManager", programme=programme, is_multi_year_discountable=True
    )
    admin = User.objects.create_user(email="admin@portal.example.jp", name="香坂", role="admin")
    return SimpleNamespace(admin=admin, product=product)


def make_draft(desk: SimpleNamespace, name: str, day: date) -> PriceList:
    price_list = PriceList.objects.create(name=name, effective_on=day, is_sample=True)
    table = PriceTable.objects.create(price_list=price_list, product=desk.product, minimum_quantity=10)
    PriceRank.objects.create(price_table=table, rank="A", from_quantity=10, renewal_price=3080, addition_price=4400)
    PriceRank.objects.create(price_table=table, rank="B", from_quantity=50, renewal_price=2770)
    MultiYearDiscount.objects.create(price_table=table, years=3, percent=Decimal("8"))
    return price_list


def make_published(desk: SimpleNamespace, name: str, day: date) -> PriceList:
    published = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=10)
    return publish(price_list=make_draft(desk, name, day), by=desk.admin, now=published)


def states(on: date) -> dict[str, tuple[str, date | None]]:
    return {row.name: (row.state, row.until_before) for row in with_state(PriceList.objects.all(), on=on)}


def test_the_state_follows_from_the_days(desk):
    make_published(desk, "Old", date(2025, 10, 1))
    make_published(desk, "Now", date(2026, 10, 1))
    make_published(desk, "Next", date(2026, 12, 1))
    make_draft(desk, "Draft", date(2026, 11, 1))
    assert states(date(2026, 11, 30)) == {
        "Old": ("superseded", date(2026, 10, 1)),
        "Now": ("in_force", date(2026, 12, 1)),
        "Next": ("waiting", None),
        "Draft": ("draft", date(2026, 12, 1)),
    }
    assert states(date(2026, 12, 1))["Now"] == ("superseded", date(2026, 12, 1))
    assert states(date(2026, 12, 1))["Next"] == ("in_force", None)
    assert states(date(2025, 9, 30))["Old"] == ("waiting", date(2026, 10, 1))
    assert price_lists_around(on=date(2026, 12, 1))[0].name == "Next"


def test_withdrawn_before_its_day_it_is_a_draft_again(desk):
    price_list = make_published(desk, "Next", date(2026, 12, 1))
    last_moment = datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC)
    withdraw(price_list=price_list, reason=" A cell is wrong. ", by=desk.admin, now=last_moment)
    price_list.refresh_from_db()
    assert (price_list.published_at, price_list.published_by, price_list.withdrawn_on) == (
        None,
        None,
        date(2026, 11, 30),
    )
    assert states(date(2026, 11, 30)) == {"Next": ("draft", None)}
    rank = PriceRank.objects.get(rank="A")
    rank.renewal_price = 3090
    rank.save()
    assert publish(price_list=price_list, by=desk.admin, now=last_moment).is_published
    assert [(event.kind, event.by_name, event.detail) for event in price_list.events.all()] == [
        ("published", "香坂", {"effective_on": "2026-12-01"}),
        ("withdrawn", "香坂", {"reason": "A cell is wrong.", "effective_on": "2026-12-01"}),
        ("published", "香坂", {"effective_on": "2026-12-01"}),
    ]


@pytest.mark.parametrize(
    ("now", "reason", "message"),
    [
        (
            datetime(2026, 11, 30, 15, 0, tzinfo=UTC),
            "Wrong",
            "Next took effect on 1 December 2026, and quotes use it. Publish a new list with other prices instead.",
        ),
        (NOW, "  ", "Write why the list is withdrawn."),
    ],
    ids=["its day has come in Japan", "no reason"],
)
def test_withdrawing_is_refused(desk, now, reason, message):
    price_list = make_published(desk, "Next", date(2026, 12, 1))
    with pytest.raises(WithdrawRefused) as refused:
        withdraw(price_list=price_list, reason=reason, by=desk.admin, now=now)
    assert str(refused.value) == message
    price_list.refresh_from_db()
    assert price_list.is_published
    assert price_list.events.count() == 1


def test_a_draft_cannot_be_withdrawn(desk):
    with pytest.raises(WithdrawRefused, match=r"^Draft is a draft: there is nothing to withdraw\.$"):
        withdraw(price_list=make_draft(desk, "Draft", TODAY), reason="-", by=desk.admin, now=NOW)


def test_a_copy_holds_everything_and_is_a_draft(desk):
    original = make_published(desk, "2026年10月版", date(2026, 10, 1))
    copied = copy_price_list(price_list=original, effective_on=date(2027, 4, 1), by=desk.admin, now=NOW)
    again = copy_price_list(price_list=original, effective_on=date(2027, 4, 1), by=desk.admin, now=NOW)
    assert (copied.name, again.name) == ("2026年10月版 (copy)", "2026年10月版 (copy) 2")
    assert (copied.is_published, copied.based_on, copied.effective_on, copied.is_sample) == (
        False,
        original,
        date(2027, 4, 1),
        True,
    )
    assert load_tables(price_list=copied) == load_tables(price_list=original)
    assert copied.events.get().detail == {"from": "2026年10月版", "from_pk": original.pk}
    PriceRank.objects.filter(price_table__price_list=copied).update(renewal_price=1)
    assert load_tables(price_list=copied) != load_tables(price_list=original)


CHANGES = {
    "rename": lambda price_list: PriceList.objects.filter(pk=price_list.pk).update(name="-"),
    "another day": lambda price_list: PriceList.objects.filter(pk=price_list.pk).update(effective_on=date(2027, 1, 1)),
    "unpublish": lambda price_list: PriceList.objects.filter(pk=price_list.pk).update(published_at=None),
    "withdraw on its day": lambda price_list: PriceList.objects.filter(pk=price_list.pk).update(
        published_at=None, published_by=None, withdrawn_on=price_list.effective_on
    ),
    "withdraw under another name": lambda price_list: PriceList.objects.filter(pk=price_list.pk).update(
        published_at=None, published_by=None, withdrawn_on=date(2026, 11, 1), name="-"
    ),
    "delete": lambda price_list: PriceList.objects.filter(pk=price_list.pk).delete(),
    "delete a table": lambda price_list: price_list.tables.all().delete(),
    "another minimum": lambda price_list: price_list.tables.update(minimum_quantity=1),
    "a further table": lambda price_list: price_list.tables.create(
        product=Product.objects.create(code="X", name="X", programme=Programme.objects.get()), minimum_quantity=1
    ),
    "another price": lambda price_list: PriceRank.objects.update(renewal_price=1),
    "a further rank": lambda price_list: price_list.tables.get().ranks.create(
        rank="C", from_quantity=500, renewal_price=1
    ),
    "delete a rank": lambda price_list: PriceRank.objects.filter(rank="B").delete(),
    "another discount": lambda price_list: MultiYearDiscount.objects.update(percent=1),
    "a further discount": lambda price_list: price_list.tables.get().multi_year_discounts.create(years=2, percent=1),
    "delete a discount": lambda price_list: MultiYearDiscount.objects.all().delete(),
    "rewrite history": lambda price_list: PriceListEvent.objects.update(by_name="-"),
    "delete history": lambda price_list: PriceListEvent.objects.all().delete(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_database_keeps_what_was_published(desk, change):
    price_list = make_published(desk, "Now", date(2026, 12, 1))
    rows = [*PriceList.objects.values(), *PriceRank.objects.values(), *MultiYearDiscount.objects.values()]
    with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
        change(price_list)
    assert [*PriceList.objects.values(), *PriceRank.objects.values(), *MultiYearDiscount.objects.values()] == rows


def test_a_table_does_not_move_into_or_out_of_a_published_list(desk):
    published = make_published(desk, "Now", date(2026, 12, 1))
    draft = PriceList.objects.create(name="Draft", effective_on=date(2027, 1, 1))
    for tables, target in ((published.tables, draft), (make_draft(desk, "Other", TODAY).tables, published)):
        with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
            tables.update(price_list=target)


def test_a_draft_is_deleted_and_its_history_stays(desk):
    original = make_draft(desk, "Draft", TODAY)
    copied = copy_price_list(price_list=original, effective_on=TODAY, by=desk.admin, now=NOW)
    copied.delete()
    assert PriceTable.objects.count() == 1
    assert PriceListEvent.objects.get().price_list_name == "Draft (copy)"
