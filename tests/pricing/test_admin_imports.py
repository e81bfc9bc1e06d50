"""The pages on which a price admin uploads a file, sees what it changes, makes the draft, and exports."""

import io
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.jobs.models import Batch
from foundation.jobs.operations import work_off
from licensing.models import Product, Reseller, User
from pricing.files.operations import CheckFile, WriteDraft
from pricing.lists.operations.publish import publish
from pricing.models import PriceImport, PriceList, PriceRank, PriceTable
from tests.cast import sign_in
from tests.pricing.files.workbooks import make_csv
from tests.pricing.test_imports import ROWS, make_world

pytestmark = pytest.mark.usefixtures("november")

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
LISTS = "/admin/pricing/pricelist/"


@pytest.fixture
def admin(db):
    return make_world()


def base() -> PriceList:
    return PriceList.objects.get(name="2026年10月版")


def send(
    desk, content: bytes = make_csv(*ROWS), file_name: str = "新価格.csv", url: str = f"{LISTS}import/", **changes
):
    data = {"based_on": base().pk, "name": "2027年4月版", "effective_on": "２０２７／４／１"} | changes
    return desk.post(f"{LISTS}import/", data | {"file": SimpleUploadedFile(file_name, content)})


def checked(desk, *rows: str) -> str:
    """The address of an upload that a worker has checked."""
    answer = send(desk, make_csv(*(rows or ROWS)))
    assert answer.status_code == 302
    work_off(batch_pk=PriceImport.objects.latest("pk").check_batch_id, work=CheckFile(), clock=lambda: NOW)
    return answer.url


def text_of(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.text))


def test_the_way_leads_from_the_lists(desk, admin):
    publish(price_list=base(), by=admin, now=datetime(2026, 9, 1, tzinfo=ZoneInfo("Asia/Tokyo")))
    assert f'href="{LISTS}import/"' in desk.get(LISTS).text
    page = desk.get(f"{LISTS}{base().pk}/change/").text
    assert f'href="{LISTS}{base().pk}/import/"' in page
    assert f'href="{LISTS}{base().pk}/export/"' in page
    selected = f'<option value="{base().pk}" selected>'
    other = PriceList.objects.create(name="下書き", effective_on=date(2027, 1, 1))
    assert selected in desk.get(f"{LISTS}import/").text
    assert f'<option value="{other.pk}" selected>' in desk.get(f"{LISTS}{other.pk}/import/").text


def test_an_upload_shows_its_progress_and_then_what_changes(desk):
    answer = send(desk)
    assert (answer.status_code, PriceImport.objects.get().effective_on) == (302, date(2027, 4, 1))
    page = desk.get(answer.url)
    assert 'data-hx-trigger="every 1s"' in page.text
    assert "It waits for its turn." in page.text
    part = desk.get(f"{answer.url}progress/", headers={"hx-request": "true"})
    assert (part.status_code, "<!doctype" in part.text.lower()) == (200, False)
    with time_machine.travel(datetime(2026, 11, 23, 10, 1, tzinfo=ZoneInfo("Asia/Tokyo")), tick=False):
        assert "No worker has taken this up yet." in desk.get(answer.url).text
    batch = PriceImport.objects.get().check_batch
    work_off(batch_pk=batch.pk, work=CheckFile(), clock=lambda: NOW)
    assert desk.get(f"{answer.url}progress/").headers["HX-Refresh"] == "true"
    told = text_of(desk.get(answer.url))
    for text in (
        "Minimum at renewal: 5 → 6",
        "A 5 2,600 → 2,650 +1.9 % 5,200",
        "1 product of 2026年10月版 is not in the file. It cannot be quoted with the new list.",
        "SMP-2 製品2 removed",
        "SMP-3 製品3 added",
    ):
        assert text in told
    assert PriceList.objects.count() == 1


def test_confirming_makes_the_draft(desk, admin):
    url = checked(desk)
    answer = desk.post(url, {"name": "2027年春版", "effective_on": "2027年5月1日"})
    assert (answer.status_code, answer.url) == (302, url)
    assert "It waits for its turn." in desk.get(url).text
    work_off(batch_pk=PriceImport.objects.get().confirm_batch_id, work=WriteDraft(), clock=lambda: NOW)
    draft = PriceList.objects.get(name="2027年春版")
    page = desk.get(url).text
    assert "The draft 2027年春版 was made from this file." in page
    assert f'href="{LISTS}{draft.pk}/change/"' in page
    assert 'name="effective_on"' not in page
    assert draft.effective_on == date(2027, 5, 1)
    sum_of_file = PriceImport.objects.get().sha256
    history = desk.get(f"{LISTS}{draft.pk}/change/").text
    assert f"香坂: imported from a file (新価格.csv; SHA-256 {sum_of_file}; 2026年10月版)" in history
    twice = desk.post(url, {"name": "2027年夏版", "effective_on": "2027-06-01"})
    assert twice.status_code == 422
    assert "This upload was confirmed already. A draft is made from it only once." in twice.text
    assert PriceList.objects.count() == 2
    assert "The very same file became the draft 2027年春版 before." in desk.get(checked_again(desk)).text


def test_the_preview_says_what_missing_columns_and_other_figures_do(desk):
    """Case z, with neighbours: a discount, a rank and a price that differ are counted before a draft is made."""
    table = PriceTable.objects.get(price_list=base(), product__code="SMP-1")
    table.multi_year_discounts.create(years=3, percent=8)
    Product.objects.filter(code="SMP-1").update(is_multi_year_discountable=True)
    told = text_of(desk.get(checked(desk)))
    assert "The file has no multi-year discounts: 1 product loses them." in told
    assert "1 Multi-year discount gone" in told.partition("Before it can be published")[2]
    heads = "product_code,min_renew_qty,rank,qty_from,qty_to,renew_unit_price,add_unit_price,3年割引率%"
    row = "SMP-1,6,A,5,24,2650,5200,0.08"
    file = SimpleUploadedFile("a.csv", f"{heads}\n{row}\n".encode())
    entry = {"based_on": base().pk, "name": "新", "effective_on": "2027-04-01", "file": file}
    answer = desk.post(f"{LISTS}import/", entry)
    work_off(batch_pk=PriceImport.objects.latest("pk").check_batch_id, work=CheckFile(), clock=lambda: NOW)
    told = text_of(desk.get(answer.url))
    assert "The file has no multi-year discounts" not in told
    assert "1 Multi-year discount changed" in told
    assert "1 Discount below 1 %" in told


def checked_again(desk) -> str:
    answer = send(desk, file_name="copy.csv")
    work_off(batch_pk=PriceImport.objects.latest("pk").check_batch_id, work=CheckFile(), clock=lambda: NOW)
    return answer.url


def test_errors_are_told_and_the_corrected_file_begins_where_this_one_was(desk):
    url = checked(desk, *ROWS, "SMP-9,1,A,1,,<b>1</b>,1", "SMP-2,1,A,1,,▲5,1")
    told = text_of(desk.get(url))
    assert "3 errors to correct" in told
    assert "5 A: product_code SMP-9 The portal does not know this product (1 rows)." in told
    assert "6 F: renew_unit_price ▲5 It must not be negative." in told
    assert "&lt;b&gt;1&lt;/b&gt;" in desk.get(url).text
    assert 'value="Make the draft"' not in desk.get(url).text
    refused = desk.post(url, {"name": "x", "effective_on": "2027-04-01"})
    assert refused.status_code == 422
    assert "The file has errors or is not checked yet." in refused.text
    again = f"{LISTS}import/?again={PriceImport.objects.get().key}"
    assert again in desk.get(url).text
    page = desk.get(again).text
    assert 'value="2027年4月版"' in page
    assert 'value="2027-04-01"' in page
    assert PriceList.objects.count() == 1


def test_a_file_that_is_none_is_refused_at_once(desk):
    for content, text in (
        (b"%PDF-1.7 ...", "This is neither an XLSX nor a CSV file."),
        (b"x" * (10 * 1024 * 1024 + 1), "The file is larger than 10 MB."),
        (b"  ", "The file is empty."),
        (b"", "The file is empty. Choose the file with the table."),
    ):
        answer = send(desk, content)
        assert answer.status_code == 422
        assert text in answer.text
    assert PriceImport.objects.count() == 0


def test_a_file_that_turns_out_unreadable_says_why(desk):
    answer = send(desk, b"PK\x03\x04", "broken.xlsx")
    work_off(batch_pk=PriceImport.objects.get().check_batch_id, work=CheckFile(), clock=lambda: NOW)
    page = desk.get(answer.url)
    assert page.status_code == 200
    assert "The workbook is damaged or incomplete." in page.text
    assert "Upload a corrected file" in page.text
    assert "refused" in desk.get(f"{LISTS}import/").text


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"name": "2026年10月版"}, "There is a price list of this name already. Choose another name."),
        ({"name": ""}, "This field is required."),
        ({"effective_on": "1999-12-31"}, "The day must lie between 2000 and 2099."),
        ({"effective_on": "31/12"}, "This is not a day."),
        ({"based_on": "x"}, "Select a valid choice."),
        ({"based_on": "9" * 30}, "Select a valid choice."),
    ],
)
def test_wrong_entries_are_said_and_nothing_is_kept(desk, changes, text):
    answer = send(desk, **changes)
    assert answer.status_code == 422
    assert text in answer.text
    assert PriceImport.objects.count() == 0


@pytest.mark.parametrize(
    "query", ["", "show=added", "show=same", "show=all&order=percent", "q=製品１", "show=x&page=-1&errors=z"]
)
def test_what_is_shown_can_be_chosen(desk, query):
    page = desk.get(f"{checked(desk)}?{query}")
    shown = re.findall(r"<h3[^>]*>(SMP-\d)", page.text)
    expected = {
        "": ["SMP-1", "SMP-2", "SMP-3"],
        "show=added": ["SMP-3"],
        "show=same": [],
        "show=all&order=percent": ["SMP-1", "SMP-2", "SMP-3"],
        "q=製品１": ["SMP-1"],
        "show=x&page=-1&errors=z": ["SMP-1", "SMP-2", "SMP-3"],
    }
    assert (page.status_code, shown) == (200, expected[query])


def test_a_page_of_many_products_asks_no_more_of_the_database(desk):
    few = checked(desk, *ROWS, "SMP-2,1,A,1,,x,1")
    programme = Product.objects.get(code="SMP-1").programme
    Product.objects.bulk_create(Product(code=f"P-{n}", name=f"P{n}", programme=programme) for n in range(60))
    many = checked(desk, *(f"P-{n},1,{rank},{rank},,x,1" if n > 50 else f"P-{n},1,{rank},{rank},,1,1"
                           for n in range(60) for rank in (1, 2, 3)))  # fmt: skip
    counts = []
    for url in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = desk.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert page.text.count('class="product-change') == 25
    assert "page=3#changes" in page.text


def test_a_list_is_exported_in_three_formats(desk):
    product = Product.objects.get(code="SMP-1")
    product.name = "製品 𠮷"
    product.save()
    page = desk.get(f"{LISTS}{base().pk}/export/")
    assert "製品 𠮷" in page.text
    links = re.findall(rf'href="({LISTS}{base().pk}/export/(\w+)/)"', page.text)
    assert [kind for _url, kind in links] == ["xlsx", "csv", "cp932"]
    files = {kind: desk.get(url) for url, kind in links}
    sheet = openpyxl.load_workbook(io.BytesIO(files["xlsx"].content)).active
    assert [cell.value for cell in sheet[2]][:5] == ["SMP-1", "製品 𠮷", "通常", 5, "A"]
    assert files["csv"].content.startswith("\ufeffProduct code,".encode())
    assert "製品 〓".encode("cp932") in files["cp932"].content
    name = files["xlsx"].headers["Content-Disposition"]
    assert name == "attachment; filename*=utf-8''2026%E5%B9%B410%E6%9C%88%E7%89%88_20261001.xlsx"
    assert desk.get(f"{LISTS}{base().pk}/export/pdf/").status_code == 404


def test_a_list_that_is_gone_is_told(desk):
    for end in ("export/", "export/xlsx/"):
        assert desk.get(f"{LISTS}999999/{end}").url == LISTS
    assert desk.get(f"{LISTS}imports/0b5d6b00-0000-4000-8000-000000000000/").status_code == 404


def test_staff_have_no_business_here(desk):
    url = checked(desk)
    reseller = Reseller.objects.create(name="青葉システム販売株式会社")
    staff = sign_in(User.objects.create_user(email="s@example.jp", name="-", role="staff", reseller=reseller))
    for address in (f"{LISTS}import/", url, f"{url}progress/", f"{LISTS}{base().pk}/export/xlsx/"):
        assert staff.get(address).status_code in (302, 403)
        assert staff.post(address, {"name": "x", "effective_on": "2027-04-01"}).status_code in (302, 403)
    assert (PriceList.objects.count(), PriceImport.objects.count(), Batch.objects.count()) == (1, 1, 1)
    assert PriceRank.objects.count() == PriceTable.objects.count() == 2


def test_new_products_are_listed_and_made_only_when_that_is_ticked(desk):
    head = "製品コード,最低購入本数,ランク,数量,更新単価,追加単価,製品名,単位"
    answer = send(desk, make_csv("SMP-9,5,A,5～,2600,5200,新しい製品,クライアント", head=head))
    work_off(batch_pk=PriceImport.objects.get().check_batch_id, work=CheckFile(), clock=lambda: NOW)
    shown = text_of(desk.get(answer.url))
    assert "1 new product " in shown
    assert "SMP-9 新しい製品 – unit: クライアント; tax category: standard" in shown
    entries = {"name": "2027年4月版", "effective_on": "2027/4/1"}
    refused = desk.post(answer.url, entries)
    assert refused.status_code == 422
    assert refused.text.count("This field is required.") == 2
    assert (PriceImport.objects.get().confirm_batch, Product.objects.filter(code="SMP-9").exists()) == (None, False)
    programme = Product.objects.get(code="SMP-1").programme
    done = desk.post(answer.url, entries | {"makes_products": "on", "programme": programme.pk})
    assert done.status_code == 302
    work_off(batch_pk=PriceImport.objects.get().confirm_batch_id, work=WriteDraft(), clock=lambda: NOW)
    assert Product.objects.get(code="SMP-9").unit == "クライアント"
    assert PriceTable.objects.filter(price_list__name="2027年4月版", product__code="SMP-9").exists()


def test_what_may_be_uploaded_is_said_in_the_page_s_language(admin):
    said = {language: sign_in(admin, language=language).get(f"{LISTS}import/").text for language in ("en", "ja")}
    assert "XLSX, or CSV in UTF-8 or Shift_JIS (cp932). At most 10 MB and 60,000 rows." in said["en"]
    assert "XLSX、またはUTF-8かShift_JIS（cp932）のCSV。10MB、60,000行まで。" in said["ja"]
