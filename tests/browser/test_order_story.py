"""An order, with keys: recorded, acknowledged, the paper sent, handed over to other programs, entered in fields."""

import csv
import io
from pathlib import Path

from django.core import mail as django_mail
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from foundation.mail.operations.queue import deliver_due
from quotes.models import Acknowledgement, FieldOrder, Quote
from tests.browser.conftest import let_in, of_people, violations
from tests.cast import Cast
from tests.making import given_quote


def press(page: Page, role: str, name: str) -> None:
    page.get_by_role(role, name=name).first.press("Enter")  # type: ignore[arg-type]


def fetched(page: Page, name: str) -> str:
    """The file of what stands in the form, its encoding undone."""
    page.get_by_role("radio", name=name).press("Space")
    with page.expect_download() as download:
        press(page, "button", "ファイルを作成")
    content = Path(download.value.path()).read_bytes()
    return content.decode("cp932" if "弥生" in name else "utf-8-sig")


def test_from_the_order_to_the_other_programs(
    page: Page, browser: Browser, live_server, cast: Cast, licenseid, complaints: list[str]
) -> None:
    quote = given_quote(licenseid, by=cast.staff, now=timezone.now())
    quote_page = f"{live_server.url}/quotes/{quote.key}/"
    let_in(page.context, live_server.url, cast.manager)

    page.goto(quote_page)
    press(page, "link", "受注…")
    page.get_by_label("お客様の注文番号").focus()
    page.keyboard.type("ＰＯ－２０２６－７７")
    page.keyboard.press("Enter")
    expect(page.locator("#order")).to_contain_text("2026")

    press(page, "button", "注文請書を作成")
    expect(page.locator(".messages")).to_contain_text("を作成しました。")
    one = Acknowledgement.objects.get()
    card = page.locator("section", has=page.locator("#acknowledgement"))
    card.get_by_role("link", name="メールで送る…").press("Enter")
    page.get_by_role("textbox", name="メールアドレス").focus()
    page.keyboard.type("kobai@takasaki.example.jp")
    expect(page.get_by_role("radio", name="ほかのアドレス")).to_be_checked()
    page.get_by_label("宛先のお名前").focus()
    page.keyboard.type("購買 太郎")
    press(page, "button", "メールの内容を確認する")
    expect(page.locator("pre")).to_contain_text("購買 太郎 様")
    assert violations(page, complaints) == []
    press(page, "button", "送信する")
    expect(page.locator(".messages")).to_contain_text("kobai@takasaki.example.jp")
    deliver_due(clock=timezone.now)
    [(name, content, _kind)] = django_mail.outbox[-1].attachments
    assert (one.number in name, content) == (True, bytes(one.content))

    press(page, "link", "この受注をファイルに出力…")
    expect(page.get_by_role("checkbox", name=quote.number)).to_be_checked()
    order_number = Quote.objects.get(pk=quote.pk).status.order_number
    for program in ("弥生販売：受注（テキスト）", "freee販売：受注（CSV）"):
        assert order_number in fetched(page, program)
    press(page, "link", "自社形式の列を選ぶ")
    for field in page.locator("input[name^=place_]").all()[1:]:
        field.evaluate("field => field.value = ''")  # only typing is by keys: 45 fields are emptied at once
    page.locator("#id_place_amount").focus()
    page.keyboard.type("５")
    page.keyboard.press("Tab")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("売価")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("保存しました。")
    assert [head for _name, head in FieldOrder.objects.get().columns] == ["売価", "見積番号"]
    assert violations(page, complaints) == []
    page.goto(f"{live_server.url}/handover/?quote={quote.key}")
    rows = list(csv.DictReader(io.StringIO(fetched(page, "自社形式：CSV（UTF-8）"))))
    assert {row["見積番号"] for row in rows} == {quote.number}
    assert sum(int(row["売価"]) for row in rows) == quote.subtotal

    page.goto(quote_page)
    press(page, "link", "メーカーサイト用の入力シート")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(page, "button", "コピー お客様の注文番号")
    expect(page.locator("#copied")).to_have_text("コピーしました。")
    assert page.evaluate("navigator.clipboard.readText()") == order_number
    page.get_by_role("checkbox", name="入力済み お客様の注文番号").press("Space")
    expect(page.get_by_role("checkbox", name="入力済み お客様の注文番号")).to_be_checked()
    assert violations(page, complaints) == []

    theirs = browser.new_context(locale="ja-JP", user_agent=of_people(page))
    let_in(theirs, live_server.url, cast.contact)
    received = theirs.new_page()
    received.goto(f"{live_server.url}/received/{quote.key}/")
    with received.expect_download() as download:
        press(received, "link", "注文請書をダウンロード")
    assert Path(download.value.path()).read_bytes() == bytes(one.content)
    theirs.close()
