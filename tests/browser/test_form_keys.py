"""Keys in the renewal form: none presses a button that it does not stand on, and none leaves the place."""

from urllib.parse import parse_qs

from playwright.sync_api import Page, Request, expect

from licensing.models import LicenseID
from quotes.models import Quote
from tests.browser.conftest import quantity_field

SELECTED = "field => field.value.slice(field.selectionStart, field.selectionEnd)"


def test_no_recalculation_presses_the_button_that_has_the_focus(page: Page, open_quote_form):
    open_quote_form()
    sent: list[dict[str, list[str]]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/preview/"):
            sent.append(parse_qs(request.post_data or ""))

    page.on("request", note)
    page.locator("#id_addition-0-product").select_option("SMP-CS")
    quantity = page.locator("#id_addition-0-quantity")
    buttons = page.locator("#quote-form button:not([tabindex='-1']):visible")
    delays = (0, 50, 100, 150, 200)
    for number in range(buttons.count()):
        for delay in (delays[number % 5], delays[(number + 2) % 5]):  # with five buttons or more: each delay twice
            quantity.focus()
            page.keyboard.type(str(10 + delay))
            page.wait_for_timeout(delay)
            buttons.nth(number).focus()  # as Tab does, once or several times
            page.wait_for_timeout(350)
    for key in ("Tab", "Shift+Tab"):
        for delay in (0, 50, 100, 150, 200):
            quantity.focus()
            page.keyboard.type(str(20 + delay))
            page.wait_for_timeout(delay)
            page.keyboard.press(key)
            page.wait_for_timeout(350)
            expect(quantity).to_have_value(str(20 + delay))
    assert len(sent) >= 10
    assert [fields["action"] for fields in sent if "action" in fields] == []
    expect(page.locator(".addition")).to_have_count(1)
    expect(page.locator("#id_addition-0-product")).to_have_value("SMP-CS")
    expect(page.locator(".line")).to_have_count(3)
    assert Quote.objects.count() == 0


def test_enter_calculates_and_leaves_everything_where_it_is(page: Page, open_quote_form, licenseid: LicenseID):
    open_quote_form()
    page.locator("#id_is_reduced").check()
    field = page.locator(quantity_field(licenseid, "SMP-CC"))
    field.click()
    assert field.evaluate(SELECTED) == "100"
    page.keyboard.type("99")
    page.keyboard.press("Enter")
    expect(page.locator(".total b")).to_have_text("¥287,232")
    expect(field).to_be_focused()
    field.click()
    assert field.evaluate(SELECTED) == "", "a second click sets the caret"
    page.keyboard.press("Tab")
    other = page.locator(quantity_field(licenseid, "SMP-IM"))
    if not other.evaluate("field => field === document.activeElement"):
        page.keyboard.press("Tab")
    expect(other).to_be_focused()
    assert other.evaluate(SELECTED) == "30"
    page.locator("#id_subject").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#id_subject")).to_be_focused()
    assert Quote.objects.count() == 0


def test_opened_reasons_scroll_with_the_page_alone(page: Page, open_quote_form):
    page.set_viewport_size({"width": 1366, "height": 768})
    open_quote_form()
    found = page.locator("#quote-form :not(textarea)")
    assert not {"auto", "scroll"} & set(found.evaluate_all("all => all.map(e => getComputedStyle(e).overflowY)"))
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")  # it follows
    summary = page.locator("#preview .trace > summary").first
    before = summary.bounding_box()
    summary.click()
    after = summary.bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 2
    expect(page.locator(".total b")).to_be_in_viewport()
    expect(page.get_by_role("button", name="見積を発行")).to_be_in_viewport()
