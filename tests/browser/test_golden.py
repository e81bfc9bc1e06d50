"""Golden cases and prices on a day in a browser: typed, confirmed, accepted; nothing that axe or the CSP minds."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from licensing.models import LicenseID
from pricing.lists.operations.copy import copy_price_list
from pricing.models import GoldenCase, PriceList, PriceRank
from tests.browser.conftest import let_in, violations
from tests.cast import Cast


def make_draft(cast: Cast) -> PriceList:
    """The list in force with one other price, for the day after tomorrow."""
    now = timezone.now()
    day = timezone.localdate() + timedelta(days=2)
    draft = copy_price_list(price_list=cast.price_list, effective_on=day, by=cast.admin, now=now, name="改定案")
    PriceRank.objects.filter(price_table__price_list=draft, price_table__product__code="SMP-CC", rank="D").update(
        renewal_price=2000
    )
    return draft


def test_a_case_is_kept_and_its_difference_accepted(page: Page, live_server, cast: Cast, complaints: list[str]) -> None:
    draft = make_draft(cast)
    let_in(page.context, live_server.url, cast.admin)
    page.goto(f"{live_server.url}{reverse('admin:pricing_goldencase_add')}")
    page.get_by_label("名称").fill("TRSL 120＋30")
    for row, (code, quantity) in enumerate((("SMP-CC", "１２０"), ("SMP-IM", "30")), start=1):
        page.get_by_label(f"製品 {row}", exact=True).fill(code)
        page.get_by_label(f"保有数量 {row}", exact=True).fill(quantity)
    assert "\n".join(violations(page, complaints)) == ""
    page.get_by_role("button", name="有効な価格表の版で計算").click()
    expect(page.get_by_text("¥297,330")).to_be_visible()
    assert "\n".join(violations(page, complaints)) == ""
    page.get_by_role("button", name="期待値として登録").click()
    expect(page.get_by_text("基準ケース TRSL 120＋30 を登録しました。")).to_be_visible()

    page.goto(f"{live_server.url}{reverse('admin:pricing_pricelist_publish', args=[draft.pk])}")
    assert "\n".join(violations(page, complaints)) == ""
    page.get_by_role("link", name="差異を確認する").click()
    expect(page.get_by_text("+10,560 (+3.6%)")).to_be_visible()
    assert "\n".join(violations(page, complaints)) == ""
    page.get_by_label("差異が正しい理由").fill("メーカーの改定どおり")
    page.get_by_role("button", name="差異を承認").click()
    expect(page.get_by_text("差異を承認しました：TRSL 120＋30")).to_be_visible()
    expect(page.get_by_label("差異が正しい理由")).to_have_count(0)
    assert "\n".join(violations(page, complaints)) == ""
    page.goto(f"{live_server.url}{reverse('admin:pricing_goldencase_change', args=[GoldenCase.objects.get().pk])}")
    assert "\n".join(violations(page, complaints)) == ""


def test_prices_on_a_day(page: Page, live_server, cast: Cast, licenseid: LicenseID, complaints: list[str]) -> None:
    draft = make_draft(cast)
    let_in(page.context, live_server.url, cast.admin)
    page.goto(f"{live_server.url}{reverse('admin:pricing_pricelist_prices')}")
    page.get_by_label("製品").fill("smp-cc")
    page.get_by_label("下書きを含む").check()
    page.get_by_role("button", name="表示").click()
    expect(page.get_by_role("img", name="SMP-CC：更新単価")).to_be_visible()
    assert "\n".join(violations(page, complaints)) == ""
    page.get_by_role("link", name="ライセンスIDの価格を計算").click()
    page.get_by_label("ライセンスID").fill(licenseid.code)
    page.get_by_label("比較する版").select_option(str(draft.pk))
    page.get_by_role("button", name="表示").click()
    expect(page.get_by_text("ライセンスID内で最多のTRSL製品 SMP-CC 100").first).to_be_visible()
    assert "\n".join(violations(page, complaints)) == ""
