"""Where somebody is after a form came back: at what is said of it, with ways to the fields."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import let_in
from tests.cast import Cast

pytestmark = [pytest.mark.appearance, pytest.mark.django_db(transaction=True)]


def test_the_summary_has_the_focus_and_leads_to_the_field(page: Page, live_server, cast: Cast) -> None:
    let_in(page.context, live_server.url, cast.manager)
    page.goto(f"{live_server.url}/manage/company/")
    page.get_by_label("見積有効日数").fill("0")
    page.keyboard.press("Enter")
    notice = page.get_by_role("alert").filter(has_text="まだ保存されていません")
    expect(notice).to_be_focused()
    page.keyboard.press("Tab")
    expect(notice.get_by_role("link")).to_have_text(["見積有効日数"])
    expect(notice.get_by_role("link")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_label("見積有効日数")).to_be_focused()


def test_where_nothing_is_said_of_the_whole_the_first_wrong_field_has_the_focus(
    page: Page, live_server, cast: Cast
) -> None:
    page.goto(f"{live_server.url}/accounts/password/reset/")
    page.locator("form[method=post] input[type=email], main input[name=email]").first.fill("aoki")
    page.keyboard.press("Enter")
    expect(page.locator("main [aria-invalid=true]")).to_be_focused()


def test_without_scripts_too(browser: Browser, live_server, cast: Cast) -> None:
    context = browser.new_context(java_script_enabled=False)
    let_in(context, live_server.url, cast.manager)
    page = context.new_page()
    page.goto(f"{live_server.url}/manage/company/")
    page.get_by_label("見積有効日数").fill("0")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="まだ保存されていません")).to_be_focused()
    context.close()


def test_what_is_one_form_only_begins_in_it(browser: Browser, live_server, cast: Cast) -> None:
    """With and without scripts: nobody logs in by walking through the head of the page first."""
    for has_scripts in (True, False):
        context = browser.new_context(java_script_enabled=has_scripts)
        page = context.new_page()
        page.goto(f"{live_server.url}/accounts/login/")
        expect(page.get_by_label("メールアドレス")).to_be_focused()
        page.goto(f"{live_server.url}/accounts/password/reset/")
        expect(page.get_by_label("メールアドレス")).to_be_focused()
        context.close()
