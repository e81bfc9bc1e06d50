"""The phone call, handed over: two interactions to the answer, two more to the customer, who chooses on a phone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from foundation.mail.models import OutgoingMail
from licensing.contacts.operations import add_contact
from licensing.models import LicenseID
from quotes.archive.verification import Report, verify_records
from quotes.links.operations import renew_link
from quotes.models import Comparison, Quote, ShareLink
from tests.browser.conftest import let_in, of_people, violations
from tests.cast import Cast

pytestmark = pytest.mark.both_databases

PHONE = {"width": 390, "height": 844}


def test_a_comparison_from_the_phone_call_to_the_quote(
    page: Page, browser: Browser, live_server, settings, cast: Cast, licenseid: LicenseID, complaints: list[str]
):
    settings.PUBLIC_URL = live_server.url
    add_contact(
        customer=cast.customer, values={"name": "山田 花子", "email": "yamada@example.co.jp", "for_quotes": True}
    )
    let_in(page.context, live_server.url, cast.staff)
    page.goto(f"{live_server.url}/license-ids/{licenseid.code}/quote/")
    sheet = page.locator(".decision")

    # 1: the sheet is opened. 2: what the customer asks for is typed, and every amount stands there.
    sheet.locator(":scope > summary").click()
    field = sheet.get_by_role("textbox", name="TRSL ウイルスバスター Corp.Client")
    field.click()
    page.keyboard.type("80 +20")
    page.keyboard.press("Enter")
    rows = sheet.locator(".decision-table tbody tr")
    expect(rows.filter(has_text="20追加").locator("td").nth(4)).to_contain_text("¥1,390,100")
    assert violations(page, complaints, part=".decision") == []

    # 3: a comparison is begun of what is held and typed. 4: it is made and sent.
    sheet.get_by_role("button", name="比較表を作る").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("比較表を作る")
    expect(page.locator(".plan")).to_have_count(6)
    expect(page.get_by_label("宛先")).to_have_value("yamada@example.co.jp")
    assert violations(page, complaints) == []
    page.get_by_role("button", name="作成してメールで送る").click()
    expect(page.locator("h1")).to_contain_text(re.compile(r"C\d{4}-0001"))
    assert violations(page, complaints) == []
    made, mail = Comparison.objects.get(), OutgoingMail.objects.get()
    assert (mail.to, mail.about) == ("yamada@example.co.jp", f"comparison:{made.key}")

    # The mail's token can be read by nobody; another one in its place opens the same page.
    _link, token = renew_link(link=ShareLink.objects.get(), by=cast.staff, now=made.made_at)
    context = browser.new_context(locale="ja-JP", viewport=PHONE, user_agent=of_people(page))
    phone = context.new_page()
    phone.goto(f"{live_server.url}/s/{token}/")
    expect(phone.locator(".plan")).to_have_count(6)
    assert violations(phone, complaints) == []
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    second = phone.locator(".plan").nth(1)
    second.get_by_text("案Bを選ぶ").click()
    second.get_by_label("お名前").fill("山田 花子")
    second.locator("textarea").fill("この内容で見積をお願いします")
    second.get_by_role("button", name="案Bを選んで送信").click()
    expect(phone.locator("#answer")).to_contain_text("案Bをお選びいただきました。")
    assert violations(phone, complaints) == []
    assert OutgoingMail.objects.latest("pk").to == cast.staff.email

    page.reload()
    expect(page.locator("#choice")).to_contain_text("この内容で見積をお願いします")
    chosen = page.locator(".plan.is-chosen")
    expect(chosen).to_have_count(1)
    chosen.get_by_role("button", name="案Bから見積を発行").click()
    expect(page.locator(".notice.ok").first).to_contain_text("を発行しました。")
    quote = Quote.objects.get()
    assert quote.total == made.alternatives.get(position=2).total
    expect(page.locator("main")).to_contain_text(f"比較表 {made.number} の案Bから、比較した内容のまま発行しました。")

    phone.reload()
    expect(phone.locator("main")).to_contain_text("この比較表から御見積書を作成しました。")
    expect(phone.get_by_text("を選ぶ", exact=False).filter(has=phone.locator("summary"))).to_have_count(0)
    context.close()
    assert list(verify_records(report=Report())) == []
