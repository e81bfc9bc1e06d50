"""粗利 with keys: rates entered and imported, what is left beside the form, with the quote, by month; staff let in."""

import re
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from pricing.models import CostRate
from quotes.models import Quote, QuoteMargin
from tests.browser.conftest import let_in, quantity_field, violations
from tests.cast import Cast, sign_in


def press(page: Page, role: str, name: str) -> None:
    page.get_by_role(role, name=name).first.press("Enter")  # type: ignore[arg-type]


def test_from_the_rate_to_the_month(
    page: Page, live_server, cast: Cast, licenseid, complaints: list[str], tmp_path: Path
) -> None:
    let_in(page.context, live_server.url, cast.manager)
    page.goto(f"{live_server.url}/manage/people/")
    press(page, "link", "仕切率")
    page.get_by_label("プログラムまたは製品").select_option(label=str(cast.products["SMP-CC"]))
    page.get_by_label("仕切率（％）").focus()
    page.keyboard.type("７２．５％")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("の仕切率を追加しました。")
    assert violations(page, complaints) == []

    press(page, "link", "ファイルから取り込む")
    today = timezone.localdate()
    wrong = tmp_path / "仕切率.csv"
    wrong.write_bytes(f"製品コード,仕切率,適用日\nSMP-IM,八割,{today}\n".encode("cp932"))
    page.get_by_label("仕切率のファイル").set_input_files(wrong)
    press(page, "button", "取り込む")
    expect(page.get_by_role("alert")).to_contain_text("取り込みませんでした。問題が 1 件あります。")
    expect(page.locator("table")).to_contain_text("八割")
    assert violations(page, complaints) == []
    right = tmp_path / "仕切率2.csv"
    right.write_bytes(f"製品コード,仕切率,適用日\nSMP-IM,80％,{today - timedelta(days=1)}\n".encode("cp932"))
    page.get_by_label("仕切率のファイル").set_input_files(right)
    press(page, "button", "取り込む")
    expect(page.locator(".messages")).to_contain_text("追加 1 件")
    assert CostRate.objects.count() == 2

    page.goto(f"{live_server.url}/license-ids/{licenseid.code}/quote/")
    figures = page.locator(".figures")
    expect(figures).to_contain_text("粗利（社内）")
    before = figures.inner_text()
    page.get_by_role("checkbox", name=re.compile("^減数更新")).press("Space")
    page.locator(quantity_field(licenseid, "SMP-CC")).fill("60")
    expect(figures).not_to_have_text(before, use_inner_text=True)
    expect(page.locator("aside")).to_contain_text("(80.00 %)")
    assert violations(page, complaints) == []
    for box in page.locator("#warnings input[type=checkbox]").all():
        box.check()
    press(page, "button", "見積を発行")
    expect(page.get_by_role("heading", name="粗利")).to_be_visible()
    quote, margin = Quote.objects.get(), QuoteMargin.objects.get()
    left = f"¥{margin.covered - margin.cost:,}"
    expect(page.locator("section", has=page.locator("#margins-title"))).to_contain_text(left)
    assert violations(page, complaints) == []

    press(page, "link", "粗利")
    expect(page.get_by_role("heading", level=1)).to_have_text("粗利")
    expect(page.locator("main")).to_contain_text(quote.number)
    assert page.locator(".margin-months rect.quoted").count() == 1
    with page.expect_download() as download:
        press(page, "link", "この12か月を XLSX で保存")
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
    assert violations(page, complaints) == []

    theirs = sign_in(cast.staff, language="ja")
    assert theirs.get("/margins/").status_code == 403
    page.goto(f"{live_server.url}/manage/people/{cast.staff.pk}/")
    page.get_by_label("仕切率・粗利の閲覧").press("Space")
    press(page, "button", "保存")
    expect(page.locator("main")).to_contain_text("仕切率・粗利の閲覧")
    assert left in theirs.get("/margins/").text
