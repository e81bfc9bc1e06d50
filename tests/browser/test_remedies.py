"""What cures a refusal is one press away, and the focus goes to what it changed."""

import pytest
from playwright.sync_api import Page, expect

from licensing.models import LicenseID
from tests.browser.conftest import quantity_field

pytestmark = [pytest.mark.usefixtures("complaints")]


def test_what_is_beyond_the_held_becomes_an_addition(page: Page, open_quote_form, licenseid: LicenseID):
    open_quote_form()
    page.locator("#id_is_reduced").check()
    field = page.locator(quantity_field(licenseid, "SMP-CC"))
    field.fill("120")
    page.get_by_role("button", name="超える20を「追加」に").click()
    expect(field).to_have_value("100")
    expect(field).to_be_focused()
    expect(page.locator("#id_addition-0-product")).to_have_value("SMP-CC")
    expect(page.locator("#id_addition-0-quantity")).to_have_value("20")
    expect(page.locator("#refusals")).to_have_count(0)
    expect(page.locator(".line")).to_have_count(3)
