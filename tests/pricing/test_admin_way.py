"""The way of a draft: steps with what is left, difference to its base, history with prices, what is new first."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import zeal
from django.urls import reverse

from licensing.models import Product, Programme, User
from pricing.lists.operations.copy import copy_price_list
from pricing.lists.operations.publish import publish
from pricing.models import PriceList, PriceRank, PriceTable
from tests.cast import make_tax_rates

pytestmark = pytest.mark.usefixtures("november")

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
BANDS = (("A", 1, 5000), ("B", 10, 4000), ("C", 100, 3000))


@pytest.fixture
def admin(db):
    return User.objects.create_user(email="prices@portal.example.jp", name="園田", role="price_admin")


@pytest.fixture
def base(admin):
    make_tax_rates()
    programme = Programme.objects.create(code="通常", name="通常")
    price_list = PriceList.objects.create(name="11月", effective_on=date(2026, 11, 23))
    for code in ("P1", "P2"):
        product = Product.objects.create(code=code, name=code, programme=programme)
        table = PriceTable.objects.create(price_list=price_list, product=product, minimum_quantity=1)
        for rank, start, price in BANDS:
            PriceRank.objects.create(price_table=table, rank=rank, from_quantity=start, renewal_price=price)
    return publish(price_list=price_list, by=admin, now=NOW)


@pytest.fixture
def draft(base, admin):
    return copy_price_list(price_list=base, name="12月", effective_on=date(2026, 12, 1), by=admin, now=NOW)


def page_of(price_list: PriceList, name: str = "change") -> str:
    return f"/admin/pricing/pricelist/{price_list.pk}/{name}/"


def read(answer) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())


def steps_of(desk, price_list: PriceList) -> list[tuple[str, str]]:
    found = re.search(r'<nav class="way".*?</nav>', desk.get(page_of(price_list)).text, re.DOTALL)
    rows = re.findall(r'<li class="(\w+)">\s*<a href="[^"]*">([^<]*)</a>', found[0]) if found else []
    return [(name, state) for state, name in rows]


def test_the_steps_say_what_is_left(desk, draft, base):
    ready = [("Import", "done"), ("Check", "done"), ("Impact", "todo"), ("Golden cases", "todo"), ("Publish", "todo")]
    assert steps_of(desk, draft) == ready
    PriceRank.objects.filter(price_table__price_list=draft, rank="A").update(renewal_price=0)
    assert [state for _name, state in steps_of(desk, draft)] == ["done", "stop", "todo", "todo", "stop"]
    draft.tables.all().delete()
    assert [state for _name, state in steps_of(desk, draft)] == ["stop", "stop", "todo", "todo", "stop"]
    assert steps_of(desk, base) == []


def test_a_draft_edited_by_hand_shows_its_difference_and_its_history_the_prices(desk, draft):
    table = draft.tables.get(product__code="P1")
    ranks = list(table.ranks.all())
    entry = {"minimum_quantity": "2", "multi_year_discounts-TOTAL_FORMS": 0, "multi_year_discounts-INITIAL_FORMS": 0}
    entry |= {"ranks-TOTAL_FORMS": 3, "ranks-INITIAL_FORMS": 3}
    for number, rank in enumerate(ranks):
        entry |= {
            f"ranks-{number}-id": rank.pk, f"ranks-{number}-price_table": table.pk, f"ranks-{number}-rank": rank.rank,
            f"ranks-{number}-from_quantity": rank.from_quantity,
            f"ranks-{number}-renewal_price": 5100 if rank.rank == "A" else rank.renewal_price,
            f"ranks-{number}-addition_price": "9,000" if rank.rank == "B" else "",
        }  # fmt: skip
    with zeal.zeal_ignore():  # Django's formset reads each rank of its own
        answer = desk.post(reverse("admin:pricing_pricetable_change", args=[table.pk]), entry)
    assert answer.status_code == 302, read(answer)
    assert (
        "園田: changed (prices of P1; minimum at renewal 1 → 2, renewal price at rank A ¥5,000 → ¥5,100, "
        "addition price at rank B none → ¥9,000)"
    ) in read(desk.get(page_of(draft)))
    told = read(desk.get(page_of(draft, "difference")))
    assert "Compared with 11月." in told
    assert "All changes 1 Added 0 Removed 0 Changed 1 Not sold any more 0 Unchanged 1" in told
    assert "5,000 → 5,100 +2.0 %" in told
    assert "P2" in read(desk.get(page_of(draft, "difference") + "?show=same"))
    for query in ("?show=nonsense", "?page=x", "?show=%00"):
        assert desk.get(page_of(draft, "difference") + query).status_code == 200


def test_the_lists_own_fields_are_told_old_and_new(desk, draft):
    entry = {"name": "12月改", "effective_on": "2026-12-02", "note": ""}
    entry |= {"ended-TOTAL_FORMS": "0", "ended-INITIAL_FORMS": "0"}
    assert desk.post(page_of(draft), entry).status_code == 302
    told = read(desk.get(page_of(draft)))
    assert "name 12月 → 12月改" in told
    assert re.search(r"effective on [^;→]*1[^;→]* → [^;→]*2", told)


def test_what_the_base_has_too_is_counted_and_folded(desk, draft):
    """Every product has its paradox quantities before and after; only a new one is told."""
    page = desk.get(page_of(draft))
    assert "4 in all, 0 new beside the compared list" in read(page)
    assert page.text.count("cost more than") == 0
    PriceRank.objects.filter(price_table__price_list=draft, price_table__product__code="P1", rank="C").delete()
    table = draft.tables.get(product__code="P1")
    PriceRank.objects.create(price_table=table, rank="D", from_quantity=50, renewal_price=3000)
    page = desk.get(page_of(draft))
    assert "4 in all, 1 new beside the compared list" in read(page)
    assert page.text.count("cost more than") == 1
    assert desk.get(page_of(draft, "check") + "?new&code=paradox").text.count("cost more than") == 1
    assert desk.get(page_of(draft, "check") + "?code=paradox").text.count("cost more than") == 4
