"""The pages as a browser shows them: usable without a mouse, on a phone, and with nothing that axe or the CSP minds."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings as portal
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from licensing.models import Customer, Invitation, User
from licensing.operations.invitations import invite
from tests.browser.conftest import violations
from tests.cast import Cast, make_cast, make_license_id
from tests.licensing.holdings.lists import being_checked

PHONE = {"width": 390, "height": 844}
NARROW = {"width": 360, "height": 740}
FURTHER_ROWS = ("tbody tr:nth-child(n + 4)",)
"""Rows of a list are drawn alike: three, one of each customer, stand for all; each row costs axe a tenth second."""


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The cast, and license IDs around the real day, which the server's clock shows here."""
    cast = make_cast()
    long_name = Customer.objects.create(
        reseller=cast.aoba,
        name="株式会社グローバルロジスティクスホールディングスインターナショナル東日本",
        kana="グローバルロジスティクスホールディングスインターナショナルヒガシニホン",
    )
    on = timezone.localdate()
    for number, days in enumerate((0, 12, 45, 88, 300, -3, -30)):
        for customer in (cast.customer, long_name, cast.english_customer):
            code = f"TM-{number:04}-{customer.pk:04}"
            soon = on + timedelta(days=days)
            make_license_id(
                customer, code, ("SMP-CC", 1200, soon), ("SMP-IM", 30, soon), ("SMP-BS", 5, soon + timedelta(days=92))
            )
    return cast


@pytest.fixture
def _logging_out(settings) -> None:
    """Django reads the session twice when it ends one; that is no query row by row."""
    settings.ZEAL_ALLOWLIST = [{"model": "sessions.Session"}]


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complains of: CSP violations, script errors, files that did not come. There must be none."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "requestfailed",
        # Going to the next page ends what the last one was still fetching: that is no complaint.
        lambda request: (
            said.append(f"{request.url}: {request.failure}") if request.failure != "net::ERR_ABORTED" else None
        ),
    )
    page.on(
        "console",
        lambda message: (
            said.append(message.text)
            if message.type in {"error", "warning"} and "status of 40" not in message.text
            else None
        ),
    )
    yield said
    assert said == []


@pytest.fixture
def open_as(page: Page, live_server, complaints: list[str]) -> Callable[..., None]:
    """Log in without the form, in a language."""

    def log_in(user: User | None, language: str = "ja") -> None:
        cookies = {portal.LANGUAGE_COOKIE_NAME: language}
        if user:
            client = Client()
            client.force_login(user)
            cookies[portal.SESSION_COOKIE_NAME] = client.cookies[portal.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        )

    return log_in


def addresses(cast: Cast) -> dict[str, list[tuple[User | None, str]]]:
    """Every page of this app and of accounts, by what it is about."""
    return {
        "staff": [
            (cast.staff, address)
            for address in (
                "/",
                "/?due=all&page=2",
                "/?due=past",
                "/?q=zzz",
                "/customers/",
                "/customers/?q=zzz",
                reverse("customer", args=[cast.customer.pk]),
                "/customers/999999/",
                "/accounts/password/change/",
                "/accounts/reauthenticate/",
                "/accounts/security/",
                "/accounts/security/app/add/",
                "/accounts/security/passkeys/add/",
                "/accounts/security/recovery-codes/new/",
                "/accounts/logout/",
            )
        ],
        "manager": [
            (cast.manager, address)
            for address in (
                "/manage/people/",
                "/manage/people/invite/",
                reverse("manage_person", args=[cast.staff.pk]),
                "/manage/customers/",
                reverse("manage_customer", args=[cast.customer.pk]),
                reverse("contact_new", args=[cast.customer.pk]),
                reverse("license_id_new", args=[cast.customer.pk]),
                reverse("holdings", args=["LIC-1001"]),
                "/holdings/import/",
                reverse("held_columns", args=[being_checked(cast.aoba, cast.manager).key]),
                "/manage/company/",
            )
        ],
        "others": [(cast.contact, "/"), (cast.contact, "/customers/"), (cast.admin, "/"), (cast.admin, "/customers/")],
        "anybody": [
            (None, address)
            for address in (
                "/accounts/login/",
                "/accounts/password/reset/",
                "/accounts/password/reset/done/",
                "/accounts/password/reset/key/1-abc/",
                "/accounts/sso/login/cancelled/",
                "/no/such/page/",
                urlsplit(invited(cast)).path,
            )
        ],
    }


def invited(cast: Cast) -> str:
    """The link of an invitation, the same for every language and size of window."""
    address = "arai@new.example.jp"
    Invitation.objects.filter(email=address).delete()
    now = timezone.now()
    return invite(email=address, name="新井 空", role="staff", reseller=cast.aoba, by=cast.manager, now=now)[1]


@pytest.mark.appearance
@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("who", ["staff", "manager", "others", "anybody"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    page: Page, live_server, cast: Cast, open_as, complaints: list[str], who: str, language: str
) -> None:
    """Words are longer in English; what axe looks at, structure and colours, is the same in both languages."""
    found = []
    for user, address in addresses(cast)[who]:
        open_as(user, language)
        page.goto(f"{live_server.url}{address}")
        for size in (None, PHONE, NARROW):
            page.set_viewport_size(size or {"width": 1280, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"{address} at {size}: wider than the window")
            if language == "ja" and size is not NARROW:
                minded = violations(page, complaints, left_out=FURTHER_ROWS)
                found += [f"{address} at {size}: {violation}" for violation in minded]
    assert found == []


@pytest.mark.appearance
def test_the_administration_keeps_to_the_policy_and_to_its_own_appearance(
    page: Page, live_server, cast: Cast, open_as
) -> None:
    open_as(cast.admin)
    for address in ("/admin/", "/admin/licensing/licenseid/", f"/admin/licensing/reseller/{cast.aoba.pk}/change/"):
        page.goto(f"{live_server.url}{address}")
        expect(page.locator("#header")).to_have_css("background-color", "rgb(255, 255, 255)")
        expect(page.locator("#site-name a")).to_have_css("color", "rgb(11, 93, 107)")
    page.goto(f"{live_server.url}/admin/licensing/customer/")
    cut_off = "document.querySelector('.results').scrollWidth - document.querySelector('.results').clientWidth"
    width = "document.querySelector('#content-start').getBoundingClientRect().width"
    page.set_viewport_size({"width": 1366, "height": 768})
    assert (page.evaluate(cut_off), page.evaluate(width)) == (0, 1132)  # all but the side bar
    page.set_viewport_size(PHONE)
    assert page.evaluate(width) == PHONE["width"]
    page.set_viewport_size({"width": 1000, "height": 700})
    page.emulate_media(media="print")
    assert page.evaluate(width) == 1000
    for hidden in ("#header", "#nav-sidebar", "#changelist-filter", "#toolbar", ".object-tools", "td.action-checkbox"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("#result_list thead")).to_have_css("display", "table-header-group")


@pytest.mark.appearance
def test_the_keyboard_reaches_the_content_the_search_and_the_first_quote(
    page: Page, live_server, cast: Cast, open_as
) -> None:
    open_as(cast.staff)
    page.goto(f"{live_server.url}/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    expect(page.locator("a.skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # beyond the button that tells the keys
    expect(page.get_by_role("searchbox", name="検索", exact=True)).to_be_focused()
    page.keyboard.type("高崎")
    expect(page.get_by_text("検索：高崎")).to_be_visible()
    expect(page.locator("#result-status")).to_have_text("14件")
    expect(page).to_have_url(f"{live_server.url}/?q=%E9%AB%98%E5%B4%8E")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')"))
        if reached[-1].startswith("更新見積を作成"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("株式会社髙﨑製作所")


def test_the_search_result_comes_in_place_and_the_windows_keep_it(page: Page, live_server, cast: Cast, open_as) -> None:
    open_as(cast.staff, "en")
    page.goto(f"{live_server.url}/")
    page.locator("#q").fill("ｓａｍｐｌｅ")
    expect(page.locator("#results .who .name")).to_have_text(["Sample Trading K.K."] * 14)
    page.get_by_role("link", name="30 days").click()
    expect(page.locator("#results .card.flush .who .name")).to_have_text(["Sample Trading K.K."] * 2)
    expect(page.locator("#q")).to_have_value("ｓａｍｐｌｅ")


def test_a_search_after_the_session_ended_leads_to_log_in(page: Page, live_server, cast: Cast, open_as) -> None:
    open_as(cast.staff, "en")
    page.goto(f"{live_server.url}/customers/")
    page.context.clear_cookies(name=portal.SESSION_COOKIE_NAME)
    page.locator("#q").fill("sample")
    expect(page).to_have_url(f"{live_server.url}/accounts/login/?next=%2Fcustomers%2F")
    expect(page.locator("header.top")).to_have_count(1)


@pytest.mark.usefixtures("_logging_out")
def test_the_menu_opens_closes_with_escape_and_logs_out(page: Page, live_server, cast: Cast, open_as) -> None:
    open_as(cast.staff, "en")
    page.goto(f"{live_server.url}/")
    menu = page.get_by_role("banner").locator("details.menu")
    menu.locator("summary").click()
    expect(menu).to_contain_text("青葉見本システム株式会社")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    menu.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(f"{live_server.url}/accounts/login/")
    expect(page.get_by_role("status")).to_have_text("You are logged out.")


def test_the_language_switch_returns_to_the_same_page(page: Page, live_server, cast: Cast, open_as) -> None:
    open_as(cast.staff)
    page.goto(f"{live_server.url}/?q=sample&due=all")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(f"{live_server.url}/?q=sample&due=all")


@pytest.mark.usefixtures("_logging_out")
def test_without_scripts_search_menu_and_log_in_work(browser, live_server, cast: Cast) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{live_server.url}/")
    page.get_by_label("Email").fill("aoki@aoba.example.jp")
    page.get_by_label("Password").fill("a-long-pass-phrase")
    page.get_by_role("button", name="Log in").click()
    page.locator("#q").fill("たかさき")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#results .who .name")).to_have_text(["株式会社髙﨑製作所"] * 14)
    page.get_by_role("banner").locator("details.menu summary").click()
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(f"{live_server.url}/accounts/login/")
    context.close()
