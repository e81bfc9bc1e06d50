"""A list of what is held comes in: pasted, a column corrected, confirmed with its progress, its license ID opened."""

import re

from django.utils import timezone
from playwright.sync_api import Page, expect

from foundation.jobs.models import Batch
from foundation.jobs.operations import work_off
from licensing.holdings.operations import CheckList, WriteList
from licensing.models import Holding
from tests.browser.conftest import let_in, violations
from tests.cast import Cast

HEAD = ["得意先", "契約番号", "型番", "本数", "期限A", "期限B"]


def work(what: CheckList | WriteList) -> None:
    work_off(batch_pk=Batch.objects.get(state=Batch.State.WAITING).pk, work=what, clock=timezone.now)


def test_from_pasted_rows_to_the_license_id(page: Page, live_server, cast: Cast, complaints: list[str]) -> None:
    code = min(cast.products)
    rows = [
        HEAD,
        ["緑建設", "MD-1001", code, "１２", "2026/4/1", "2027/3/31"],
        ["緑建設", "MD-1002", code, "0", "", ""],
    ]
    let_in(page.context, live_server.url, cast.manager)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{live_server.url}/customers/")
    page.locator("main a[href='/holdings/import/']").first.click()
    page.locator("textarea[name=pasted]").focus()
    page.keyboard.insert_text("\n".join("\t".join(row) for row in rows))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    day = page.locator("select[name=column-5]")
    expect(page.locator("select[name=column-3]")).to_have_value("quantity")
    found = violations(page, complaints, part="main")
    page.locator("select[name=column-4]").select_option("-")
    day.focus()
    for _key in range(20):
        if day.input_value() == "expires_on":
            break
        page.keyboard.press("ArrowDown")
    expect(day).to_have_value("expires_on")
    page.locator("main form button.main").press("Enter")

    expect(page.locator(".work-progress")).to_contain_text("順番を待っています")
    work(CheckList())
    expect(page.locator("table.changes tbody")).to_have_count(1)  # by itself
    expect(page.locator("table.changes tr").last).to_contain_text("MD-1001")
    expect(page.locator("table.changes tr").last).to_contain_text("2027/03/31")
    found += violations(page, complaints, part="main")
    page.locator(".notice.stop a").press("Enter")
    expect(page.locator("#changes ~ .card tbody tr")).to_contain_text(["3"])
    page.go_back()
    page.locator("input[name=leaves_wrong]").press("Space")
    page.get_by_role("button", name="この内容で書き込む").press("Enter")
    expect(page.locator(".work-progress")).to_be_visible()
    assert Holding.objects.count() == 0
    work(WriteList())
    expect(page.locator(".notice.ok")).to_be_visible()
    assert found == []

    page.locator(".acts a.main").press("Enter")
    page.get_by_role("link", name="緑建設").first.press("Enter")
    page.get_by_role("link", name=re.compile("MD-1001")).first.press("Enter")
    expect(page.locator("main")).to_contain_text("MD-1001")
    assert [(each.quantity, f"{each.support_expires_on}") for each in Holding.objects.all()] == [(12, "2027-03-31")]
