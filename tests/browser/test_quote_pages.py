"""Every page of quotes as a browser shows it: nothing that axe minds, nothing wider than a phone, in both languages."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from licensing.models import LicenseID
from tests.browser.conftest import quantity_field, violations
from tests.cast import Cast, make_license_id

pytestmark = [pytest.mark.appearance, pytest.mark.usefixtures("complaints")]

PHONE = {"width": 390, "height": 844}
ENLARGED = {"width": 320, "height": 256}  # a laptop at 400 %
TABLET = {"width": 1024, "height": 768}
LAPTOP = {"width": 1360, "height": 1000}
HTML_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d))?")
LONG = "グローバルロジスティクスホールディングスインターナショナル東日本"


def walk(page: Page, url: str, licenseid: LicenseID, look: Callable[[str], None]) -> None:
    """Go through every page and state, and look at each."""
    form = f"{url}/license-ids/{licenseid.code}/quote/"
    page.goto(form)
    look("form")
    page.locator("#id_is_reduced").check()
    page.locator(quantity_field(licenseid, "SMP-CC")).fill("99")
    expect(page.locator("[data-code=reduction-does-not-save]")).to_be_visible()
    for summary in page.locator("#preview summary").all():
        summary.click()
    look("form with a warning and open reasons")
    page.locator(quantity_field(licenseid, "SMP-CC")).fill("x")
    page.locator("#id_addition-0-product").select_option(index=5)
    page.locator("#id_note").fill("🎉")
    page.locator("#id_subject").fill("")
    expect(page.locator("#refusals li")).to_have_count(3)
    look("form with refusals")
    page.locator("button.main[value=issue]").click()
    expect(page.locator("#refusals")).to_be_focused()  # in the answer alone; saving changes the address before it
    expect(page.locator("#id_subject_error p")).to_be_visible()
    expect(page.locator("#refusals li")).to_have_count(3)
    look("form that was sent and refused")
    page.locator("button[value=save]").click()
    expect(page.locator(".notice.ok")).to_be_visible()
    look("draft")
    for address, what in {
        f"{url}/quotes/": "no quotes",
        f"{url}/drafts/": "drafts",
        f"{url}/quotes/?status=expired": "none of a status",
        f"{url}/quotes/?q={LONG}": "nothing found",
        f"{url}/license-ids/TM-EMPTY/quote/": "form of a license ID that holds nothing",
        f"{url}/license-ids/none/quote/": "not found",
    }.items():
        page.goto(address)
        look(what)
    page.goto(form)
    page.locator("button.main[value=issue]").click()
    expect(page.locator(".fingerprint")).to_be_visible()
    for summary in page.locator("main summary").all():
        summary.click()
    look("quote")
    page.goto(f"{url}/quotes/")
    look("quotes")


@pytest.fixture
def long_names(cast: Cast, licenseid: LicenseID) -> None:
    """Names that leave a narrow window little room, and a license ID without holdings."""
    cast.customer.name = f"株式会社{LONG}"
    cast.customer.save()
    cast.products["SMP-IM"].name_en = "Supercalifragilisticexpialidocious" * 2
    cast.products["SMP-IM"].save()
    make_license_id(cast.customer, "TM-EMPTY")


@pytest.mark.usefixtures("long_names")
@pytest.mark.parametrize("language", ["ja", "en"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    page: Page, live_server, open_quote_form, licenseid: LicenseID, complaints: list[str], language: str
):
    found: list[str] = []

    def look(what: str) -> None:
        for size in (TABLET, PHONE, ENLARGED, LAPTOP):
            page.set_viewport_size(size)
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"{what}: wider than {size['width']}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        times = page.locator("time").evaluate_all("found => found.map(time => time.dateTime)")
        found.extend(f"{what}: {time} is no time in HTML" for time in times if not HTML_TIME.fullmatch(time))
        if language == "ja":  # what axe looks at is the same in both languages
            found.extend(f"{what}: {violation}" for violation in violations(page, complaints))

    open_quote_form(language)
    walk(page, live_server.url, licenseid, look)
    assert found == []


def test_on_a_phone_axe_finds_nothing_in_the_form(
    page: Page, open_quote_form, licenseid: LicenseID, complaints: list[str]
):
    page.set_viewport_size(PHONE)
    open_quote_form()
    page.locator("#id_is_reduced").check()
    page.locator(quantity_field(licenseid, "SMP-CC")).fill("99")
    expect(page.locator("[data-code=reduction-does-not-save]")).to_be_visible()
    assert violations(page, complaints) == []


def test_on_paper_there_is_the_calculation_and_nothing_to_press(page: Page, open_quote_form, licenseid: LicenseID):
    open_quote_form()
    page.locator("#id_is_reduced").check()
    page.locator(quantity_field(licenseid, "SMP-CC")).fill("99")
    expect(page.locator("[data-code=reduction-does-not-save]")).to_be_visible()
    page.set_viewport_size({"width": 680, "height": 1000})
    expect(page.locator(".total-bar")).to_be_visible()
    page.emulate_media(media="print")
    for selector in (".total-bar", ".acts", "header.top", ".breadcrumb", "#additions button[value=add-row]"):
        expect(page.locator(selector)).to_be_hidden()
    for selector in (".total b", ".sums", "[data-code=reduction-does-not-save]", "h1"):
        expect(page.locator(selector)).to_be_visible()


def test_a_laptop_shows_term_quantities_additions_and_the_whole_calculation_at_once(page: Page, open_quote_form):
    page.set_viewport_size(LAPTOP)
    open_quote_form()
    for selector in (".terms", ".holdings", "#additions select", ".total", ".sums", "button.main[value=issue]"):
        expect(page.locator(selector)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="計算", exact=True)).to_have_count(1)  # the one that Enter presses
    without_script = page.locator(".without-script")
    assert [one.is_visible() for one in without_script.all()] == [False, False]


def test_each_page_keeps_its_place_when_the_language_changes(page: Page, live_server, open_quote_form):
    open_quote_form()
    page.locator("button[value=save]").click()
    expect(page.locator(".notice.ok")).to_be_visible()
    draft = page.url
    open_quote_form()
    page.locator("button.main[value=issue]").click()
    expect(page.locator(".fingerprint")).to_be_visible()
    for address, heading in {
        draft: ("株式会社髙﨑製作所 下書き", "株式会社髙﨑製作所 Draft"),
        page.url: ("Q", "Q"),
        f"{live_server.url}/drafts/?q=TM-0048": ("見積", "Quotes"),
    }.items():
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading[0])
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page).to_have_url(address)
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading[1])
        page.get_by_role("button", name="日本語").click()
        expect(page.locator("html")).to_have_attribute("lang", "ja")
        expect(page).to_have_url(address)
