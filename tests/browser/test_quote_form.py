"""The renewal form while one types in it: nothing typed, no focus and nothing opened is lost."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, Route, expect

from licensing.models import LicenseID
from quotes.models import Quote
from renewals.models import QuoteDraft
from tests.browser.conftest import quantity_field
from tests.cast import Cast, publish_prices

pytestmark = [pytest.mark.appearance, pytest.mark.usefixtures("complaints")]

TICK = "#id_acknowledge_reduction-does-not-save"
NOT_LESS = "[data-code=reduction-does-not-save]"


def reduce(page: Page, licenseid: LicenseID, quantity: str = "99") -> None:
    page.locator("#id_is_reduced").check()
    page.locator(quantity_field(licenseid, "SMP-CC")).fill(quantity)


def test_the_caret_stays_while_the_price_changes(page: Page, open_quote_form, licenseid: LicenseID):
    open_quote_form()
    page.locator("#id_is_reduced").check()
    field = page.locator(quantity_field(licenseid, "SMP-CC"))
    field.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Delete")
    expect(page.locator(".total b")).to_have_text("¥54,780")  # 00: the clients are left out
    page.keyboard.type("６")
    expect(page.locator(".total b")).to_have_text("–")  # ６00 of 100
    page.keyboard.press("Delete")
    expect(page.locator(".total b")).to_have_text("¥193,710")
    expect(field).to_have_value("６0")
    expect(field).to_be_focused()
    assert field.evaluate("field => [field.selectionStart, field.selectionEnd]") == [1, 1]


def test_what_was_opened_stays_open_and_what_was_read_stays_ticked(page: Page, open_quote_form, licenseid: LicenseID):
    open_quote_form()
    reduce(page, licenseid)
    expect(page.locator(NOT_LESS)).to_be_visible()
    page.locator("#preview .line summary").nth(1).click()
    page.locator("#summary-total").click()
    page.locator(TICK).focus()
    with page.expect_response(re.compile("/preview/")):
        page.keyboard.press("Space")
    expect(page.locator(TICK)).to_be_focused()
    with page.expect_response(re.compile("/preview/")):
        page.locator("#id_with_calculation").check()
    expect(page.locator("#quote-form")).not_to_have_class(re.compile("htmx-request"))
    expect(page.locator(TICK)).to_be_checked()
    page.locator("#id_years_3").check()
    expect(page.locator(".total b")).to_have_text("¥861,696")
    expect(page.locator(TICK)).not_to_be_checked()  # it says other amounts than those that were read
    is_open = page.locator("#preview details").evaluate_all("found => found.map(element => element.open)")
    assert is_open == [False, True, True]


def test_the_total_is_said_and_stands_at_the_lower_edge_of_a_phone(page: Page, open_quote_form, licenseid: LicenseID):
    page.set_viewport_size({"width": 390, "height": 844})
    open_quote_form()
    bar = page.locator(".total-bar")
    expect(bar).to_contain_text("¥255,090")
    expect(bar).to_be_in_viewport()
    reduce(page, licenseid)
    expect(bar).to_contain_text("¥287,232")
    expect(bar.locator(".chip")).to_contain_text("1")
    expect(page.locator("#preview-status")).to_contain_text("御見積金額 ¥287,232")
    page.locator(quantity_field(licenseid, "SMP-CC")).fill("x")
    expect(bar).to_contain_text("問題が1件あります")
    page.locator(quantity_field(licenseid, "SMP-CC")).fill("100")
    expect(bar).to_contain_text("¥255,090")
    bar.click()
    expect(page.locator("#calculation .total")).to_be_in_viewport()


def test_a_warning_below_opened_reasons_is_said_beside_the_total(page: Page, open_quote_form, licenseid: LicenseID):
    page.set_viewport_size({"width": 1280, "height": 800})
    open_quote_form()
    reduce(page, licenseid)
    expect(page.locator(NOT_LESS)).to_be_visible()
    for summary in page.locator("#preview .line summary").all():
        summary.click()
    page.evaluate("window.scrollTo(0, 0)")
    expect(page.locator(NOT_LESS)).not_to_be_in_viewport()
    page.locator(".total").get_by_role("link", name="注意 1件").click()
    expect(page.locator(NOT_LESS)).to_be_in_viewport()
    page.locator(TICK).check()
    expect(page.locator(".total a")).to_have_count(0)
    expect(page.locator("button.main[value=issue]")).to_be_in_viewport()


def test_problems_stand_at_their_fields_and_go_again(page: Page, open_quote_form, licenseid: LicenseID):
    open_quote_form()
    reduce(page, licenseid, "120")
    field = page.locator(quantity_field(licenseid, "SMP-CC"))
    said = page.locator(f"#{field.get_attribute('aria-describedby')}")
    expect(said).to_have_text("SMP-CC：更新数量 120 が保有数量 100 を超えています。")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".total b")).to_have_text("–")
    page.locator("#refusals a").click()
    expect(field).to_be_focused()
    field.fill("100")
    expect(said).to_have_text("")
    expect(page.locator(".total b")).to_have_text("¥255,090")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()


def test_what_was_refused_is_in_sight_on_a_phone(page: Page, open_quote_form):
    page.set_viewport_size({"width": 390, "height": 844})
    open_quote_form()
    page.locator("#id_subject").fill("")
    expect(page.locator(".total-bar")).to_contain_text("問題が1件あります")
    page.get_by_role("button", name="見積を発行").click()
    expect(page.locator("#id_subject_error")).to_have_text("件名を入力してください。")
    expect(page.locator("#refusals")).to_be_focused()
    expect(page.locator("#refusals")).to_be_in_viewport(ratio=1)
    page.locator("#refusals a").click()
    expect(page.locator("#id_subject")).to_be_focused()
    page.keyboard.type("更新")
    expect(page.locator(".total b")).to_have_text("¥255,090")
    expect(page.locator("#id_subject")).to_be_focused()
    assert Quote.objects.count() == 0


def test_each_field_of_an_addition_is_wrong_for_itself(page: Page, open_quote_form):
    open_quote_form()
    product, quantity = page.locator("#id_addition-0-product"), page.locator("#id_addition-0-quantity")
    quantity.fill("5")
    said = page.locator("#id_addition-0-product_error")
    expect(said).to_have_text("追加する製品を選んでください。")
    expect(product).to_have_attribute("aria-invalid", "true")
    expect(quantity).not_to_have_attribute("aria-invalid", "true")
    product.select_option("SMP-CS")
    expect(said).to_have_text("")
    quantity.fill("五")
    expect(quantity).to_have_attribute("aria-invalid", "true")
    expect(product).not_to_have_attribute("aria-invalid", "true")


def test_a_further_row_for_additions_leaves_the_others_alone(page: Page, open_quote_form):
    open_quote_form()
    page.locator("#id_addition-0-product").select_option("SMP-CC")
    page.locator("#id_addition-0-quantity").fill("10")
    expect(page.locator(".total b")).to_have_text("¥297,440")
    add = page.get_by_role("button", name="入力行を追加")
    with page.expect_response(re.compile("/change/")):
        add.click()
    expect(page.locator("#id_addition-1-product")).to_be_focused()
    expect(page.locator("#id_addition-0-quantity")).to_have_value("10")
    expect(page.locator("#id_addition-0-product")).to_have_value("SMP-CC")
    page.locator("#id_addition-1-product").select_option("SMP-CS")
    page.locator("#id_addition-1-quantity").fill("１")
    expect(page.locator(".line")).to_have_count(4)
    add.dblclick()
    expect(page.locator(".addition")).to_have_count(3)


def test_a_click_is_not_lost_while_the_calculation_is_replaced(page: Page, open_quote_form, licenseid: LicenseID):
    open_quote_form()
    note = page.locator("#id_note")
    note.scroll_into_view_if_needed()
    box = page.get_by_role("button", name="下書き保存").bounding_box()
    assert box
    note.fill("ご確認ください。")
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    with page.expect_response(re.compile("/preview/")):
        page.mouse.down()
    expect(page.locator("#quote-form")).not_to_have_class(re.compile("htmx-request"))
    page.mouse.up()
    expect(page.locator(".notice.ok")).to_have_text("下書きを保存しました。 下書きの一覧を見る")
    assert QuoteDraft.objects.get().asked["note"] == "ご確認ください。"
    reasons = page.locator("#preview .line details").nth(1)
    box = reasons.locator("summary").bounding_box()
    assert box
    page.locator("#id_is_reduced").check()
    page.locator(quantity_field(licenseid, "SMP-CC")).fill("99")
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    expect(page.locator(".total b")).to_have_text("¥287,232")
    page.mouse.up()
    expect(reasons).to_have_attribute("open", "")


def test_a_server_that_fails_is_said_and_nothing_typed_is_lost(
    page: Page, open_quote_form, licenseid: LicenseID, complaints: list[str]
):
    open_quote_form()

    def fail(route: Route) -> None:
        route.fulfill(status=500, body="")

    page.route(re.compile("/preview/"), fail)
    reduce(page, licenseid)
    notice = page.locator("#draft-trouble .notice")
    expect(notice).to_be_visible()
    expect(notice).to_be_in_viewport()
    expect(page.locator(quantity_field(licenseid, "SMP-CC"))).to_have_value("99")
    page.unroute(re.compile("/preview/"))
    page.locator("#id_years_3").check()
    expect(page.locator(".total b")).to_have_text("¥861,696")
    expect(notice).to_have_count(0)
    complaints[:] = [text for text in complaints if "500" not in text]


def test_a_draft_says_when_its_price_has_changed(page: Page, open_quote_form, cast: Cast, licenseid: LicenseID):
    open_quote_form()
    page.get_by_role("button", name="下書き保存").click()
    expect(page.locator(".notice.ok")).to_have_text("下書きを保存しました。 下書きの一覧を見る")
    publish_prices("値上げ", date(2026, 10, 2), by=cast.admin, percent=200)
    page.reload()
    expect(page.locator(".notice[role=alert]:not([hidden])")).to_have_text(
        "下書きの保存後に価格が変わりました：保存時 ¥255,090、今日 ¥510,180。"
    )
    expect(page.locator(".total b")).to_have_text("¥510,180")
    page.locator("form.discard summary").click()
    page.get_by_role("button", name="下書きを削除する").click()
    expect(page.locator(".notice.ok")).to_have_text("下書きを削除しました。")
    assert (QuoteDraft.objects.count(), Quote.objects.count()) == (0, 0)
