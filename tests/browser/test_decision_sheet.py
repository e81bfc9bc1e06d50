"""The phone call: keep 100, go down to 80, add 20, for one, three or five years? With keys alone, in two steps."""

import re

import pytest
from playwright.sync_api import Page, expect

from licensing.models import LicenseID
from renewals.models import QuoteDraft
from tests.browser.conftest import quantity_field, violations


def test_the_phone_call_is_answered_and_taken_into_the_form(
    page: Page, open_quote_form, licenseid: LicenseID, complaints: list[str]
):
    open_quote_form()
    sheet = page.locator(".decision")
    # The first step: it is opened, and shows what is worth looking at.
    sheet.locator(":scope > summary").press("Enter")
    rows = sheet.locator(".decision-table tbody tr")
    expect(rows.filter(has_text="入力どおり")).to_have_class("entered")
    # The second: quantities are typed, in any width.
    field = sheet.get_by_role("textbox", name="TRSL ウイルスバスター Corp.Client")
    field.press_sequentially("８０　＋２０")
    field.press("Enter")
    eighty = rows.filter(has_text="80 減数")
    more = rows.filter(has_text="20追加")
    for row, amounts in (
        # 2,180 x 80 + 1,510 x 30 a year; then 1,920 x 100 + 1,330 x 30 a year, and 3,850 x 20 once, 1,920 x 20 later
        (eighty, ("¥219,700", "¥659,100", "¥1,098,500")),
        (more, ("¥308,900", "¥849,500", "¥1,390,100")),
    ):
        for years, amount in zip((1, 3, 5), amounts, strict=True):
            expect(row.locator("td").nth(years - 1)).to_contain_text(amount)
    expect(field).to_be_focused()
    expect(field).to_have_value("８０　＋２０")
    expect(eighty.locator(".chip.changed").first).to_have_text("C")
    expect(sheet.locator(".together li").first).to_have_text(re.compile("^入力した数量以上では、入力どおりが最も安く"))
    assert violations(page, complaints, part=".decision") == []
    assert QuoteDraft.objects.count() == 0  # what is looked at only is no draft

    cell = eighty.get_by_role("button", name=re.compile("3年で入力する"))
    cell.press("Enter")
    expect(page.locator("#id_years_3")).to_be_checked()
    expect(page.locator(quantity_field(licenseid, "SMP-CC"))).to_have_value("80")
    expect(page.locator(".total b")).to_have_text("¥725,010")  # 659,100 and 10 %
    expect(sheet.locator("td.entered")).to_contain_text("¥659,100")
    expect(sheet.locator("td.entered button")).to_be_focused()
    more.get_by_role("button", name=re.compile("1年で入力する")).press("Enter")
    expect(page.locator("#id_addition-0-quantity")).to_have_value("20")
    expect(page.locator("#id_is_reduced")).not_to_be_checked()
    expect(page.locator(".total b")).to_have_text("¥339,790")

    field.fill("3")
    field.press("Enter")
    why = rows.filter(has_text="Corp.Client 3 減数").locator("details").first
    why.locator("summary").press("Enter")
    expect(why).to_contain_text(
        "TRSL ウイルスバスター Corp.Client（SMP-CC）：数量 3 は更新時の最低購入本数 5 を下回ります。"
    )
    field.fill("many")
    field.press("Enter")
    expect(sheet.locator(".field-error")).to_contain_text("「many」は数量として読めません。")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#refusals")).to_have_count(0)

    page.set_viewport_size({"width": 390, "height": 844})
    sheet.locator(".of-product summary").first.press("Tab")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert violations(page, complaints, part=".decision") == []


@pytest.mark.usefixtures("complaints")
def test_another_entry_is_another_sheet(page: Page, open_quote_form, licenseid: LicenseID):
    open_quote_form("en")
    sheet = page.locator(".decision")
    sheet.locator(":scope > summary").click()
    expect(sheet.locator("td.entered")).to_contain_text("¥231,900")
    page.locator("#id_is_reduced").check()
    page.locator(quantity_field(licenseid, "SMP-CC")).fill("95")
    expect(sheet.locator("td.entered")).to_contain_text("¥252,400")  # 2,180 x 95 + 1,510 x 30
    expect(sheet.locator(".together")).to_contain_text("100 costs least: ¥231,900, against ¥252,400 as entered.")
