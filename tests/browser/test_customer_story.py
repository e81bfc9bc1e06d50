"""From a quote's issue to its revision, as the customer and staff see it: each with a browser of their own."""

import hashlib

import pytest
from playwright.sync_api import Browser, Page, expect

from licensing.models import LicenseID
from quotes.models import Quote
from tests.browser.conftest import let_in, of_people, violations
from tests.cast import Cast

pytestmark = pytest.mark.both_databases

PHONE = {"width": 390, "height": 844}


@pytest.mark.usefixtures("complaints")
def test_staff_and_customer_by_a_share_link(
    page: Page, browser: Browser, live_server, settings, cast: Cast, licenseid: LicenseID, complaints: list[str]
):
    settings.PUBLIC_URL = live_server.url
    let_in(page.context, live_server.url, cast.staff)
    page.goto(f"{live_server.url}/license-ids/{licenseid.code}/quote/")
    page.get_by_role("button", name="見積を発行").click()
    expect(page.locator(".notice.ok")).to_contain_text("を発行しました。")
    quote = Quote.objects.select_related("pdf").get()

    page.get_by_role("link", name="リンクで共有").click()
    page.get_by_label("宛先").fill("購買部 山田様")
    page.get_by_role("button", name="リンクを作成").click()
    address = page.get_by_label("リンクのアドレス").input_value()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="アドレスをコピー").click()
    expect(page.get_by_text("コピーしました。")).to_be_visible()

    context = browser.new_context(locale="ja-JP", viewport=PHONE, user_agent=of_people(page))
    phone = context.new_page()
    phone.goto(address)
    expect(phone.locator(".total b")).to_have_text("¥255,090")
    expect(phone.locator("header.top")).to_contain_text("青葉見本システム株式会社")
    assert violations(phone, complaints) == []
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    with phone.expect_download() as started:
        phone.get_by_role("link", name="PDFをダウンロード").click()
    assert hashlib.sha256(started.value.path().read_bytes()).hexdigest() == quote.pdf.sha256
    phone.get_by_label("お名前").first.fill("山田 太郎")
    phone.get_by_role("button", name="この見積で発注を希望する").dblclick()
    expect(phone.locator("#answer")).to_contain_text("この見積での発注をご希望と承りました。")
    assert quote.events.filter(kind="order_wished").count() == 1

    page.goto(f"{live_server.url}/quotes/{quote.key}/")
    history = page.locator(".timeline")
    expect(history).to_contain_text("山田 太郎さん（共有リンク：購買部 山田様）がこの見積で発注を希望しました。")
    expect(history).to_contain_text("共有リンク（購買部 山田様）の閲覧者がPDFをダウンロードしました。")
    page.get_by_role("button", name="改訂").click()
    page.get_by_role("radio", name="2年").check()
    expect(page.locator(".total b")).to_have_text("¥510,180")
    page.get_by_role("button", name="発行").click()
    expect(page.locator("h1")).to_contain_text(f"{quote.base_number}-01")

    phone.reload()
    expect(phone.locator(".offer .notice")).to_contain_text("この見積は改訂され、改訂01に替わりました。")
    expect(phone.get_by_role("button", name="この見積で発注を希望する")).to_have_count(0)
    context.close()
