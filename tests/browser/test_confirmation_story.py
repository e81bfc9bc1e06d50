"""数量確認 from the list to the draft, with keys: asked, answered without a log-in, quoted; and the rhythm is set."""

import re
from datetime import timedelta

from django.core import mail as django_mail
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from foundation.mail.operations.queue import deliver_due
from licensing.models import Contact, Product
from renewals.models import QuoteDraft, ReminderSettings
from tests.browser.conftest import let_in, violations
from tests.cast import Cast, make_license_id


def holding_of(page: Page, product: Product) -> Locator:
    return page.get_by_role("group", name=re.compile(re.escape(product.name))).first


def choose(page: Page, product: Product, times: int, number: str = "") -> None:
    """Walk so many choices down from 「このまま更新」, then type the number that is asked for."""
    holding = holding_of(page, product)
    field = holding.get_by_label("必要な数量")
    expect(field).to_be_hidden()
    holding.get_by_role("radio", name="このまま更新").focus()
    for _time in range(times):
        page.keyboard.press("ArrowDown")
    if number:
        page.keyboard.press("Tab")
        expect(field).to_be_focused()
        page.keyboard.type(number)


def test_asked_answered_and_quoted(page: Page, live_server, cast: Cast, complaints: list[str]) -> None:
    soon = timezone.localdate() + timedelta(days=60)
    make_license_id(cast.customer, "LIC-0007", ("SMP-CC", 100), ("SMP-IM", 30), ("SMP-AO", 20), expires=soon)
    Contact.objects.create(customer=cast.customer, name="佐伯 美和", email="saeki@takasaki.example.jp", for_quotes=True)
    let_in(page.context, live_server.url, cast.staff)
    page.goto(f"{live_server.url}/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.get_by_role("button", name="数量確認を依頼").press("Enter")
    page.get_by_role("button", name="1社に送る").press("Enter")
    expect(page.locator("main")).to_contain_text("回答待ち")

    page.context.clear_cookies()
    deliver_due(clock=timezone.now)
    [path] = re.findall(r"/c/[\w-]+/", django_mail.outbox[-1].body)
    page.goto(live_server.url + path)
    expect(page.get_by_role("heading", level=1)).to_have_text("必要な数量をお知らせください")
    assert "¥" not in page.locator("main").inner_text()
    choose(page, cast.products["SMP-CC"], 1, "８０")
    choose(page, cast.products["SMP-IM"], 2, "20")
    choose(page, cast.products["SMP-AO"], 3)
    page.get_by_label("ご希望の年数").press("ArrowDown")
    page.get_by_label("お名前").focus()
    page.keyboard.type("佐伯 美和")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("まだ送信していません。")
    field = holding_of(page, cast.products["SMP-IM"]).get_by_label("必要な数量")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert violations(page, complaints) == []
    field.fill("45")
    page.get_by_role("button", name="回答を送る").press("Enter")
    expect(page.locator("#answer")).to_contain_text("ご回答を受け付けました。")

    let_in(page.context, live_server.url, cast.staff)
    page.goto(f"{live_server.url}/")
    row = page.locator("tr[data-row]")
    expect(row).to_contain_text("回答あり")
    row.get_by_role("link", name="回答の内容で見積").press("Enter")
    page.get_by_role("button", name="この内容で見積").press("Enter")
    page.wait_for_url(re.compile("/drafts/"))
    [part] = QuoteDraft.objects.get().asked["parts"]
    assert {one["product"]: one["renewal_quantity"] for one in part["holdings"]} == {
        "SMP-CC": 80, "SMP-IM": 30, "SMP-AO": 0
    }  # fmt: skip
    assert part["additions"] == [{"product": "SMP-IM", "quantity": 15}]


def test_the_rhythm_is_set_with_keys(page: Page, live_server, cast: Cast, complaints: list[str]) -> None:
    let_in(page.context, live_server.url, cast.manager)
    page.goto(f"{live_server.url}/manage/reminders/")
    page.get_by_label("毎朝のまとめメール").focus()
    page.keyboard.press("Space")
    for days in ("60", "３", "14"):
        page.keyboard.press("Tab")
        page.keyboard.type(days)
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("保存しました。")
    assert violations(page, complaints) == []
    kept = ReminderSettings.objects.get()
    assert (kept.sends_digest, kept.confirm_days, kept.silent_days, kept.expiry_days) == (False, 60, 3, 14)
