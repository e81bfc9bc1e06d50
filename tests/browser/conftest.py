"""What the stories in a browser share: the cast around the real day, ways in, and a watch for complaints."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings as portal
from django.core.signals import request_finished, request_started
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from licensing.models import LicenseID, User
from tests.cast import PASSWORD, Cast, make_cast, make_license_id

expect.set_options(timeout=15_000)
"""Milliseconds that a page has to show what is expected: a busy machine takes its time, and what never comes fails."""


@pytest.fixture(scope="session")
def profile(browser: Browser, browser_context_args: dict[str, Any], live_server) -> Iterator[BrowserContext]:
    """The browser's profile of all tests, with a window that stays open: so the portal's files and scripts are at hand.

    A profile for each test costs a second of computing.
    """
    profile = browser.new_context(**browser_context_args)
    profile.new_page().goto(f"{live_server.url}/static/css/base.css")
    yield profile
    profile.close()


LONGEST_ANSWER = 20.0
"""Seconds that the server may take for what was asked of it before a window closed."""


@pytest.fixture(scope="session")
def answering() -> Iterator[set[int]]:
    """The threads of the server that answer something now."""
    threads: set[int] = set()

    def begin(**_kwargs: object) -> None:
        if threading.current_thread() is not threading.main_thread():
            threads.add(threading.get_ident())

    def end(**_kwargs: object) -> None:
        threads.discard(threading.get_ident())

    request_started.connect(begin)
    request_finished.connect(end)
    yield threads
    request_started.disconnect(begin)
    request_finished.disconnect(end)


@pytest.fixture
def context(profile: BrowserContext, answering: set[int]) -> Iterator[BrowserContext]:
    """The profile without anything of the test before: no window, cookie, note or permission, and with a network.

    A form saves itself when its window closes. Nothing of that may reach the server once this test's rows are gone:
    the next test's people and license IDs have the same numbers, and a draft would stand among theirs. So nothing is
    sent at the last moment, and what was sent before is answered first: the server takes its callers in turn.
    """
    yield profile
    for page in profile.pages[1:]:
        page.evaluate("() => { window.fetch = () => new Promise(() => {}); }")
        page.close()
    profile.set_offline(False)
    profile.pages[0].evaluate("fetch('/static/css/base.css', {cache: 'no-store'}).then(answer => answer.text())")
    until = time.monotonic() + LONGEST_ANSWER
    while answering:
        assert time.monotonic() < until, "the server still answers what a closed window asked"
        time.sleep(0.005)
    profile.pages[0].evaluate("localStorage.clear()")
    profile.clear_cookies()
    profile.clear_permissions()


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def licenseid(cast: Cast) -> LicenseID:
    """The license ID of the look: 100 clients and 30 mail accounts, on the real day, which the server's clock shows."""
    soon = timezone.localdate() + timedelta(days=75)
    return make_license_id(cast.customer, "TM-0048-2210", ("SMP-CC", 100, soon), ("SMP-IM", 30, soon))


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """CSP violations, script errors, files that did not come: there must be none."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    yield said
    # The browser reports every refusal; and a page that is left takes its last preview with it, as htmx says.
    assert [text for text in said if "status of 4" not in text and not text.startswith("htmx:")] == []


def log_in(page: Page, url: str, email: str) -> None:
    """Through the form, as people do."""
    page.goto(f"{url}/accounts/login/")
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("更新")


def let_in(context: BrowserContext, url: str, user: User, *, language: str = "ja") -> None:
    """Without the form: hashing passwords again and again tests nothing."""
    client = Client()
    client.force_login(user)
    cookies = {
        portal.LANGUAGE_COOKIE_NAME: language,
        portal.SESSION_COOKIE_NAME: client.cookies[portal.SESSION_COOKIE_NAME].value,
    }
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])


@pytest.fixture
def open_quote_form(page: Page, live_server, cast: Cast, licenseid: LicenseID) -> Callable[..., None]:
    """Open the renewal form of the license ID, logged in as Aoba's staff."""

    def open_it(language: str = "ja") -> None:
        let_in(page.context, live_server.url, cast.staff, language=language)
        page.goto(f"{live_server.url}/license-ids/{licenseid.code}/quote/")

    return open_it


def of_people(page: Page) -> str:
    """The browser's name without what tells that a program steers it: programs get no PDF and use up no download."""
    name: str = page.evaluate("navigator.userAgent")
    return name.replace("HeadlessChrome", "Chrome")


def quantity_field(licenseid: LicenseID, code: str) -> str:
    """The selector of a holding's renewal quantity."""
    return f"#id_quantity-{licenseid.holdings.get(product__code=code).pk}"


LOOK_ONCE = """axe.configure({rules: [{id: "color-contrast", selector: "[data-new-look]"}]});
window.seenLooks = new Set();
window.markNewLooks = (part, leftOut) => {
    const found = new Map();
    const ground = element => {  // what lies below an element's text
        if (!element) return "";
        if (!found.has(element)) {
            const style = getComputedStyle(element);
            const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.position, style.float];
            const plain = own.join() === "rgba(0, 0, 0, 0),none,1,static,none";
            found.set(element, ground(element.parentElement) + (plain ? "" : ">" + own));
        }
        return found.get(element);
    };
    for (const element of document.querySelectorAll(`${part}, ${part} *`)) {
        element.removeAttribute("data-new-look");
        const isText = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        if (!isText && !element.matches("input, select, textarea")) continue;
        if (!element.checkVisibility() || leftOut.some(one => element.closest(one))) continue;
        const style = getComputedStyle(element);
        const look = [element.tagName, element.matches(":disabled"), style.color, style.fontSize, style.fontWeight,
            style.textShadow, style.clip, style.clipPath, style.textIndent, ground(element)].join("|");
        const byItself = element.closest("label, legend, [aria-disabled]");  // axe asks what it belongs to
        if (byItself || !window.seenLooks.has(look)) element.setAttribute("data-new-look", "");
        window.seenLooks.add(look);
    }
};"""
"""Contrast takes most of axe's time, and is the same wherever a text has the same colours, size and ground: of each
look in a page, whatever its states and widths, one text stands for all.
"""
RUN_AXE = """async ([part, left_out]) => {
    window.markNewLooks(part, left_out);
    const options = { resultTypes: ["violations"], preload: false };
    const found = await axe.run({ include: [part], exclude: left_out }, options);
    return found.violations.flatMap(violation =>
        violation.nodes.map(node => `${violation.id}: ${node.html} ${node.failureSummary}`));
}"""
"""`preload` would ask the server for each style sheet again, for rules about films and turned telephones."""


def violations(page: Page, complaints: list[str], *, part: str = "html", left_out: tuple[str, ...] = ()) -> list[str]:
    """What axe finds on the page as it stands now, or in the part of it that a selector tells."""
    heard = len(complaints)
    if not page.evaluate("'axe' in window"):  # once in each page, whatever its states
        page.evaluate(AXE_SCRIPT)
        page.evaluate(LOOK_ONCE)
    found: list[str] = page.evaluate(RUN_AXE, [part, list(left_out)])
    del complaints[heard:]  # axe tries styles of its own, which the policy refuses
    return found
