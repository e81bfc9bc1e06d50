"""A price is offered with the keyboard: typed, seen at once, issued, and on paper with list prices or without."""

import io

import pypdf
import pytest
from playwright.sync_api import Page, expect

from licensing.models import LicenseID, Reseller
from quotes.models import Quote
from tests.browser.conftest import let_in
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("complaints")


@pytest.mark.parametrize("is_list_shown", [True, False])
def test_ten_percent_less(page: Page, live_server, cast: Cast, licenseid: LicenseID, is_list_shown: bool):
    """The license ID's own lines at 10 % less, a free line, and ¥5,000 off the whole."""
    Reseller.objects.update(shows_list_prices=is_list_shown)
    let_in(page.context, live_server.url, cast.staff)
    page.goto(f"{live_server.url}/license-ids/{licenseid.code}/quote/")
    expect(page.locator(".total b")).to_have_text("¥255,090")
    page.locator("details[id^=offers-] summary").press("Enter")
    offered = page.locator("details[id^=offers-] input")
    for place in range(offered.count()):
        offered.nth(place).press_sequentially("10 %")
    expect(page.locator(".total b")).to_have_text("¥229,581")
    expect(page.locator(".figures")).to_contain_text("10.00 %")

    page.locator("#free-lines summary").press("Enter")
    page.get_by_label("内容、1行目").press_sequentially("設定作業費")
    page.get_by_label("単価、1行目").press_sequentially("30000")
    expect(page.locator(".total b")).to_have_text("¥262,581")

    page.locator("#reduction summary").press("Enter")
    page.get_by_label("見積全体の値引き").last.press_sequentially("5,000")
    expect(page.locator(".total b")).to_have_text("¥257,081")

    page.get_by_role("button", name="見積を発行").press("Enter")
    expect(page.locator(".notice.ok")).to_contain_text("を発行しました。")
    quote = Quote.objects.select_related("pdf").get()
    assert (quote.subtotal, quote.tax, quote.total) == (233_710, 23_371, 257_081)
    text = "".join(pypdf.PdfReader(io.BytesIO(bytes(quote.pdf.content))).pages[0].extract_text().split())
    for said in ("¥257,081", "設定作業費", "その他小計（税抜）30,000", "▲¥5,000"):
        assert said in text, said
    for listed in ("標準価格の合計", "値引き10%", "231,900"):
        assert (listed in text) is is_list_shown, listed
