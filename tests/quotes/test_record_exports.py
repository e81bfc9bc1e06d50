"""What was found, as a file: every PDF compared with what was issued, and an index in which no text is a formula."""

import hashlib
import os
import zipfile
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from openpyxl import load_workbook

from foundation.jobs.models import Batch
from foundation.jobs.operations import work_off
from licensing.models import Customer
from quotes.archive.exports import ExportWork, sweep_exports
from quotes.models import RecordExport
from quotes.record.transitions import withdraw
from tests.cast import NOW, make_license_id, sign_in
from tests.making import everything_written, given_quote
from tests.page import Page, open_form
from tests.quotes.tampering import tampered

FIRST = "20270115_株式会社髙﨑製作所_222750_Q2701-0001-00.pdf"
SECOND = "20270115_=HYPERLINK(-x-)_52250_Q2701-0002-00.pdf"


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.EXPORT_ROOT = tmp_path / "exports"


@pytest.fixture
def records(cast, licenseid):
    """Two of ours, one with a customer whose name would be a formula, and Minato's."""
    hostile = Customer.objects.create(reseller=cast.aoba, name='=HYPERLINK("x")')
    given_quote(make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45)), by=cast.stranger)
    first = given_quote(licenseid, by=cast.staff)
    second = given_quote(
        make_license_id(hostile, "0012", ("SMP-BS", 10)), by=cast.staff, now=NOW + timedelta(minutes=1)
    )
    withdraw(quote=second, reason="-1+1 誤り", by=cast.staff, now=NOW)
    return first, second


def start(desk, form, **search):
    response = desk.post("/records/export/", {"form": form, **search})
    assert response.status_code == 302, response.status_code
    return response["Location"]


def work():
    export = RecordExport.objects.select_related("batch").latest("pk")
    work_off(batch_pk=export.batch_id, work=ExportWork(), clock=lambda: NOW)
    export = RecordExport.objects.select_related("batch").get(pk=export.pk)
    assert (export.batch.state, export.batch.message) == (Batch.State.DONE, "")
    return export


def fetch(desk, address):
    response = desk.get(f"{address}file/")
    return response, b"".join(response) if response.streaming else b""


def test_a_zip_holds_the_pdfs_under_telling_names_and_the_index(cast, desk, records):
    first, second = records
    before = everything_written()
    address = start(desk, "zip", order="number")
    waiting = open_form(desk, address)
    assert "Waits for its turn …" in waiting.text
    assert fetch(desk, address)[0]["Location"] == address
    assert "file/" not in open_form(desk, f"{address}progress/").root.raw()
    export = work()
    assert desk.get(f"{address}progress/")["HX-Refresh"] == "true"
    page = open_form(desk, address)
    assert "The file is ready. The PDFs of 2 quotes are as they were issued." in page.text
    assert export.facts["sha256"] in page.text
    response, content = fetch(desk, address)
    assert response["Content-Disposition"] == 'attachment; filename="quote-records_20270115-1000.zip"'
    assert (response["Content-Type"], response["Cache-Control"]) == ("application/zip", "private, no-store")
    assert hashlib.sha256(content).hexdigest() == export.facts["sha256"]
    archive = zipfile.ZipFile(BytesIO(content))
    assert archive.testzip() is None
    assert archive.namelist() == [FIRST, SECOND, "index.xlsx", "index.csv"]
    assert archive.read(FIRST) == bytes(first.pdf.content)
    assert archive.read(SECOND) == bytes(second.pdf.content)
    book = load_workbook(BytesIO(archive.read("index.xlsx")))
    rows = list(book["Records"].iter_rows(values_only=True))
    assert rows[0] == (
        "Quote number", "Issue day", "Customer", "License ID", "Subject", "Total at list prices",
        "Whole reduction, tax excluded", "Offered price, tax excluded", "Subtotal", "Consumption tax", "Total with tax",
        "Valid until", "State", "State since", "Reason or memo", "Order day",
        "Customer’s order number", "Issued by", "Kept until", "PDF file", "SHA-256 of the PDF",
        "Files of the order (注文書)", "SHA-256 of the files of the order", "Acknowledgements of the order (注文請書)",
        "SHA-256 of the acknowledgements", "Checked",
    )  # fmt: skip
    day = datetime(2027, 1, 15)
    assert rows[2] == (
        "Q2701-0002-00", day, '=HYPERLINK("x")', "0012", second.subject, 47_500, 0, 47_500, 47_500, 4_750, 52_250,
        datetime(2027, 2, 14), "withdrawn", day, "-1+1 誤り", None, None, "青木 陽子", datetime(2039, 1, 14), SECOND,
        second.pdf.sha256, None, None, None, None, "unchanged since its issue",
    )  # fmt: skip
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    table = archive.read("index.csv").decode("utf-8-sig").split("\r\n")
    assert table[2].startswith('Q2701-0002-00,2027-01-15,"\'=HYPERLINK(""x"")",0012,')
    assert ",2027-01-15,'-1+1 誤り," in table[2]
    about = dict(book["About"].iter_rows(values_only=True))
    assert (about["Made by"], about["Quotes"], about["Not as issued"]) == ("青木 陽子", "2", "none")
    assert everything_written() == before


@pytest.mark.both_databases
def test_the_index_alone_as_workbook_and_in_both_encodings(cast, desk, records):
    for form, ending in (("xlsx", "xlsx"), ("csv", "csv"), ("cp932", "csv")):
        address = start(desk, form, customer="高崎", first_day="R8.4.1", last_day="20270331")
        export = work()
        assert "Issue day from 1 April 2026 Issue day until 31 March 2027" in open_form(desk, address).text
        response, content = fetch(desk, address)
        assert response["Content-Disposition"].endswith(f'.{ending}"')
        assert export.facts["quotes"] == 1
        if form == "csv":
            assert content.startswith("\ufeffQuote number,".encode())
        if form == "cp932":
            assert "株式会社〓" not in content.decode("cp932")  # 髙 and 﨑 are cp932's
            assert export.facts["lost"] == ""
    Customer.objects.filter(pk=cast.customer.pk).update(name="𠮷野製作所")
    given_quote(make_license_id(Customer.objects.get(pk=cast.customer.pk), "LIC-5", ("SMP-BS", 10)), by=cast.staff)
    address = start(desk, "cp932", customer="吉野")
    work()
    assert "〓野製作所" in fetch(desk, address)[1].decode("cp932")
    assert "cp932 does not know these characters; 〓 stands in their place: 𠮷" in open_form(desk, address).text


def test_what_is_not_as_issued_is_named_and_set_apart(cast, desk, records):
    first, second = records
    address = start(desk, "zip", order="number")
    with tampered(
        f"UPDATE quotes_quotedocument SET content = (SELECT content FROM quotes_quotedocument WHERE quote_id = "
        f"{second.pk}) WHERE quote_id = {first.pk}",
        f"DELETE FROM quotes_quotedocument WHERE quote_id = {second.pk}",
    ):
        export = work()
        assert export.facts["altered"] == ["Q2701-0001-00", "Q2701-0002-00"]
        page = open_form(desk, address)
        assert "Not everything is as it was issued." in page.text
        assert "Q2701-0001-00, Q2701-0002-00" in page.text
        archive = zipfile.ZipFile(BytesIO(fetch(desk, address)[1]))
        assert archive.namelist() == [f"altered/{FIRST}", "index.xlsx", "index.csv"]
        rows = list(load_workbook(BytesIO(archive.read("index.xlsx")))["Records"].iter_rows(values_only=True))
        assert [row[-1] for row in rows[1:]] == ["its PDF is not the one that was issued.", "its PDF is gone."]
        assert rows[1][-6] == first.pdf.sha256, "the hash of what was issued"
        assert rows[2][-5] is None


def test_only_its_reseller_and_who_made_it_may_fetch_it(cast, desk, foreign_desk, records):
    address = start(desk, "csv")
    work()
    for path in (address, f"{address}progress/", f"{address}file/"):
        assert foreign_desk.get(path).status_code == 404
        assert sign_in(cast.admin).get(path).status_code == 404
        assert sign_in(cast.contact).get(path).status_code == 403
    assert fetch(sign_in(cast.colleague), address)[0].status_code == 200
    assert "Recent files" in open_form(desk, "/records/").text
    assert "Recent files" not in open_form(foreign_desk, "/records/").text
    admin = sign_in(cast.admin)
    own = start(admin, "zip")
    work()
    assert desk.get(own).status_code == 404
    names = zipfile.ZipFile(BytesIO(fetch(admin, own)[1])).namelist()
    assert sorted(name for name in names if "0001-00" in name) == [
        f"aoba/{FIRST}", "minato/20270115_有限会社波止場商会_222750_Q2701-0001-00.pdf",
    ]  # fmt: skip


def test_nothing_is_written_for_what_cannot_be_exported(cast, desk, records):
    refusals = {
        "Nothing was found, so there is nothing to export.": {"form": "zip", "customer": "無い"},
        "Choose a format.": {"form": "exe"},
        "This is not a day. Write it for example as 2026/11/23 or 令和8年11月23日.": {"form": "csv", "first_day": "x"},
    }
    for message, entry in refusals.items():
        page = Page(desk.post("/records/export/", entry, follow=True))
        assert message in page.text
    assert (RecordExport.objects.count(), Batch.objects.count()) == (0, 0)


def test_a_file_is_removed_when_its_time_is_over(cast, desk, records, clock):
    address = start(desk, "csv")
    export = work()
    root = Path(settings.EXPORT_ROOT)
    assert [path.name for path in root.iterdir()] == [export.file_name]
    assert (root / export.file_name).stat().st_mode & 0o777 == 0o600
    stray, foreign = root / f"{'a' * 32}.zip", [root / name for name in ("notes.csv", "a.zip", "making-progress")]
    for path in (stray, *foreign[:2]):
        path.touch()
    foreign[2].mkdir()
    for path in (stray, *foreign):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert sweep_exports(now=NOW + timedelta(hours=23)) == 0
    clock.move_to(NOW + timedelta(hours=24))
    desk = sign_in(cast.staff)
    assert fetch(desk, address)[0]["Location"] == address
    assert "The file has been removed. Search again and make a new one." in open_form(desk, address).text
    assert sweep_exports(now=NOW + timedelta(hours=25)) == 2
    assert sorted(root.iterdir()) == sorted(foreign), "what is not named as exports are is somebody else's"
    for path in foreign:
        path.rmdir() if path.is_dir() else path.unlink()
    assert RecordExport.objects.get().file_name == ""


def work_in_vain():
    """The export that nobody may see any more."""
    export = RecordExport.objects.latest("pk")
    work_off(batch_pk=export.batch_id, work=ExportWork(), clock=lambda: NOW)
    export = RecordExport.objects.select_related("batch").get(pk=export.pk)
    return export.file_name, export.batch.state, export.batch.message


def test_who_left_meanwhile_gets_nothing(cast, desk, records):
    start(desk, "zip")
    type(cast.staff).objects.filter(pk=cast.staff.pk).update(is_active=False)
    assert work_in_vain() == ("", Batch.State.FAILED, "Whoever asked for this export may not see it any more.")


def test_who_went_to_another_reseller_meanwhile_gets_nothing_there(cast, desk, records):
    """The file would hold what the person sees now, and be there for the people of the reseller before."""
    start(desk, "csv")
    cast.staff.reseller = cast.minato
    cast.staff.save()
    assert work_in_vain() == ("", Batch.State.FAILED, "Whoever asked for this export may not see it any more.")


def test_a_disk_that_takes_nothing_is_said_on_the_page(cast, desk, records, settings, tmp_path):
    (tmp_path / "file").touch()
    settings.EXPORT_ROOT = tmp_path / "file" / "exports"
    address = start(desk, "zip")
    text = "The file could not be written on the portal’s disk. Not a directory. Ask whoever operates the portal."
    assert work_in_vain() == ("", Batch.State.FAILED, text)
    assert text in open_form(desk, address).text
    assert sweep_exports(now=NOW) == 0
