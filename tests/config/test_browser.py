"""The browser that the tests use is set up as a Japanese reader's, and gets the portal's own files."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_the_log_in_page_arrives_whole(page: Page, live_server):
    failed, said = [], []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("response", lambda response: failed.append(response.url) if response.status >= 400 else None)
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.goto(f"{live_server.url}/accounts/login/")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    assert page.evaluate("[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone]") == [
        "ja-JP",
        "Asia/Tokyo",
    ]
    assert page.evaluate("[...document.styleSheets].every(sheet => sheet.cssRules.length > 0)")
    assert (failed, said) == ([], [])


def test_what_a_test_writes_the_server_sees(page: Page, live_server, django_user_model):
    django_user_model.objects.create_superuser(email="admin@example.jp", name="管理", password="correct horse battery")
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator("[name=login]").fill("admin@example.jp")
    page.locator("[name=password]").fill("correct horse battery")
    page.locator("[name=password]").press("Enter")
    expect(page).not_to_have_url(f"{live_server.url}/accounts/login/")
    assert django_user_model.objects.get().last_login is not None
