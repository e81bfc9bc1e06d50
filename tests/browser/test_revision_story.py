"""A quote is revised: the differences as one types, the issue, and what the earlier revision says then."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from licensing.models import LicenseID
from quotes.models import Quote
from tests.browser.conftest import let_in, quantity_field
from tests.cast import Cast
from tests.making import issue_quote

pytestmark = pytest.mark.usefixtures("complaints")


def test_a_quote_is_revised(page: Page, live_server, cast: Cast, licenseid: LicenseID):
    first = issue_quote(licenseid, by=cast.staff, now=timezone.now())
    let_in(page.context, live_server.url, cast.staff)
    page.goto(f"{live_server.url}/quotes/{first.key}/")
    page.get_by_role("button", name="改訂", exact=True).click()
    expect(page.locator("#differences-title")).to_contain_text(f"{first.number} の改訂")
    expect(page.locator("#differences")).to_contain_text("明細はすべて同じです。")
    page.get_by_role("radio", name=re.compile("^3年")).check()
    page.get_by_role("checkbox", name=re.compile("^減数更新")).check()
    page.locator(quantity_field(licenseid, "SMP-IM")).fill("２０")
    rows = page.locator("#differences tr.changed")
    expect(rows.nth(1)).to_contain_text(re.compile(r"30\s*→.*20"))
    expect(rows).to_have_count(2)
    expect(page.locator(".difference-total")).to_contain_text("¥255,090")
    expect(page.locator("#revision-means")).to_contain_text(f"{first.number} は旧版になります")
    page.get_by_role("button", name="改訂版を発行").click()
    expect(page.locator(".notice.ok")).to_contain_text("を発行しました。")
    second = Quote.objects.get(revises=first)
    assert (second.number, second.parts.get().years) == (f"{first.base_number}-01", 3)

    page.goto(f"{live_server.url}/quotes/{first.key}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("旧版")
    page.locator(".notice").get_by_role("link", name=second.number).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(f"{second.number}\\s*発行済み"))
