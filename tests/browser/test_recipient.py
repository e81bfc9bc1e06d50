"""Whom the e-mail with a quote goes to: typing an address chooses it, with real keys."""

import pytest
from playwright.sync_api import Page, expect

from licensing.models import LicenseID
from tests.browser.conftest import let_in, violations
from tests.cast import Cast
from tests.making import issue_quote

TYPED = "yamada@hoka.example.jp"


@pytest.mark.usefixtures("complaints")
def test_typing_an_address_chooses_it(
    page: Page, live_server, cast: Cast, licenseid: LicenseID, complaints: list[str]
) -> None:
    quote = issue_quote(licenseid, by=cast.staff)
    let_in(page.context, live_server.url, cast.staff)
    page.goto(f"{live_server.url}/quotes/{quote.key}/send/")
    known = page.locator(f'input[name=recipient][value="{cast.contact.email}"]')
    other = page.locator("input[name=recipient][value=other]")
    address = page.locator("input[name=to]")
    expect(known).to_be_checked()
    address.click()
    expect(known).to_be_checked()  # looking at the field is no choice
    page.keyboard.press("y")
    expect(other).to_be_checked()
    page.keyboard.type(TYPED[1:])
    expect(address).to_have_value(TYPED)

    known.check()
    expect(address).to_have_value("")  # what is shown is what counts
    other.check()
    expect(address).to_have_value(TYPED)
    assert violations(page, complaints) == []
    address.press("Enter")
    expect(page.locator("h1")).to_have_text("このメールを送信しますか")
    expect(page.locator("main")).to_contain_text(TYPED)
    expect(page.locator("main")).not_to_contain_text(cast.contact.email)
