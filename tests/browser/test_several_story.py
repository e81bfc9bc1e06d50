"""One quote over three license IDs (R18): typed, issued, sent, revised, and found again."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from quotes.models import Quote
from tests.browser.conftest import let_in
from tests.cast import Cast, make_license_id
from tests.quotes.paper.reading import join, read_text

pytestmark = [pytest.mark.usefixtures("complaints")]


def test_three_license_ids_in_one_quote(page: Page, live_server, cast: Cast):
    codes = ("TM-0001-0001", "TM-0001-0002", "TM-0001-0003")
    held = (("SMP-CC", 100), ("SMP-BS", 45), ("SMP-AO", 20))
    first, second, third = (make_license_id(cast.customer, code, one) for code, one in zip(codes, held, strict=True))
    let_in(page.context, live_server.url, cast.staff)
    page.goto(f"{live_server.url}/customers/{cast.customer.pk}/")
    for code in codes:
        page.get_by_role("checkbox", name=f"まとめる {code}").check()
    page.get_by_role("button", name="まとめて見積を作成").click()
    expect(page).to_have_url(re.compile(r"/TM-0001-0001/quote/\?with=TM-0001-0002&with=TM-0001-0003$"))
    expect(page.locator(".part")).to_have_count(3)
    total = page.locator(".total b")

    page.locator("#all-years-3").focus()
    page.keyboard.press("Enter")
    for part in ("", f"{second.pk}-", f"{third.pk}-"):
        expect(page.locator(f"#id_{part}years_3")).to_be_checked()
    expect(page.locator("#all-years-3")).to_be_focused()
    expect(page.locator("#all-years-3")).to_have_attribute("aria-pressed", "true")
    # (1,920 x 100 + 4,500 x 45 + 7,200 x 20) x 3 = 1,615,500
    expect(total).to_have_text("¥1,777,050")

    page.locator(f"#part-{second.pk}").get_by_role("button", name="入力行を追加").press("Enter")
    expect(page.locator(f"#id_{second.pk}-addition-1-product")).to_be_focused()
    page.get_by_role("button", name="2行目を削除").press("Enter")
    expect(page.locator(f"#id_{second.pk}-addition-0-product")).to_be_focused()

    page.locator("#id_is_reduced").check()
    page.locator(f"#id_quantity-{first.holdings.get().pk}").fill("99")
    page.locator(f"#id_{second.pk}-addition-0-product").select_option("SMP-BS")
    page.locator(f"#id_{second.pk}-addition-0-quantity").fill("5")
    expect(page.locator(f"#part-{second.pk}-head b")).to_have_text("¥630,000")  # 50 are rank D: 4,200 x 50 x 3
    # 2,180 x 99 x 3 = 647,460; 7,200 x 20 x 3 = 432,000: 1,709,460
    expect(total).to_have_text("¥1,880,406")

    page.locator(f"#id_{third.pk}-left_out").check()
    expect(total).to_have_text("¥1,405,206")
    expect(page.locator(f"#part-fields-{third.pk}")).to_be_hidden()
    expect(page.locator("#id_subject")).to_have_value("ライセンス更新（TM-0001-0001 ほか1件）")
    expect(page.locator(f"#id_{third.pk}-left_out")).to_be_focused()
    page.locator(f"#id_{third.pk}-left_out").uncheck()
    expect(total).to_have_text("¥1,880,406")
    expect(page.locator(f"#id_{third.pk}-years_3")).to_be_checked()
    expect(page.locator("#id_subject")).to_have_value("ライセンス更新（TM-0001-0001 ほか2件）")

    expect(page.locator("#warnings .notice")).to_have_count(1)
    page.get_by_role("checkbox", name="確認しました TM-0001-0001").check()
    expect(page.locator(".total .chip")).to_have_count(0)
    page.get_by_role("button", name="見積を発行").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Q")
    quote = Quote.objects.get()
    assert (quote.subtotal, quote.tax, quote.total) == (1_709_460, 170_946, 1_880_406)
    assert [part.license_code for part in quote.parts.order_by("position")] == list(codes)
    for code in codes:
        expect(page.locator("#main")).to_contain_text(code)

    # Sent: the paper goes with the letter, grouped by license ID.
    page.get_by_role("link", name="メールで送る…").click()
    page.get_by_role("button", name="メールの内容を確認する").click()
    page.get_by_role("button", name="送信する").click()
    expect(page.locator(".notice.ok")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDFをダウンロード").first.click()
    text = join(read_text(Path(download.value.path()).read_bytes()))
    for code, subtotal in zip(codes, ("647,460", "630,000", "432,000"), strict=True):
        assert re.search(rf"{code}.*小計.*{subtotal}", text), code
    assert text.index(codes[0]) < text.index(codes[1]) < text.index(codes[2])

    # Revised: the second without its addition, the others as they were.
    page.goto(f"{live_server.url}/quotes/{quote.key}/")
    page.get_by_role("button", name="改訂", exact=True).click()
    expect(page.locator("#differences")).to_contain_text("明細はすべて同じです。")
    page.locator(f"#id_{second.pk}-addition-0-quantity").fill("")
    page.locator(f"#id_{second.pk}-addition-0-product").select_option("")
    expect(total).to_have_text("¥1,855,656")  # 4,500 x 45 x 3 = 607,500: 1,686,960
    expect(page.locator("#differences")).to_contain_text(codes[1])
    page.get_by_role("checkbox", name="確認しました TM-0001-0001").check()
    page.get_by_role("button", name="改訂版を発行").click()
    expect(page.locator(".notice.ok")).to_contain_text("を発行しました。")
    revision = Quote.objects.get(revises=quote)
    assert (revision.number, revision.total) == (f"{quote.base_number}-01", 1_855_656)

    # Found again by any of its license IDs, in the box, the list and the records.
    page.goto(f"{live_server.url}/quotes/?q=tm00010003")
    expect(page.locator("#results tbody tr")).to_have_count(2)
    page.goto(f"{live_server.url}/records/?license_id=TM-0001-0002&state=issued")
    expect(page.locator("tbody")).to_contain_text(revision.number)
    page.goto(f"{live_server.url}/license-ids/{codes[2]}/")
    expect(page.locator("#main")).to_contain_text(revision.number)


def test_another_license_id_comes_in_while_typing_and_survives_loading_anew(page: Page, live_server, cast: Cast):
    make_license_id(cast.customer, "TM-0001-0001", ("SMP-BS", 45))
    other = make_license_id(cast.customer, "TM-0001-0002", ("SMP-AO", 20))
    let_in(page.context, live_server.url, cast.staff)
    page.goto(f"{live_server.url}/license-ids/TM-0001-0001/quote/")
    page.locator("#id_note").fill("書きかけ")
    page.locator(".further summary").click()
    page.get_by_role("button", name="追加 TM-0001-0002").click()
    expect(page.locator(f"#part-title-{other.pk}")).to_be_focused()
    expect(page.locator("#id_note")).to_have_value("書きかけ")
    expect(page.locator("#id_subject")).to_have_value("ライセンス更新（TM-0001-0001 ほか1件）")
    expect(page.locator("#draft-saved")).to_contain_text("保存済み")
    page.reload()
    expect(page.locator(".part")).to_have_count(2)
    expect(page.locator("#id_note")).to_have_value("書きかけ")
