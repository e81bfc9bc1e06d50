"""From an order to the next year: ordered with its file, carried out in two steps, quoted from what is held."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from licensing.models import Holding
from pricing.engine.rules.r02_support_period import term_after
from quotes.models import OrderFile, Quote
from tests.browser.conftest import let_in, violations
from tests.cast import Cast, make_license_id
from tests.making import issue_several
from tests.order_files import pdf

pytestmark = [pytest.mark.usefixtures("complaints")]


def test_an_order_with_its_file_carried_out_in_two_steps(page: Page, live_server, cast: Cast, complaints, tmp_path):
    soon = timezone.localdate() + timedelta(days=40)
    one = make_license_id(cast.customer, "TM-0002-0001", ("SMP-BS", 45, soon))
    two = make_license_id(cast.customer, "TM-0002-0002", ("SMP-AO", 20, soon))
    changes = {"TM-0002-0001": {"is_reduced": "on", f"quantity-{one.holdings.get().pk}": "40"}}
    quote = issue_several(one, two, by=cast.staff, changes=changes, now=timezone.now())
    until = term_after(soon, 1).term_until
    let_in(page.context, live_server.url, cast.staff)

    # A program under a PDF's name is refused, and what was typed stays; then the file itself is kept.
    order, trick = tmp_path / "注文書.pdf", tmp_path / "注文書（偽）.pdf"
    order.write_bytes(pdf())
    trick.write_bytes(b"MZ\x90\x00" + b"\0" * 100)
    page.goto(f"{live_server.url}/quotes/{quote.key}/order/")
    page.get_by_label("お客様の注文番号").focus()
    page.keyboard.type("PO-2027-153")
    page.get_by_label("注文書").set_input_files(trick)
    page.get_by_role("button", name="受注として記録").press("Enter")
    expect(page.locator("#id_order_file_error")).to_contain_text("もう一度選んでください")
    expect(page.get_by_label("お客様の注文番号")).to_have_value("PO-2027-153")
    assert violations(page, complaints) == []
    page.get_by_label("注文書").set_input_files(order)
    page.get_by_role("button", name="受注として記録").press("Enter")
    expect(page.locator("#order")).to_contain_text("PO-2027-153")
    expect(page.get_by_role("link", name="注文書.pdf")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="注文書.pdf").click()
    assert download.value.suggested_filename.endswith(f"_{quote.number}_注文書1.pdf")
    assert OrderFile.objects.get().content == pdf()
    page.goto(f"{live_server.url}/quotes/?q=ＰＯ２０２７")
    expect(page.locator("#results tbody")).to_contain_text(quote.number)

    # One license ID now, the other later.
    page.goto(f"{live_server.url}/quotes/{quote.key}/carry-out/")
    page.get_by_role("checkbox", name="TM-0002-0002").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="選んだライセンスIDに反映").press("Enter")
    expect(page.locator(".card.calm")).to_have_count(1)
    held = Holding.objects.get(licenseid=one)
    assert (held.quantity, held.support_expires_on) == (40, until)
    assert Holding.objects.get(licenseid=two).support_expires_on == soon
    page.get_by_role("button", name="選んだライセンスIDに反映").press("Enter")
    expect(page.locator(".card.calm")).to_have_count(2)
    assert Holding.objects.get(licenseid=two).support_expires_on == until
    assert violations(page, complaints) == []

    # The next quote starts from what is held now.
    page.goto(f"{live_server.url}/license-ids/TM-0002-0001/quote/")
    expect(page.locator("#quote-form")).to_contain_text("40")
    expect(page.locator(".total b")).to_have_text("¥198,000")  # 4,500 x 40
    assert Quote.objects.count() == 1
