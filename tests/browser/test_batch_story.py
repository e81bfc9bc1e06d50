"""Many quotes in one go: ticked, reviewed, a warning ticked for all rows, issued, sent."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from foundation.jobs.operations import work_off
from foundation.mail.models import OutgoingMail
from quotes.models import Quote
from renewals.batch.operations import IssueWork, PriceWork, SendWork
from renewals.models import QuoteRun
from tests.browser.conftest import let_in
from tests.cast import Cast, make_license_id

pytestmark = [pytest.mark.usefixtures("complaints")]


def work(kind: str, doing: Callable[[Any], Any]) -> None:
    """What the worker does beside the open page."""
    for one in QuoteRun.objects.get().works.filter(kind=kind, batch__finished_at=None):
        work_off(batch_pk=one.batch_id, work=doing(timezone.now), clock=timezone.now)


def test_from_the_ticks_to_the_letter(page: Page, live_server, cast: Cast):
    codes = ("TM-0001-0001", "TM-0001-0002", "TM-0001-0003")
    soon = timezone.localdate() + timedelta(days=60)
    mixed = (("SMP-CC", 100, soon), ("SMP-BS", 45, soon))
    for code, held in zip(codes, (mixed, mixed, mixed[1:]), strict=True):
        make_license_id(cast.customer, code, *held)
    let_in(page.context, live_server.url, cast.staff)
    page.goto(f"{live_server.url}/customers/{cast.customer.pk}/")
    for code in codes:
        page.get_by_role("checkbox", name=f"まとめる {code}").check()
    page.get_by_role("button", name="一括見積").click()
    page.get_by_role("button", name="計算する").click()
    expect(page.locator(".work progress")).to_be_visible()
    work("price", PriceWork)
    expect(page.get_by_role("button", name="1件を発行（合計 ¥222,750）")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.get_by_role("button", name="2件すべて確認済みにする").press("Enter")
    expect(page.locator(".messages")).to_be_focused()
    page.get_by_role("link", name="発行できる").press("Enter")
    expect(page).to_have_url(re.compile(r"\?show=ready#rows$"))
    page.keyboard.press("Tab")
    expect(page.locator("#rows a").first).to_be_focused()
    button = page.get_by_role("button", name="3件を発行（合計 ¥1,090,650）")
    button.press("Enter")
    expect(page.locator(".work progress")).to_be_visible()
    work("issue", IssueWork)
    page.get_by_role("link", name="3件の見積を送る").click()
    page.get_by_role("button", name=re.compile("^1社")).click()
    expect(page.locator("main")).to_contain_text("1通のメールを送信しています。")
    work("send", SendWork)
    expect(page.locator("main")).to_contain_text("すべて送信済み")
    assert OutgoingMail.objects.get().subject == "【お見積 3件】ライセンス更新のご案内"
    codes_read = [[one["code"] for one in quote.acknowledged] for quote in Quote.objects.order_by("license_codes")]
    assert codes_read == [["mixed-programmes"], ["mixed-programmes"], []]
