"""The impact of a draft price list as an administrator sees it: started, followed, read, taken along."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from licensing.models import LicenseID
from pricing.models import PriceTable
from renewals.models import ImpactRun
from tests.browser.conftest import let_in, violations
from tests.cast import Cast, make_license_id
from tests.renewals.impacts import make_draft, work


@pytest.mark.parametrize("language", ["ja", "en"])
def test_from_the_draft_to_the_workbook(
    page: Page, live_server, cast: Cast, licenseid: LicenseID, complaints: list[str], language: str
) -> None:
    today = timezone.localdate()
    make_license_id(cast.foreign_customer, "LIC-WM", ("SMP-WM", 100, today + timedelta(days=5)))
    draft = make_draft(cast, effective_on=today + timedelta(days=20))
    PriceTable.objects.filter(price_list=draft, product__code="SMP-WM").delete()
    says = {
        "ja": ("影響を確認…", "影響を計算する", "順番を待っています", "すべてをXLSXでダウンロード", "増減率の分布"),
        "en": ("Impact…", "Calculate the impact", "Waits for its turn", "Download all as XLSX", "Distribution of the"),
    }[language]
    let_in(page.context, live_server.url, cast.admin, language=language)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/admin/pricing/pricelist/{draft.pk}/change/")
    page.get_by_role("link", name=says[0]).click()
    expect(page.get_by_role("button", name=says[1])).to_be_visible()
    found = violations(page, complaints, part="#content")  # the frame around it is Django's
    page.get_by_role("button", name=says[1]).click()
    expect(page.get_by_role("status")).to_contain_text(says[2])
    found += violations(page, complaints, part="#content")
    work(ImpactRun.objects.get())
    expect(page.get_by_role("heading", name=says[4])).to_be_visible()  # by itself
    expect(page.locator("svg.bars rect")).to_have_count(11)
    page.locator("#content summary").click()
    found += violations(page, complaints, part="#content")
    assert found == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    with page.expect_download() as download:
        page.get_by_role("link", name=says[3]).click()
    assert download.value.suggested_filename == f"2027年2月版_{today.isoformat()}.xlsx"
    page.locator("select[name=only]").select_option("refused")
    page.locator(".filters input[type=submit]").click()
    expect(page.locator("#content th.code")).to_have_text(["LIC-WM"])
