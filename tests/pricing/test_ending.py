"""販売終了: the page of a product shows what it concerns, and writes it into a draft; the engine then refuses (R9)."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from licensing.models import Product
from pricing.lists.operations.copy import copy_price_list
from pricing.lists.operations.ending import EndRefused, end_sale
from pricing.lists.operations.publish import publish
from pricing.loader import load_ends
from pricing.models import EndOfSale, PriceListEvent, PriceTable
from renewals.calculation.calculate import calculate
from tests.cast import NOW, TODAY, make_cast, make_license_id, sign_in
from tests.licensing.test_confirmed import read
from tests.making import fill, given_quote

DAY = date(2027, 2, 1)


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def draft(cast):
    return copy_price_list(price_list=cast.price_list, effective_on=DAY, by=cast.price_admin, now=NOW, name="2月版")


def end(cast, draft, code="SMP-BS", successor: str | None = "SMP-AO"):
    products = {None: None} | {row.code: row for row in Product.objects.all()}
    given = {"since_on": DAY, "by": cast.price_admin, "now": NOW}
    return end_sale(draft=draft, product=products[code], successor=products[successor], **given)


def test_the_draft_ends_the_product_and_quotes_of_its_days_are_refused_with_the_successor(cast, draft):
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))
    end(cast, draft, successor="SMP-IM")
    end(cast, draft)
    [(code, ended)] = load_ends(price_list=draft).items()
    assert (code, ended.since_on, ended.successor and ended.successor.code) == ("SMP-BS", DAY, "SMP-AO")
    assert not PriceTable.objects.filter(price_list=draft, product__code="SMP-BS").exists()
    assert PriceListEvent.objects.filter(price_list=draft).last().detail == {
        "fields": ["Not sold any more: SMP-BS (2027-02-01) → SMP-AO"]
    }
    asked = fill(licenseid).to_asked()
    assert not calculate(asked=asked, customer=cast.customer, on=DAY).pricing.is_refused
    publish(price_list=draft, by=cast.price_admin, now=NOW, acknowledged=["product-ended", "held-product-ended"])
    [refused] = calculate(asked=asked, customer=cast.customer, on=DAY).pricing.refusals
    assert (refused.problem.code, refused.problem.facts["successor"].code) == ("product-discontinued", "SMP-AO")
    assert not calculate(asked=asked, customer=cast.customer, on=TODAY).pricing.is_refused


@pytest.mark.parametrize(
    ("code", "successor", "says"),
    [
        ("SMP-BS", "SMP-BS", "SMP-BS has no price table in this list"),
        ("SMP-BS", "SMP-IM", "SMP-IM has no price table in this list"),
        ("SMP-AO", None, "SMP-AO is the successor of SMP-IM in this list"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(cast, draft, code, successor, says):
    end(cast, draft, "SMP-IM", "SMP-AO")
    before = list(EndOfSale.objects.values()), PriceTable.objects.count(), PriceListEvent.objects.count()
    with pytest.raises(EndRefused, match=says):
        end(cast, draft, code, successor)
    assert (list(EndOfSale.objects.values()), PriceTable.objects.count(), PriceListEvent.objects.count()) == before


def test_a_published_list_is_not_touched(cast):
    with pytest.raises(EndRefused, match="no draft any more"):
        end(cast, cast.price_list)
    assert PriceTable.objects.filter(price_list=cast.price_list, product__code="SMP-BS").exists()


def test_the_page_shows_what_it_concerns_without_names_and_writes_it(cast, draft):
    given_quote(make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45)), by=cast.staff)
    product, desk = cast.products["SMP-BS"], sign_in(cast.price_admin)
    url = reverse("admin:pricing_pricelist_end_of_sale", args=[product.pk])
    assert url in desk.get(reverse("admin:licensing_product_change", args=[product.pk])).text
    page = desk.get(url)
    told = read(page)
    held = ("license IDs that hold them 1", "holdings 1", "customers who hold it 1")
    for row in (*held, "drafts of price lists 1 2月版", "a revision is calculated anew) 1"):
        assert row in told, row
    assert cast.customer.name not in told
    entry = {"draft": draft.pk, "since_on": "R9.2.1", "successor": cast.products["SMP-AO"].pk, "mark": "x"}
    stale = desk.post(url, entry)
    assert (stale.status_code, EndOfSale.objects.count()) == (422, 0)
    assert "Something has changed since you were asked" in read(stale)
    entry["mark"] = page.context["mark"]
    wrong = desk.post(url, entry | {"since_on": "いつか"})
    assert (wrong.status_code, EndOfSale.objects.count()) == (422, 0)
    assert "いつか" in wrong.text
    done = desk.post(url, entry, follow=True)
    assert "SMP-BS is not sold any more in 2月版, once that is published." in read(done)
    assert EndOfSale.objects.get().since_on == DAY


def test_without_a_draft_the_page_leads_to_a_copy(cast):
    url = reverse("admin:pricing_pricelist_end_of_sale", args=[cast.products["SMP-BS"].pk])
    page = sign_in(cast.price_admin).get(url).text
    assert reverse("admin:pricing_pricelist_copy", args=[cast.price_list.pk]) in page
    assert "End the sale in the draft" not in page
