"""The list of renewals with the keyboard: rows are walked, ticked and opened; a filter, and an owner for the ticked."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from licensing.models import Customer, LicenseID
from tests.browser.conftest import let_in, violations
from tests.cast import Cast, make_license_id


def test_with_keys(page: Page, live_server, cast: Cast, licenseid: LicenseID, complaints: list[str]) -> None:
    later = timezone.localdate() + timedelta(days=80)
    make_license_id(cast.english_customer, "LIC-0077", ("SMP-CC", 30), expires=later)
    let_in(page.context, live_server.url, cast.staff)
    page.goto(f"{live_server.url}/")
    rows = page.locator("tr[data-row]")
    expect(rows).to_have_count(2)
    here = page.locator("tr.is-here")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="この画面のキー操作")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(here).to_contain_text("LIC-0077")
    page.keyboard.press("x")
    expect(here.locator("td.tick input")).to_be_checked()
    page.get_by_role("button", name="営業担当を変更").click()
    expect(page.locator(".messages")).to_contain_text("お客様 1 社の営業担当を変更しました。")
    assert Customer.objects.get(pk=cast.english_customer.pk).owner == cast.staff
    page.get_by_role("link", name="自分の担当").click()
    expect(rows).to_have_count(1)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("jx")
    expect(page.locator("#q")).to_have_value("jx")
    page.goto(f"{live_server.url}/")
    page.keyboard.press("j")
    code = here.locator(".sub a.code").inner_text()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/license-ids/{code}/quote/")


def test_very_many_are_counted_after_the_page_is_shown(
    page: Page, live_server, cast: Cast, complaints: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("queries", "views.listing"):
        monkeypatch.setattr(f"renewals.desk.{place}.MOST_COUNTED", 2)
    soon = timezone.localdate() + timedelta(days=60)
    for number in range(4):
        make_license_id(cast.customer, f"LIC-000{number}", ("SMP-CC", 100), expires=soon)
    let_in(page.context, live_server.url, cast.staff)
    page.goto(f"{live_server.url}/?programme={cast.products['SMP-CC'].programme_id}")
    count = page.locator(".list-head .count")
    expect(count).to_contain_text("2件超")
    expect(count).to_contain_text("4件")
    expect(count.get_by_role("link", name="数える")).to_have_count(0)
    every = page.get_by_role("navigation", name="段階").get_by_role("link").first
    assert "programme=" in (every.get_attribute("href") or "")
    assert violations(page, complaints) == []
