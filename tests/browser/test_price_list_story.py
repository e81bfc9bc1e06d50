"""A new price list, as a price admin does it: export, change, import, look, publish; then its day comes."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from licensing.models import LicenseID
from pricing.models import PriceList
from quotes.models import Quote
from tests.browser.conftest import let_in
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("complaints")
NAME = "来月の版"


def work() -> None:
    """What the worker beside the server does."""
    call_command("worker", batch=True, startup_delay=False, verbosity=0)


def ten_percent_up(content: bytes, code: str) -> bytes:
    """The workbook with one product's renewal prices raised, as somebody does it in a spreadsheet."""
    book = load_workbook(BytesIO(content))
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, heads["製品コード"]).value == code:
            price = sheet.cell(row, heads["更新単価"])
            price.value = price.value * 110 // 100
    changed = BytesIO()
    book.save(changed)
    return changed.getvalue()


def total_of_today(page: Page, url: str, licenseid: LicenseID) -> str:
    page.goto(f"{url}/license-ids/{licenseid.code}/quote/")
    return page.locator(".total b").first.inner_text()


def test_from_the_export_to_the_new_price_on_its_day(
    page: Page, live_server, cast: Cast, licenseid: LicenseID, new_context
):
    url, today = live_server.url, timezone.localdate()
    day = today + timedelta(days=20)
    let_in(page.context, url, cast.admin)

    page.goto(f"{url}/admin/pricing/pricelist/{cast.price_list.pk}/export/")
    with page.expect_download() as started:
        page.get_by_role("link", name="XLSX").click()
    exported = started.value.path().read_bytes()

    page.goto(f"{url}/admin/pricing/pricelist/import/")
    page.locator("#id_file").set_input_files(
        {
            "name": "新価格.xlsx",
            "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "buffer": ten_percent_up(exported, "SMP-CC"),
        }
    )
    page.locator("#id_name").fill(NAME)
    page.locator("#id_effective_on").fill(f"{day:%Y/%m/%d}")
    page.locator("#content-main form input[type=submit]").first.click()
    work()
    expect(page.locator(".product-change")).to_have_count(1, timeout=15_000)
    expect(page.locator(".product-change")).to_contain_text("SMP-CC")
    assert PriceList.objects.count() == 1
    page.get_by_role("button", name="下書きを作成").click()
    work()
    page.get_by_role("link", name="下書きを開く").click(timeout=15_000)
    draft = PriceList.objects.get(name=NAME)
    assert draft.tables.count() == cast.price_list.tables.count()

    page.get_by_role("link", name="確認して公開…").click()
    for box in page.locator("input[name=acknowledged]").all():
        box.check()
    page.locator(".submit-row input[type=submit]").click()
    expect(page.locator(".messagelist")).to_contain_text(f"{NAME}")
    draft.refresh_from_db()
    assert draft.is_published

    desk = new_context().new_page()
    let_in(desk.context, url, cast.staff)
    before = total_of_today(desk, url, licenseid)
    assert before == "¥255,090"
    desk.get_by_role("button", name="見積を発行").click()
    desk.wait_for_url("**/quotes/*/")
    quote = Quote.objects.get()
    assert (f"¥{quote.total:,}", quote.price_list, quote.valid_until < day) == (before, cast.price_list, True)

    with time_machine.travel(timezone.localtime() + timedelta(days=20), tick=True):
        let_in(desk.context, url, cast.staff)
        after = total_of_today(desk, url, licenseid)
        assert after == "¥276,210"  # (100 x 2,112 + 30 x 1,330) x 1.1
        desk.get_by_role("button", name="見積を発行").click()
        desk.wait_for_url("**/quotes/*/")
    assert [(row.price_list, f"¥{row.total:,}") for row in Quote.objects.order_by("pk")] == [
        (cast.price_list, before),
        (draft, after),
    ]
