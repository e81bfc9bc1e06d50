"""From the log-in to the PDF, as staff do it: with a mouse, with keys alone, without scripts."""

import hashlib
import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from licensing.models import LicenseID
from quotes.models import Quote, QuoteDraft, QuoteEvent
from tests.cast import PASSWORD, Cast, make_cast, make_license_id

PHONE = {"width": 390, "height": 844}
WARNING = "減らしても安くなりません。"


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def licenseid(cast: Cast) -> LicenseID:
    """The license ID of the look: 100 clients and 30 mail accounts, on the real day, which the server's clock shows."""
    soon = timezone.localdate() + timedelta(days=75)
    return make_license_id(cast.customer, "TM-0048-2210", ("SMP-CC", 100, soon), ("SMP-IM", 30, soon))


@pytest.fixture(autouse=True)
def complaints(page: Page) -> Iterator[list[str]]:
    """CSP violations, script errors, files that did not come: there must be none."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    yield said
    # A page that is left takes its last preview with it: htmx says so, and nothing is wrong.
    assert [text for text in said if "status of 4" not in text and not text.startswith("htmx:")] == []


def log_in(page: Page, url: str, email: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("満了一覧")


def open_form(page: Page, url: str, cast: Cast, licenseid: LicenseID) -> None:
    log_in(page, url, cast.staff.email)
    page.goto(f"{url}/license-ids/{licenseid.code}/quote/")


def holding_field(licenseid: LicenseID, code: str) -> str:
    return f"#id_quantity-{licenseid.holdings.get(product__code=code).pk}"


def download(page: Page) -> tuple[str, bytes]:
    with page.expect_download() as started:
        page.get_by_role("link", name="PDFをダウンロード").click()
    return started.value.suggested_filename, started.value.path().read_bytes()


def test_from_the_search_to_the_pdf(page: Page, live_server, cast: Cast, licenseid: LicenseID):
    log_in(page, live_server.url, cast.staff.email)
    search = page.get_by_role("searchbox")
    search.fill("㈱ﾀｶｻｷ")
    search.press("Enter")
    expect(page.locator("#results .name")).to_have_count(0)  # the kana has no 株式会社: each word must be found
    search.fill("高崎　株式会社")
    search.press("Enter")
    page.locator("#results a[href$='/quote/']").click()

    expect(page.locator(".total b")).to_have_text("¥255,090")
    page.get_by_role("radio", name=re.compile("^3年")).check()
    expect(page.locator(".total b")).to_have_text("¥765,270")
    page.get_by_role("checkbox", name=re.compile("^減数更新")).check()
    page.locator(holding_field(licenseid, "SMP-CC")).fill("９９")
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
    expect(page.locator(holding_field(licenseid, "SMP-CC"))).to_have_value("99")

    page.get_by_role("checkbox", name="確認しました").check()
    page.get_by_role("button", name="見積を発行").click()
    expect(page.locator(".notice.ok")).to_contain_text("を発行しました。")
    quote = Quote.objects.select_related("pdf").get()
    assert (quote.total, quote.subtotal, quote.tax) == (861_696, 783_360, 78_336)
    assert [warning["code"] for warning in quote.acknowledged] == ["reduction-does-not-save"]

    name, content = download(page)
    day = quote.issued_on.strftime("%Y%m%d")
    assert name == f"{day}_青葉見本システム株式会社_861696_{quote.number}.pdf"
    assert hashlib.sha256(content).hexdigest() == quote.pdf.sha256
    expect(page.locator(".fingerprint")).to_contain_text(quote.pdf.sha256)
    text = "".join(pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().split())
    assert "株式会社髙﨑製作所" in text
    assert "¥861,696" in text
    assert quote.number in text
    assert QuoteEvent.objects.filter(quote=quote, kind="downloaded").count() == 1


def test_with_keys_alone(page: Page, live_server, cast: Cast, licenseid: LicenseID):
    open_form(page, live_server.url, cast, licenseid)
    expect(page.locator(".total b")).to_have_text("¥255,090")

    def tab_to(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.locator(selector).evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{selector} is not reached by Tab")

    tab_to("#id_years_1")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".total b")).to_have_text("¥510,180")
    tab_to("#id_is_reduced")
    page.keyboard.press("Space")
    tab_to(holding_field(licenseid, "SMP-CC"))
    page.keyboard.press("Control+a")
    page.keyboard.type("99")
    expect(page.locator(".total b")).to_have_text("¥574,464")
    tab_to("#id_acknowledge-reduction-does-not-save")
    page.keyboard.press("Space")
    expect(page.locator("#id_acknowledge-reduction-does-not-save")).to_be_checked()
    with page.expect_response(re.compile("/preview/")):
        pass
    expect(page.locator("#id_acknowledge-reduction-does-not-save")).to_be_focused()
    tab_to("button.main[value=issue]")
    page.keyboard.press("Enter")
    expect(page.locator(".notice.ok")).to_contain_text("を発行しました。")
    assert Quote.objects.get().total == 574_464


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
    page.get_by_role("button", name="製品を追加する").click()
    page.locator("select").nth(1).select_option("SMP-CS")
    page.locator("#id_addition-1-quantity").fill("５")
    page.locator("aside button[value=calculate]").click()
    expect(page.locator(".total b")).to_have_text("¥549,285")
    page.get_by_role("button", name="見積を発行").click()
    expect(page.locator(".notice.ok")).to_contain_text("を発行しました。")
    assert Quote.objects.get().total == 549_285
    context.close()


def test_problems_stand_at_their_fields_and_go_again(page: Page, live_server, cast: Cast, licenseid: LicenseID):
    open_form(page, live_server.url, cast, licenseid)
    page.get_by_role("checkbox", name=re.compile("^減数更新")).check()
    field = page.locator(holding_field(licenseid, "SMP-CC"))
    field.fill("120")
    said = page.locator(f"#{field.get_attribute('aria-describedby')}")
    expect(said).to_have_text("SMP-CC：更新数量 120 が保有数量 100 を超えています。")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".total b")).to_have_text("–")
    field.fill("100")
    expect(said).to_have_text("")
    expect(page.locator(".total b")).to_have_text("¥255,090")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()


def test_a_further_row_for_additions_keeps_what_was_typed(page: Page, live_server, cast: Cast, licenseid: LicenseID):
    open_form(page, live_server.url, cast, licenseid)
    page.locator("select").first.select_option("SMP-CC")
    page.locator("#id_addition-0-quantity").fill("10")
    page.get_by_role("button", name="製品を追加する").click()
    expect(page.locator("select")).to_have_count(2)
    expect(page.locator("#id_addition-0-quantity")).to_have_value("10")
    expect(page.locator("select").first).to_have_value("SMP-CC")


def test_a_draft_is_gone_on_with(page: Page, live_server, cast: Cast, licenseid: LicenseID):
    open_form(page, live_server.url, cast, licenseid)
    page.get_by_label("お客様への備考").fill("3月末までにご注文ください。")
    page.get_by_role("button", name="下書き保存").click()
    expect(page.locator(".notice.ok")).to_have_text("下書きを保存しました。")
    page.goto(f"{live_server.url}/quotes/?status=draft")
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
    expect(first.locator(".notice.ok")).to_have_text("下書きを保存しました。")
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


@pytest.mark.parametrize("language", ["ja", "en"])
def test_axe_finds_nothing(
    page: Page, live_server, cast: Cast, licenseid: LicenseID, language: str, complaints: list[str]
):
    url = live_server.url
    open_form(page, url, cast, licenseid)
    if language == "en":
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")

    def check(what: str) -> None:
        found = Axe().run(page)
        complaints[:] = [text for text in complaints if "style-src" not in text]  # axe's own measuring
        assert found.violations_count == 0, f"{what}: {found.generate_report()}"

    check("form")
    page.locator("#id_is_reduced").check()
    page.locator(holding_field(licenseid, "SMP-CC")).fill("99")
    expect(page.locator("[data-code=reduction-does-not-save]")).to_be_visible()
    for summary in page.locator(".line summary").all():
        summary.click()
    check("form with a warning and open reasons")
    page.locator(holding_field(licenseid, "SMP-CC")).fill("x")
    expect(page.locator("#refusals")).to_be_visible()
    check("form with a refusal")
    page.locator("button[value=save]").click()
    expect(page.locator(".notice.ok")).to_be_visible()
    check("draft")
    page.goto(f"{url}/quotes/?status=draft")
    check("drafts")
    page.goto(f"{url}/quotes/?q=zzz")
    check("nothing found")
    page.goto(f"{url}/license-ids/{licenseid.code}/quote/")
    page.locator("button.main[value=issue]").click()
    expect(page.locator(".fingerprint")).to_be_visible()
    check("quote")
    page.goto(f"{url}/quotes/")
    check("quotes")
    page.goto(f"{url}/license-ids/none/quote/")
    check("not found")


def test_a_phone_shows_every_page_without_scrolling_sideways(page: Page, live_server, cast: Cast, licenseid: LicenseID):
    page.set_viewport_size(PHONE)
    open_form(page, live_server.url, cast, licenseid)
    widths = {}

    def measure(what: str) -> None:
        widths[what] = page.evaluate("() => document.documentElement.scrollWidth")

    measure("form")
    page.locator("#id_is_reduced").check()
    measure("form with quantities")
    page.get_by_role("button", name="見積を発行").click()
    expect(page.locator(".fingerprint")).to_be_visible()
    measure("quote")
    page.goto(f"{live_server.url}/quotes/")
    measure("quotes")
    assert widths == dict.fromkeys(widths, PHONE["width"])
