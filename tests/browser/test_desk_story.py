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


def test_keys_act_upon_the_row_that_has_the_focus(page: Page, live_server, cast: Cast, complaints: list[str]) -> None:
    """Walked with Tab, a row is not the one that j and k came to: its links are links, and they go on from it."""
    soon = timezone.localdate() + timedelta(days=60)
    for number in (1, 2, 3):
        make_license_id(cast.customer, f"LIC-000{number}", ("SMP-CC", 100), expires=soon)
    let_in(page.context, live_server.url, cast.staff)
    page.goto(f"{live_server.url}/")
    rows = page.locator("tr[data-row]")
    here = page.locator("tr.is-here")
    page.keyboard.press("j")
    for _link in range(4):
        page.keyboard.press("Tab")
    expect(rows.nth(1).locator("td.tick input")).to_be_focused()
    expect(here).to_have_count(0)
    page.keyboard.press("x")
    expect(rows.nth(1).locator("td.tick input")).to_be_checked()
    page.keyboard.press("j")
    expect(here.locator("a.code").first).to_have_text("LIC-0003")
    page.keyboard.press("b")
    expect(page.get_by_role("button", name="一括見積")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.locator(".lead")).to_contain_text("ライセンスID 1件。")
    page.go_back()
    page.keyboard.press("j")
    for _link in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(rows.nth(1).locator("a.name")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/customers/{cast.customer.pk}/")


def test_who_stands_in_rows_that_are_replaced_stays_there(page: Page, live_server, cast: Cast) -> None:
    soon = timezone.localdate() + timedelta(days=60)
    make_license_id(cast.customer, "LIC-0001", ("SMP-CC", 100), expires=soon)
    let_in(page.context, live_server.url, cast.staff)
    page.goto(f"{live_server.url}/")
    page.keyboard.press("/")
    page.keyboard.type("LIC")
    page.locator("tr[data-row] a.name").focus()
    expect(page).to_have_url(f"{live_server.url}/?q=LIC")
    expect(page.locator("#results")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("tr.is-here a.name")).to_be_focused()


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
