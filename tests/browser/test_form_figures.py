"""The renewal form's figures stay in sight, rows go again, and nothing typed is lost by leaving."""

import pytest
from playwright.sync_api import Page, expect

from licensing.models import LicenseID
from quotes.models import Quote
from tests.browser.conftest import quantity_field

pytestmark = [pytest.mark.appearance, pytest.mark.usefixtures("complaints")]


def fill_up(page: Page, licenseid: LicenseID) -> None:
    """Three lines and a warning."""
    page.locator("#id_is_reduced").check()
    page.locator(quantity_field(licenseid, "SMP-CC")).fill("99")
    page.locator("#id_addition-0-product").select_option("SMP-CS")
    page.locator("#id_addition-0-quantity").fill("10")
    expect(page.locator(".line")).to_have_count(3)
    expect(page.locator("#warnings .notice")).to_have_count(1)


def test_the_sums_and_the_buttons_stay_in_sight_while_the_page_scrolls(
    page: Page, open_quote_form, licenseid: LicenseID
):
    page.set_viewport_size({"width": 1280, "height": 800})
    open_quote_form()
    fill_up(page, licenseid)
    page.locator("#calculation details").evaluate_all("all => all.forEach(trace => { trace.open = true })")
    for scroll in (0, 500, 5000):
        page.evaluate(f"window.scrollTo(0, {scroll})")
        parts = [page.locator(".sums > div", has_text=name) for name in ("小計", "消費税", "見積有効期限")]
        for part in (*parts, page.get_by_role("button", name="見積を発行")):
            expect(part).to_be_in_viewport(ratio=1)
            is_on_top = part.evaluate(
                "part => { const box = part.getBoundingClientRect();"
                "return part.contains(document.elementFromPoint(box.x + 5, box.y + box.height / 2)) }"
            )
            assert is_on_top, (scroll, part)


@pytest.mark.parametrize("width", [1280, 1024, 390])
def test_no_amount_breaks_or_leaves_its_tile(page: Page, open_quote_form, width: int):
    page.set_viewport_size({"width": width, "height": 900})
    open_quote_form()
    page.locator("#id_addition-0-product").select_option("SMP-DS")
    page.locator("#id_addition-0-quantity").fill("9999999")
    expect(page.locator("#total-6")).to_have_text("¥2,956,801,234,860")
    tiles = page.locator(".terms label").evaluate_all(
        "tiles => tiles.map(tile => { const text = tile.querySelector('span');"
        "return [text.getClientRects().length, text.getBoundingClientRect().width <= tile.clientWidth] })"
    )
    assert tiles == [[1, True]] * 6
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_row_is_removed(page: Page, open_quote_form):
    open_quote_form()
    page.locator("#id_addition-0-product").select_option("SMP-CC")
    page.locator("#id_addition-0-quantity").fill("10")
    expect(page.locator(".line")).to_have_count(3)
    page.get_by_role("button", name="入力行を追加").click()
    page.locator("#id_addition-1-product").select_option("SMP-CS")
    page.locator("#id_addition-1-quantity").fill("5")
    expect(page.locator(".line")).to_have_count(4)
    page.get_by_role("button", name="1行目を削除").click()
    expect(page.locator(".line")).to_have_count(3)
    expect(page.locator(".addition")).to_have_count(1)
    expect(page.locator("#id_addition-0-product")).to_have_value("SMP-CS")
    expect(page.locator("#id_addition-0-quantity")).to_have_value("5")
    expect(page.locator("#id_addition-0-product")).to_be_focused()


def test_going_back_and_issuing_again_is_asked_about(page: Page, open_quote_form):
    open_quote_form()
    form = page.url
    page.get_by_role("button", name="見積を発行").click()
    expect(page.locator(".notice.ok")).to_contain_text("を発行しました。")
    page.goto(form)
    page.get_by_role("checkbox", name="確認しました").check()  # that the holdings are quoted already (R22)
    page.get_by_role("button", name="見積を発行").click()
    expect(page.locator(".notice.stop[role=alert]:not([hidden])")).to_contain_text("見積は発行されていません。")
    assert Quote.objects.count() == 1
    page.get_by_label("同じ内容の見積をもう1件発行する").check()
    page.get_by_role("button", name="見積を発行").click()
    expect(page.locator(".notice.ok")).to_contain_text("を発行しました。")
    assert Quote.objects.count() == 2
