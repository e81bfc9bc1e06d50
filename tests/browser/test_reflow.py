"""On 320 px (a window of 1280 at 400 %), also with a reader's own spacing, nothing scrolls sideways but tables."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from licensing.models import LicenseID
from tests.browser.conftest import let_in
from tests.cast import Cast, make_license_id
from tests.renewals.approving import let, limit, request_for

pytestmark = [pytest.mark.appearance, pytest.mark.django_db(transaction=True)]
SPACING = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""
OWN = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
FRAMED = """all => all.map(one => [one.hasAttribute("aria-current"), getComputedStyle(one).outlineStyle === "solid"])"""
LINES = """all => all.map(one => [
  one.hasAttribute("aria-current"),
  getComputedStyle(one).borderBottomColor !== getComputedStyle(document.body).backgroundColor,
])"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_nothing_is_wider_with_approvals_waiting_and_own_spacing(
    page: Page, live_server, cast: Cast, licenseid: LicenseID, language: str
) -> None:
    now = timezone.now()
    limit(cast.aoba, reduction="5")
    let(cast.manager)
    expires = now.date() + timedelta(days=80)
    offered = make_license_id(cast.customer, "LIC-A001", ("SMP-CC", 100), expires=expires)
    request_for(offered, by=cast.staff, drafted_by=cast.staff, now=now)
    let_in(page.context, live_server.url, cast.manager, language=language)
    page.set_viewport_size({"width": 320, "height": 640})
    found = []
    for address in ("/", "/quotes/", "/approvals/", f"/customers/{cast.customer.pk}/"):
        page.goto(f"{live_server.url}{address}")
        found.append((address, page.evaluate(TOO_WIDE)))
        page.evaluate(SPACING, OWN)
        found.append((f"{address} spaced", page.evaluate(TOO_WIDE)))
    assert [one for one in found if one[1] > 0] == []


def test_without_own_colours_what_is_chosen_has_a_frame(
    page: Page, live_server, cast: Cast, licenseid: LicenseID
) -> None:
    """Backgrounds are not drawn then, and borders that are transparent are: each entry looked chosen."""
    page.emulate_media(forced_colors="active")
    let_in(page.context, live_server.url, cast.manager)
    for address, places in (
        ("/", ("header.top nav a", "#desk-stages a", ".segments a")),
        ("/?owner=mine", (".filters > a",)),
        ("/quotes/", (".segments a",)),
        ("/manage/company/", ("main nav a",)),
    ):
        page.goto(f"{live_server.url}{address}")
        for place in places:
            framed = page.locator(place).evaluate_all(FRAMED)
            assert [is_framed for is_current, is_framed in framed if is_current] == [True], (address, place)
            assert [is_framed for is_current, is_framed in framed if not is_current and is_framed] == [], (
                address,
                place,
            )
    lines = page.locator("header.top nav a").evaluate_all(LINES)
    assert [current for current, is_seen in lines if is_seen] == [True]
