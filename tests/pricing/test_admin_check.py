"""What the linter says, in the administration: on the draft's page, on a page of its own, and when publishing."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licensing.models import Customer, Product, Programme, Reseller
from pricing.models import PriceList, PriceRank, PriceTable
from tests.cast import make_license_id, make_tax_rates, sign_in
from tests.html import tight

pytestmark = pytest.mark.usefixtures("november")

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
RISES = "P1: the renewal price rises from ¥5,000 at rank A to ¥5,100 at rank B."


@pytest.fixture
def programme(db):
    make_tax_rates()
    return Programme.objects.create(code="通常", name="通常")


@pytest.fixture
def draft(programme):
    price_list = PriceList.objects.create(name="2026年12月版", effective_on=date(2026, 12, 1))
    make_table(price_list, programme, "P1")
    return price_list


def make_table(price_list: PriceList, programme: Programme, code: str, second: int = 5100) -> PriceTable:
    """The ranks A from 2 at 5,000 yen and B from 10 at `second`."""
    product, _made = Product.objects.get_or_create(code=code, defaults={"name": code, "programme": programme})
    table = PriceTable.objects.create(price_list=price_list, product=product, minimum_quantity=2)
    for rank, start, price in (("A", 2, 5000), ("B", 10, second)):
        PriceRank.objects.create(
            price_table=table, rank=rank, from_quantity=start, renewal_price=price, addition_price=9000 - start
        )
    return table


def hold(programme: Programme, code: str) -> Product:
    product = Product.objects.create(code=code, name=code, programme=programme)
    customer = Customer.objects.create(reseller=Reseller.objects.create(code="a", name="青葉"), name="見本")
    make_license_id(customer, "LIC-1", (code, 5))
    return product


def page_of(price_list: PriceList, name: str = "change") -> str:
    return f"/admin/pricing/pricelist/{price_list.pk}/{name}/"


def read(answer) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())


def seen(answer) -> str:
    [value] = re.findall(r'name="seen" value="(\w+)"', answer.text)
    return value


def test_the_draft_shows_its_findings_with_the_way_to_each(desk, draft, programme):
    missing = hold(programme, "P2")
    answer = desk.get(page_of(draft))
    page = read(answer)
    assert "1 keeps it from being published 1 to be ticked as read 0 good to know" in page
    assert "There is no list to compare it with." in page
    assert f"Unit price rises with the rank (1) {RISES} Check both cells" in page
    assert "Held product without prices (1) Customers hold P2" in page
    table = draft.tables.get()
    assert f'<a href="/admin/pricing/pricetable/{table.pk}/change/">To the prices of P1</a>' in answer.text
    add = f"/admin/pricing/pricetable/add/?price_list={draft.pk}&amp;product={missing.pk}"
    assert f'<a href="{add}">To the prices of P2</a>' in answer.text
    opened = desk.get(add.replace("&amp;", "&")).text
    assert f'<option value="{missing.pk}" selected>' in opened


def test_what_was_put_right_is_not_told_any_more(desk, draft):
    PriceRank.objects.filter(rank="B").update(renewal_price=4990)
    page = read(desk.get(page_of(draft)))
    assert "0 keeps it from being published 0 to be ticked as read 0 good to know" in page
    assert "Nothing was found." in page


def test_a_paradox_leads_to_its_drawing(desk, draft):
    PriceRank.objects.filter(rank="B").update(renewal_price=4000)
    answer = desk.get(page_of(draft))
    assert "Fewer licenses cost more (1) P1, 1–6 year(s): 9 at rank A cost more than 10 at rank B." in read(answer)
    link = f"/admin/pricing/pricetable/{draft.tables.get().pk}/change/?years=1#plot"
    assert f'<a href="{link}">To the prices of P1</a>' in answer.text
    assert 'class="shade"' in desk.get(link).text


def test_in_japanese(admin, draft):
    page = read(sign_in(admin, language="ja").get(page_of(draft)))
    assert "確認が必要 上のランクの方が単価が高い (1)" in page
    assert "P1：更新単価がランクAの ¥5,000 からランクBの ¥5,100 に上がります。" in page


def test_what_is_to_be_ticked_is_ticked_and_kept(desk, draft, admin):
    opened = desk.get(page_of(draft, "publish"))
    assert 'value="price-rises" ><b>Unit price rises with the rank (1)</b>' in tight(opened.text)
    refused = desk.post(page_of(draft, "publish"), {"seen": seen(opened)})
    assert refused.status_code == 422
    assert "Tick each of these as read." in read(refused)
    assert 'aria-invalid="true"' in refused.text
    draft.refresh_from_db()
    assert not draft.is_published
    sent = {"seen": seen(opened), "acknowledged": ["price-rises"]}
    assert desk.post(page_of(draft, "publish"), sent).status_code == 302
    draft.refresh_from_db()
    assert draft.is_published
    assert draft.events.get().detail["acknowledged"] == {"price-rises": ["P1"]}
    page = desk.get(page_of(draft)).text
    assert "香坂 管理: published (ticked as read: Unit price rises with the rank (P1))" in page
    assert "findings-head" not in page


def test_a_tick_for_what_has_changed_since_does_not_count(desk, draft):
    opened = desk.get(page_of(draft, "publish"))
    PriceRank.objects.filter(rank="B").update(renewal_price=9999)
    answer = desk.post(page_of(draft, "publish"), {"seen": seen(opened), "acknowledged": ["price-rises"]})
    assert answer.status_code == 422
    assert "has changed since the page was opened" in read(answer)
    assert 'value="price-rises" checked' not in tight(answer.text)
    assert "to ¥9,999 at rank B" in read(answer)


def test_what_blocks_cannot_be_ticked(desk, draft, programme):
    hold(programme, "P2")
    opened = desk.get(page_of(draft, "publish"))
    assert "Held product without prices (1) Customers hold P2" in read(opened)
    assert "disabled" in opened.text
    sent = {"seen": seen(opened), "acknowledged": ["price-rises", "held-product-missing", "\x00", "nonsense"]}
    answer = desk.post(page_of(draft, "publish"), sent)
    assert answer.status_code == 422
    assert 'value="price-rises" checked' in tight(answer.text)
    draft.refresh_from_db()
    assert not draft.is_published


def test_many_findings_are_told_on_their_own_page(desk, draft, programme):
    for number in range(120):
        make_table(draft, programme, f"X{number:03}", 4900 if number < 5 else 5200)
    page = desk.get(page_of(draft)).text
    assert "Unit price rises with the rank (116)" in read(desk.get(page_of(draft)))
    assert page.count("the renewal price rises") == 10
    assert '/check/?code=price-rises">106 more</a>' in tight(page)
    first = desk.get(page_of(draft, "check")).text
    assert first.count("the renewal price rises") == 100
    assert "1–100 of 116" in first
    assert desk.get(page_of(draft, "check") + "?page=2").text.count("the renewal price rises") == 16
    for query in ("?code=nonsense", "?page=-1", "?page=x", "?code=%00"):
        assert desk.get(page_of(draft, "check") + query).status_code == 200


def test_the_queries_do_not_grow_with_the_findings(desk, draft, programme):
    counts = []
    for more in (0, 30):
        for number in range(more):
            make_table(draft, programme, f"X{number}")
        for name in ("change", "check", "publish"):
            desk.get(page_of(draft, name))
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(page_of(draft, name)).status_code == 200
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
