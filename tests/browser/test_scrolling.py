"""The page scrolls, and nothing within it: what a window holds is reached by scrolling the page alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from licensing.models import LicenseID, Reseller, User
from tests.browser.conftest import let_in
from tests.cast import Cast
from tests.making import issue_quote

pytestmark = [pytest.mark.appearance, pytest.mark.usefixtures("complaints")]

SMALL_LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
WIDER = "() => { scrollTo(9999, 0); return scrollX > 0 }"
INNER_SCROLLERS = """() => [...document.querySelectorAll('body *')].filter(element => {
  const style = getComputedStyle(element);
  return !['TEXTAREA', 'SELECT'].includes(element.tagName) && /auto|scroll/.test(style.overflowY)
    && element.clientHeight > 0 && element.scrollHeight > element.clientHeight + 1;
}).map(element => `${element.tagName}.${element.className}`)"""
OPEN_ALL = "() => document.querySelectorAll('main details').forEach(element => { element.open = true })"


@pytest.fixture
def look_at(page: Page, live_server) -> Callable[[User, str], list[str]]:
    """Open a page, and all in it that can be opened; say what scrolls within it, or makes it wider than the window."""

    def look(user: User, address: str) -> list[str]:
        let_in(page.context, live_server.url, user)
        page.set_viewport_size(SMALL_LAPTOP)
        page.goto(f"{live_server.url}{address}")
        page.evaluate(OPEN_ALL)
        found: list[str] = page.evaluate(INNER_SCROLLERS)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append("wider than the window")
        return [f"{address}: {what}" for what in found]

    return look


def test_no_page_has_a_part_that_scrolls_by_itself(cast: Cast, licenseid: LicenseID, look_at):
    quote = issue_quote(licenseid, by=cast.staff)
    Reseller.objects.update(customers_see_quotes="issued")
    found = []
    for address in (
        f"/license-ids/{licenseid.code}/quote/",
        f"/license-ids/{licenseid.code}/",
        "/quotes/",
        f"/quotes/{quote.key}/",
        f"/quotes/{quote.key}/send/",
        f"/quotes/{quote.key}/links/",
        "/records/",
        "/customers/",
    ):
        found += look_at(cast.staff, address)
    found += look_at(cast.contact, f"/received/{quote.key}/")
    assert found == []


def test_the_customers_two_answers_are_in_sight_at_once(page: Page, cast: Cast, licenseid: LicenseID, live_server):
    quote = issue_quote(licenseid, by=cast.staff)
    Reseller.objects.update(customers_see_quotes="issued")
    let_in(page.context, live_server.url, cast.contact)
    page.set_viewport_size(SMALL_LAPTOP)
    page.goto(f"{live_server.url}/received/{quote.key}/")
    expect(page.get_by_role("button", name="この見積で発注を希望する")).to_be_in_viewport(ratio=1)
    decline = page.locator("summary", has_text="この見積を見送る")
    expect(decline).to_be_in_viewport(ratio=1)
    decline.click()
    button = page.get_by_role("button", name="この見積を見送る")
    page.mouse.wheel(0, 2000)
    expect(button).to_be_in_viewport(ratio=1)


def test_a_long_name_makes_no_page_wider_than_a_phone(page: Page, cast: Cast, licenseid: LicenseID, live_server):
    people = [cast.colleague.pk, cast.price_admin.pk]
    User.objects.filter(pk__in=people).update(name="Wolfeschlegelsteinhausenbergerdorff" * 2)
    page.set_viewport_size(PHONE)
    wider = []
    for user, addresses in {
        cast.manager: ("/", f"/customers/{cast.customer.pk}/", "/comparisons/"),
        cast.price_admin: ("/admin/",),
    }.items():
        let_in(page.context, live_server.url, user)
        for address in addresses:
            page.goto(f"{live_server.url}{address}")
            if page.evaluate(WIDER):
                wider.append(address)
    assert wider == []
