"""承認 by two people, with keys: thresholds set, asked for, sent back, asked anew, approved, issued in one click."""

import re

from playwright.sync_api import Page, expect

from licensing.models import LicenseID, Reseller
from quotes.models import Quote
from renewals.models import ApprovalRequest
from tests.browser.conftest import let_in, violations
from tests.cast import Cast
from tests.renewals.approving import let


def enter(page: Page, label: str, text: str) -> None:
    field = page.get_by_label(label, exact=False).first
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def test_asked_sent_back_asked_anew_approved_and_issued(
    page: Page, live_server, cast: Cast, licenseid: LicenseID, complaints: list[str]
) -> None:
    url = live_server.url
    let(cast.manager)
    let_in(page.context, url, cast.manager)
    page.goto(f"{url}/manage/approval/")
    enter(page, "値引き率（％）", "５％")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("保存しました。")
    assert violations(page, complaints) == []
    assert str(Reseller.objects.get(pk=cast.aoba.pk).approval_reduction) == "5.00"

    let_in(page.context, url, cast.staff)
    page.goto(f"{url}/license-ids/{licenseid.code}/quote/")
    expect(page.get_by_role("button", name="見積を発行")).to_be_visible()
    page.locator("#reduction summary").press("Enter")
    enter(page, "見積全体の値引き", "５０，０００")
    ask = page.get_by_role("button", name="承認を依頼")
    expect(ask).to_be_visible()
    expect(page.get_by_role("button", name="見積を発行")).to_have_count(0)
    expect(page.locator("#needs-approval")).to_contain_text("¥38,405 上回っています。")
    page.keyboard.press("Tab")
    page.keyboard.type("競合他社の見積に合わせるため")
    enter(page, "見積全体の値引き", "1000")
    expect(page.get_by_role("button", name="見積を発行")).to_be_visible()
    enter(page, "見積全体の値引き", "50000")
    assert violations(page, complaints) == []
    ask.press("Enter")
    page.wait_for_url(re.compile("/approvals/"))
    here = page.url
    expect(page.locator("h1")).to_contain_text("承認待ち")

    let_in(page.context, url, cast.manager)
    page.goto(f"{url}/")
    head = page.get_by_role("navigation", name="メイン").get_by_role("link", name="承認")
    expect(head).to_contain_text("1")
    head.press("Enter")
    page.get_by_role("link", name=cast.customer.name).press("Enter")
    expect(page.locator("main")).to_contain_text("競合他社の見積に合わせるため")
    assert violations(page, complaints) == []
    page.get_by_role("button", name="差戻し").press("Enter")
    expect(page.get_by_text("差し戻す理由と、修正してほしい点を入力してください。")).to_be_visible()
    page.get_by_label("依頼者へのコメント").focus()
    page.keyboard.type("15％までにしてください。")
    page.get_by_role("button", name="差戻し").press("Enter")
    expect(page.locator("h1")).to_contain_text("差戻し")

    let_in(page.context, url, cast.staff)
    page.goto(here)
    expect(page.locator("main")).to_contain_text("15％までにしてください。")
    page.get_by_role("link", name="入力画面で開く").press("Enter")
    expect(page.locator("#needs-approval")).to_contain_text("15％までにしてください。")
    enter(page, "見積全体の値引き", "30000")
    expect(page.locator("#needs-approval")).to_contain_text("¥18,405 上回っています。")
    ask.press("Enter")
    page.wait_for_url(here)
    expect(page.locator("main")).to_contain_text("これまでの依頼")

    let_in(page.context, url, cast.manager)
    page.goto(here)
    page.get_by_role("button", name="承認", exact=True).press("Enter")
    expect(page.locator("h1")).to_contain_text("承認済み")
    expect(page.get_by_role("button", name="見積を発行")).to_have_count(0)

    let_in(page.context, url, cast.staff)
    page.goto(here)
    page.get_by_role("button", name="見積を発行").press("Enter")
    page.wait_for_url(re.compile("/quotes/"))
    quote = Quote.objects.get()
    assert (quote.asked["reduction"], quote.issued_by) == (30_000, cast.staff)
    expect(page.locator("main")).to_contain_text("（承認：水野 恵子）")
    states = ApprovalRequest.objects.order_by("round").values_list("state", flat=True)
    assert [*states] == ["sent_back", "approved"]
