"""From the log-in to the PDF, as staff do it: with a mouse, with keys alone, without scripts."""

import hashlib
import io
import re

import pypdf
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from licensing.models import LicenseID
from quotes.models import Quote, QuoteEvent
from renewals.models import QuoteDraft
from tests.browser.conftest import let_in, log_in, quantity_field
from tests.cast import PASSWORD, Cast

WARNING = "減らしても安くなりません。"

pytestmark = pytest.mark.usefixtures("complaints")


def open_form(page: Page, url: str, cast: Cast, licenseid: LicenseID) -> None:
    let_in(page.context, url, cast.staff)
    page.goto(f"{url}/license-ids/{licenseid.code}/quote/")


def download(page: Page) -> tuple[str, bytes]:
    with page.expect_download() as started:
        page.get_by_role("link", name="PDFをダウンロード").click()
    return started.value.suggested_filename, started.value.path().read_bytes()


def test_from_the_search_to_the_pdf(page: Page, live_server, cast: Cast, licenseid: LicenseID):
    log_in(page, live_server.url, cast.staff.email)
    search = page.get_by_role("searchbox")
    for typed in ("ＴＭ－００４８－２２１０", "ﾀｶｻｷ", "たかさき", "㈱髙﨑", "高崎　株式会社"):
        search.fill("nobody")
        expect(page.locator("#results a[href$='/quote/']")).to_have_count(0)
        search.fill(typed)
        expect(page.locator("#results a[href$='/quote/']")).to_have_count(1)
    page.locator("#results a[href$='/quote/']").click()

    expect(page.locator(".total b")).to_have_text("¥255,090")
    page.get_by_role("radio", name=re.compile("^3年")).check()
    expect(page.locator(".total b")).to_have_text("¥765,270")
    page.get_by_role("checkbox", name=re.compile("^減数更新")).check()
    page.locator(quantity_field(licenseid, "SMP-CC")).fill("９９")
    expect(page.locator(".total b")).to_have_text("¥861,696")
    expect(page.locator("#total-1")).to_have_text("¥287,232")
    expect(page.locator("[data-code=reduction-does-not-save]")).to_contain_text(WARNING)
    expect(page.locator("[data-code=reduction-does-not-save]")).to_contain_text("¥87,660")
    page.locator(".line summary").first.click()
    expect(page.locator(".line").first).to_contain_text("ライセンスID内で最多のTRSL製品 SMP-CC 99")

    page.get_by_role("button", name="見積を発行").click()
    expect(page.locator(".notice[role=alert]:not([hidden])").first).to_contain_text(
        "すべて確認し、チェックを付けてから発行してください。"
    )
    assert Quote.objects.count() == 0
    expect(page.locator(quantity_field(licenseid, "SMP-CC"))).to_have_value("99")

    page.get_by_role("checkbox", name="確認しました").check()
    page.get_by_role("button", name="見積を発行").click()
    expect(page.locator(".notice.ok")).to_contain_text("を発行しました。")
    quote = Quote.objects.select_related("pdf").get()
    assert (quote.total, quote.subtotal, quote.tax) == (861_696, 783_360, 78_336)
    assert [warning["code"] for warning in quote.acknowledged] == ["reduction-does-not-save"]

    name, content = download(page)
    day = quote.issued_on.strftime("%Y%m%d")
    assert name == f"{day}_株式会社髙﨑製作所_861696_{quote.number}.pdf"
    assert hashlib.sha256(content).hexdigest() == quote.pdf.sha256
    expect(page.locator(".fingerprint")).to_contain_text(quote.pdf.sha256)
    text = "".join(pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().split())
    assert "株式会社髙﨑製作所" in text
    assert "¥861,696" in text
    assert quote.number in text
    assert QuoteEvent.objects.filter(quote=quote, kind="downloaded").count() == 1


def test_what_is_typed_before_the_scripts_are_there_is_sought(
    page: Page, live_server, cast: Cast, licenseid: LicenseID
):
    let_in(page.context, live_server.url, cast.staff)
    late: list[Route] = []
    page.route("**/htmx-2*.js", lambda route: late.append(route))
    page.goto(live_server.url, wait_until="commit")
    found = page.locator("#results a[href$='/quote/']")
    expect(found).to_have_count(1)
    page.get_by_role("searchbox").fill("nobody")
    expect(found).to_have_count(1)
    late[0].continue_()
    expect(found).to_have_count(0)


def test_with_keys_alone(page: Page, live_server, cast: Cast, licenseid: LicenseID):
    press, write = page.keyboard.press, page.keyboard.type

    def tab_to(selector: str) -> None:
        for _ in range(60):
            press("Tab")
            if page.locator(selector).evaluate_all("found => found.includes(document.activeElement)"):
                return
        raise AssertionError(f"{selector} is not reached by Tab")

    page.goto(f"{live_server.url}/accounts/login/")
    tab_to("[name=login]")
    write(cast.staff.email)
    tab_to("[name=password]")
    write(PASSWORD)
    press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("更新")
    tab_to("#q")
    write("0048")
    press("Enter")
    expect(page.locator("#result-status, .count").first).to_contain_text("1件")
    tab_to("#results a[href$='/quote/']")
    press("Enter")

    expect(page.locator(".total b")).to_have_text("¥255,090")
    tab_to("#id_years_1")
    press("ArrowRight")
    expect(page.locator(".total b")).to_have_text("¥510,180")
    tab_to("#id_is_reduced")
    press("Space")
    tab_to(quantity_field(licenseid, "SMP-CC"))
    press("Control+a")
    write("99")
    expect(page.locator(".total b")).to_have_text("¥574,464")
    tab_to("#preview .line summary")
    press("Enter")
    expect(page.locator("#preview .line details").first).to_have_attribute("open", "")
    tick = page.locator("#id_acknowledge_reduction-does-not-save")
    tab_to("#id_acknowledge_reduction-does-not-save")
    with page.expect_response(re.compile("/preview/")):
        press("Space")
    expect(page.locator("#preview-status")).to_have_text("御見積金額 ¥574,464")
    expect(tick).to_be_checked()
    expect(tick).to_be_focused()
    expect(page.locator("#preview .line details").first).to_have_attribute("open", "")
    tab_to("button.main[value=issue]")
    press("Enter")
    expect(page.locator(".notice.ok")).to_contain_text("を発行しました。")
    assert Quote.objects.get().total == 574_464
    tab_to("a[href$='/pdf/']")
    with page.expect_download():
        press("Enter")


def test_without_scripts(browser: Browser, live_server, cast: Cast, licenseid: LicenseID):
    context = browser.new_context(java_script_enabled=False, locale="ja-JP")
    page = context.new_page()
    open_form(page, live_server.url, cast, licenseid)
    page.get_by_role("radio", name=re.compile("^2年")).check(force=True)
    page.get_by_role("button", name="見積を発行").click()
    expect(page.locator(".notice[role=alert]:not([hidden])").first).to_contain_text(
        "金額が表示中のものから変わりました。"
    )
    expect(page.locator(".total b")).to_have_text("¥510,180")
    page.get_by_role("button", name="入力行を追加").click()
    page.locator("select").nth(1).select_option("SMP-CS")
    page.locator("#id_addition-1-quantity").fill("５")
    page.locator("aside button[value=calculate]").click()
    expect(page.locator(".total b")).to_have_text("¥549,285")
    page.get_by_role("button", name="見積を発行").click()
    expect(page.locator(".notice.ok")).to_contain_text("を発行しました。")
    assert Quote.objects.get().total == 549_285
    context.close()


def test_a_draft_is_gone_on_with(page: Page, live_server, cast: Cast, licenseid: LicenseID):
    open_form(page, live_server.url, cast, licenseid)
    page.get_by_label("お客様への備考").fill("3月末までにご注文ください。")
    page.get_by_role("button", name="下書き保存").click()
    expect(page.locator(".notice.ok")).to_have_text("下書きを保存しました。 下書きの一覧を見る")
    page.goto(f"{live_server.url}/drafts/")
    page.get_by_role("link", name="続ける").click()
    expect(page.get_by_label("お客様への備考")).to_have_value("3月末までにご注文ください。")
    page.get_by_role("button", name="見積を発行").click()
    expect(page.locator(".notice.ok")).to_contain_text("を発行しました。")
    assert QuoteDraft.objects.count() == 0
    assert Quote.objects.get().document["note"] == "3月末までにご注文ください。"


def test_a_double_click_issues_once(page: Page, live_server, cast: Cast, licenseid: LicenseID):
    open_form(page, live_server.url, cast, licenseid)
    page.get_by_role("button", name="見積を発行").dblclick()
    expect(page.locator(".notice.ok")).to_contain_text("を発行しました。")
    assert Quote.objects.count() == 1


def test_the_second_of_two_people_is_told(browser: Browser, live_server, cast: Cast, licenseid: LicenseID):
    pages = []
    for person in (cast.staff, cast.colleague):
        page = browser.new_context(locale="ja-JP").new_page()
        log_in(page, live_server.url, person.email)
        pages.append(page)
    first, second = pages
    first.goto(f"{live_server.url}/license-ids/{licenseid.code}/quote/")
    first.get_by_role("button", name="下書き保存").click()
    expect(first.locator(".notice.ok")).to_have_text("下書きを保存しました。 下書きの一覧を見る")
    second.goto(first.url)
    for page in pages:
        page.get_by_role("button", name="見積を発行").click()
        expect(page.get_by_role("link", name="PDFをダウンロード")).to_be_visible()
    number = Quote.objects.get().number
    expect(second.locator(".messages .notice")).to_have_text(
        f"青木 陽子さんがすでに {number} として発行しています。二重には発行していません。"
    )
    for page in pages:
        page.context.close()
