"""A year in one piece: a list comes in, is corrected and confirmed; its license IDs are quoted together, ordered and
carried out; the list shows the next expiry, and the next quote starts from what is held.
"""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from foundation.jobs.models import Batch
from foundation.jobs.operations import work_off
from licensing.holdings.operations import CheckList, WriteList
from licensing.models import Holding, LicenseID
from pricing.engine.rules.r02_support_period import term_after
from quotes.models import OrderFile, Quote
from tests.browser.conftest import let_in, violations
from tests.cast import Cast
from tests.licensing.holdings.lists import as_csv
from tests.order_files import pdf

CODES = ("TM-0003-0001", "TM-0003-0002", "TM-0003-0003")


def work(what: CheckList | WriteList) -> None:
    work_off(batch_pk=Batch.objects.get(state=Batch.State.WAITING).pk, work=what, clock=timezone.now)


def test_from_a_list_to_the_next_year(page: Page, live_server, cast: Cast, complaints: list[str], tmp_path: Path):
    soon = timezone.localdate() + timedelta(days=40)
    until = term_after(soon, 1).term_until
    begun = soon - timedelta(days=364)
    let_in(page.context, live_server.url, cast.manager)
    page.set_viewport_size({"width": 1366, "height": 768})

    # The list of a vendor comes in. Two columns of days have names that say nothing: one is corrected by the keyboard.
    days = [f"{begun:%Y/%m/%d}", f"{soon:%Y/%m/%d}"]
    path = tmp_path / "更新対象一覧.csv"
    path.write_bytes(
        as_csv(
            ["更新対象一覧", "", "", "", "", "", ""],
            ["得意先", "契約番号", "型番", "本数", "期限A", "期限B", "契約状態"],
            ["㈱緑建設", CODES[0], "SMP-BS", "４５", *days, "契約中"],
            ["", CODES[1], "SMP-AO", "20本", *days, "契約中"],
            ["", CODES[2], "SMP-CC", "100", *days, "更新済"],
            ["", "TM-0003-0004", "SMP-CC", "10", *days, "解約済"],
            ["", "TM-0003-0005", "SMP-CC", "10", *days, "保留"],
            ["", "TM-0003-0006", "SMP-CC", "0", *days, "契約中"],
        )
    )
    page.goto(f"{live_server.url}/customers/")
    page.locator("main a[href='/holdings/import/']").first.click()
    page.locator("input[type=file]").set_input_files(path)
    page.locator("main form button.main").first.press("Enter")
    expect(page.locator("select[name=column-3]")).to_have_value("quantity")
    expect(page.locator("select[name=column-6]")).to_have_value("status")
    found = violations(page, complaints, part="main")
    page.locator("select[name=column-4]").select_option("-")
    day = page.locator("select[name=column-5]")
    day.focus()
    for _key in range(30):
        if day.input_value() == "expires_on":
            break
        page.keyboard.press("ArrowDown" if day.input_value() == "-" else "ArrowUp")
    expect(day).to_have_value("expires_on")
    page.locator("main form button.main").press("Enter")

    # It is checked, a state is asked about, what is wrong and what has ended is shown, and the rest is written.
    expect(page.locator(".work-progress")).to_contain_text("順番を待っています")
    work(CheckList())
    expect(page.locator("table.changes tbody")).to_have_count(1)  # by itself
    expect(page.locator("#questions + p + *")).to_be_visible()
    found += violations(page, complaints, part="main")
    page.get_by_label("保留").select_option("もう保有していない（行を取り込まない）")
    page.locator("button[name=answer]").press("Enter")
    work(CheckList())
    page.get_by_role("link", name="保有終了 2").press("Enter")
    expect(page.locator("#changes ~ .card tbody tr")).to_contain_text(["解約済", "保留"])
    page.locator(".notice.stop a").press("Enter")
    expect(page.locator("#changes ~ .card tbody tr")).to_contain_text(["8"])
    page.locator("input[name=leaves_wrong]").press("Space")
    page.get_by_role("button", name="この内容で書き込む").press("Enter")
    expect(page.locator(".work-progress")).to_be_visible()
    assert Holding.objects.count() == 0
    work(WriteList())
    expect(page.locator(".notice.ok")).to_be_visible()
    assert [(one.code, one.holdings.get().quantity) for one in LicenseID.objects.order_by("code")] == [
        *zip(CODES, (45, 20, 100), strict=True)
    ]

    # The three are quoted together, the first for fewer.
    page.locator(".acts a.main").press("Enter")
    page.get_by_role("link", name="緑建設").first.press("Enter")
    for code in CODES:
        page.get_by_role("checkbox", name=f"まとめる {code}").press("Space")
    page.get_by_role("button", name="まとめて見積を作成").press("Enter")
    expect(page.locator(".part")).to_have_count(3)
    expect(page.locator(".total b")).to_have_text("¥592,350")  # 4,500 x 45 + 7,200 x 20 + 1,920 x 100
    page.locator("#id_is_reduced").press("Space")
    page.locator(f"#id_quantity-{Holding.objects.get(licenseid__code=CODES[0]).pk}").fill("40")
    expect(page.locator(".total b")).to_have_text("¥567,600")
    page.get_by_role("button", name="見積を発行").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Q")
    quote = Quote.objects.get()
    assert ([part.license_code for part in quote.parts.order_by("position")], quote.total) == ([*CODES], 567_600)

    # It is ordered, and the order's file is kept.
    order = tmp_path / "注文書.pdf"
    order.write_bytes(pdf())
    page.get_by_role("link", name="受注…").press("Enter")
    page.get_by_label("お客様の注文番号").focus()
    page.keyboard.type("PO-2027-153")
    page.get_by_label("注文書").set_input_files(order)
    page.get_by_role("button", name="受注として記録").press("Enter")
    expect(page.locator("#order")).to_contain_text("PO-2027-153")
    with page.expect_download() as download:
        page.get_by_role("link", name="注文書.pdf").click()
    assert download.value.suggested_filename.endswith(f"_{quote.number}_注文書1.pdf")
    assert OrderFile.objects.get().content == pdf()

    # It is carried out: the third later than the others.
    page.goto(f"{live_server.url}/quotes/{quote.key}/carry-out/")
    page.get_by_role("checkbox", name=CODES[2]).press("Space")
    page.get_by_role("button", name="選んだライセンスIDに反映").press("Enter")
    expect(page.locator(".card.calm")).to_have_count(2)
    assert list(Holding.objects.order_by("licenseid__code").values_list("quantity", "support_expires_on")) == [
        (40, until),
        (20, until),
        (100, soon),
    ]
    page.get_by_role("button", name="選んだライセンスIDに反映").press("Enter")
    expect(page.locator(".card.calm")).to_have_count(3)
    found += violations(page, complaints)
    assert found == []

    # The list shows the next expiry, and the next quote starts from what is held.
    page.goto(f"{live_server.url}/customers/{quote.customer_id}/")
    for code in CODES:
        held = page.locator("section.card", has=page.get_by_role("heading", name=code))
        expect(held.locator("time").first).to_have_attribute("datetime", f"{until}")
    page.goto(f"{live_server.url}/license-ids/{CODES[0]}/quote/")
    expect(page.locator("#quote-form")).to_contain_text(f"{until:%Y/%m/%d}")
    expect(page.locator(".total b")).to_have_text("¥198,000")  # 4,500 x 40
    assert (Quote.objects.count(), Holding.objects.get(licenseid__code=CODES[2]).support_expires_on) == (1, until)
