"""A price admin at work in a browser: find what is wrong in a draft, put it right, tick the rest, publish."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from pricing.lists.operations.copy import copy_price_list
from pricing.models import PriceList, PriceRank
from tests.cast import Cast

from .conftest import let_in, violations


@pytest.fixture(autouse=True)
def _rows_of_a_formset(settings) -> None:
    """Django looks every row of a formset up by itself when it is saved."""
    settings.ZEAL_ALLOWLIST = [{"model": "pricing.*"}]


@pytest.fixture
def draft(cast: Cast) -> PriceList:
    """A copy in which rank D of SMP-CC has a digit too many, and SMP-IM has lost rank H."""
    day = timezone.localdate() + timedelta(days=30)
    draft = copy_price_list(
        price_list=cast.price_list, effective_on=day, by=cast.admin, now=timezone.now(), name="次の版"
    )
    ranks = PriceRank.objects.filter(price_table__price_list=draft, price_table__product__code="SMP-CC")
    ranks.filter(rank="D").update(renewal_price=19200)
    draft.tables.get(product__code="SMP-IM").ranks.get(rank="H").delete()
    return draft


@pytest.mark.appearance
@pytest.mark.parametrize("language", ["ja", "en"])
def test_axe_finds_nothing_and_no_page_is_wider_than_the_window(
    page: Page, live_server, cast: Cast, draft: PriceList, language: str
) -> None:
    let_in(page.context, live_server.url, cast.admin, language=language)
    table = draft.tables.get(product__code="SMP-CC")
    found = []
    for address in (
        f"pricelist/{draft.pk}/change/",
        f"pricelist/{cast.price_list.pk}/change/?q=smp",
        f"pricelist/{draft.pk}/check/",
        f"pricelist/{draft.pk}/publish/",
        f"pricetable/{table.pk}/change/?years=3",
    ):
        page.goto(f"{live_server.url}/admin/pricing/{address}")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{address} is wider than the window")
        if language == "ja":  # what axe looks at is the same in both languages; around the content is Django's frame
            found += [f"{address}: {text}" for text in violations(page, [], part="#content")]
    assert found == []


@pytest.mark.appearance
def test_head_and_first_column_of_the_grid_stay_in_sight(page: Page, live_server, cast: Cast, draft: PriceList) -> None:
    """The head while the page scrolls, without a scroll inside of it; the product where a window has no room."""
    let_in(page.context, live_server.url, cast.admin)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{live_server.url}/admin/pricing/pricelist/{draft.pk}/change/#tables")
    product, last = page.locator(".price-grid thead th.product"), page.locator(".price-grid tbody a", has_text="SMP-IM")
    assert page.locator(".price-grid").evaluate("grid => getComputedStyle(grid).overflowY") == "visible"
    last.evaluate("link => scrollTo(0, link.getBoundingClientRect().top + scrollY - 200)")
    expect(last).to_be_in_viewport(ratio=1)
    expect(product).to_be_in_viewport(ratio=0.95)
    expect(page.locator(".price-grid thead th", has_text="H")).to_be_in_viewport(ratio=0.95)

    page.set_viewport_size({"width": 900, "height": 900})
    grid = page.get_by_role("region", name="製品別価格表")
    grid.evaluate("grid => grid.scrollTo(300, 0)")
    expect(last).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_from_a_wrong_digit_to_a_published_list(page: Page, live_server, cast: Cast, draft: PriceList) -> None:
    let_in(page.context, live_server.url, cast.admin)
    page.goto(f"{live_server.url}/admin/pricing/pricelist/{draft.pk}/change/")
    expect(page.locator(".finding-counts .blocks")).to_have_text("1 公開できない問題")
    expect(page.locator(".finding-counts .tick")).to_have_text("3 確認が必要")  # the rank that is gone is one, too
    page.get_by_role("link", name="SMP-IM の価格へ").first.click()
    page.locator("#id_ranks-7-rank").fill("Ｈ")
    page.locator("#id_ranks-7-from_quantity").fill("２，０００")
    page.locator("#id_ranks-7-renewal_price").fill("￥８３０")
    page.locator("#id_ranks-7-addition_price").fill("1,660円")
    page.locator("[name=_save]").click()

    expect(page.locator(".finding-counts .blocks")).to_have_text("0 公開できない問題")
    page.get_by_role("link", name="確認して公開…").click()
    publish = page.get_by_role("button", name="付けで公開する")
    publish.click()
    expect(page.get_by_role("alert")).to_contain_text("確認欄に印を付けてください")
    assert not PriceList.objects.get(pk=draft.pk).is_published

    page.get_by_role("link", name="SMP-CC の価格へ").first.click()
    expect(page.locator(".finding")).to_have_count(2)
    expect(page.locator(".plot .shade")).to_have_count(6)
    page.locator("#id_ranks-3-renewal_price").fill("１，５００")
    page.locator("[name=_save]").click()
    expect(page.locator(".finding-counts .tick")).to_have_text("2 確認が必要")
    page.get_by_role("link", name="確認して公開…").click()
    page.get_by_role("checkbox", name="上のランクの方が単価が高い").check()
    page.get_by_role("checkbox", name="価格が大きく変わる").check()
    publish.click()
    expect(page.locator(".messagelist")).to_contain_text("を公開しました")
    assert PriceList.objects.get(pk=draft.pk).is_published
