"""The customer's order as a file: what is taken, how it is kept, replaced, found, checked and handed out."""

import hashlib
import time
import zipfile
from contextlib import suppress
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import translation
from openpyxl import load_workbook

from foundation.jobs.operations import work_off
from quotes.archive.exports import ExportWork, start_export
from quotes.archive.search import RecordSearch, find_records
from quotes.archive.tasks import export_records
from quotes.archive.verification import Report, verify_records
from quotes.models import OrderFile, QuoteEvent, QuoteStatus, RecordExport
from quotes.orders.reading import MOST_BYTES, plain_name, read_order_file
from quotes.record.order_files import file_rows, keep_order_file, record_order_with_file
from quotes.record.refusals import FilesChanged, NotOrdered
from quotes.record.transitions import record_order, reopen
from tests.at_once import at_once
from tests.cast import NOW, TODAY, make_license_id, sign_in
from tests.making import everything_written, given_quote
from tests.order_files import given, huge_png, jpeg, pdf, png, stream
from tests.quotes.tampering import tampered

pytestmark = pytest.mark.django_db


def upload(content: bytes, name: str = "order.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


# --- What is taken --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "kind", "kept"),
    [
        ("注文書.pdf", pdf(), "application/pdf", "注文書.pdf"),
        ("scan.jpg", png(), "image/png", "scan.jpg"),
        ("photo.pdf", jpeg(), "image/jpeg", "photo.pdf"),
        ("big.jpg", jpeg((400, 300), progressive=True), "image/jpeg", "big.jpg"),
        ("C:\\orders\\po.pdf", pdf(packed=b"1 0 << /Type /Page >>"), "application/pdf", "po.pdf"),
        ("a\u202eexe.pdf", pdf(), "application/pdf", "aexe.pdf"),
    ],
)
def test_what_it_is_its_content_says_and_it_stays_as_it_came(name, content, kind, kept):
    found = read_order_file(upload(content, name))
    assert (found.media_type, found.name, found.content) == (kind, kept, content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"MZ\x90\x00" + b"\0" * 200, "other-kind"),
        (b"<html><script>1</script></html>" + pdf(), "other-kind"),
        (b"GIF89a" + b"\0" * 50, "other-kind"),
        (pdf()[:-60], "broken"),
        (pdf(objects=b"5 0 obj\n<< /S /JavaScript /JS (app.alert(1)) >>\nendobj\n"), "not-only-paper"),
        (pdf(objects=b"5 0 obj\n<< /S /J#61vaScript /JS (1) >>\nendobj\n"), "not-only-paper"),
        (pdf(packed=b"5 0 << /S /Launch /F (cmd.exe) >>"), "not-only-paper"),
        (pdf(packed=b"5 0 << /Names << /EmbeddedFiles 7 0 R >> >>"), "not-only-paper"),
        (pdf(objects=b"5 0 obj\n<< /AcroForm << /XFA 6 0 R >> >>\nendobj\n"), "not-only-paper"),
        (pdf(objects=stream(9, b"/Type /ObjStm (stream\n) ", b"/JavaScript")), "not-only-paper"),
        (pdf(objects=stream(9, b"/Type /ObjStm /Predictor 12 (stream\n) ", b"x")), "unreadable"),
        (pdf(objects=stream(9, b"/Type /ObjStm ", b"2F4A53", filters=b"[/FlateDecode /AHx]")), "unreadable"),
        (pdf(objects=stream(9, b"/Type /ObjStm ", b"\0" * 50_000_000)), "unreadable"),
        (pdf(objects=b"5 0 obj\n<< /Encrypt 6 0 R >>\nendobj\n"), "locked"),
        (png()[:40], "broken"),
        (jpeg()[:200], "broken"),
        (huge_png(), "too-many-pixels"),
        (pdf() + b"\0" * MOST_BYTES, "too-large"),
    ],
)
def test_what_is_more_than_paper_broken_or_too_large_is_refused(content, code):
    with pytest.raises(ValidationError) as refused:
        read_order_file(upload(content))
    assert refused.value.code == code


@pytest.mark.parametrize(
    "hostile",
    [
        b"/AcroForm " * 900_000,
        b"/Type /ObjStm " + b"x stream\n" * 49_000,
        b"#41" * 1_000_000,
        stream(9, b"/Type /ObjStm ", b"1 0 << >>") * 40_000 + b" " * 4_000_000,
    ],
    ids=["many forms", "many streams", "many escapes", "many packed"],
)
def test_a_pdf_takes_no_longer_than_its_size_whatever_stands_in_it(hostile):
    began = time.process_time()
    with suppress(ValidationError):
        read_order_file(upload(pdf(objects=hostile)))
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/x.pdf", "x.pdf"),
        ("  ", "order.pdf"),
        ("a\nb\x00.pdf", "ab.pdf"),
        ("注" * 300 + ".pdf", "注" * 196 + ".pdf"),
    ],
)
def test_names_are_those_that_people_see(name, kept):
    assert plain_name(name, "application/pdf") == kept


# --- How it is kept -------------------------------------------------------------------------------------------------


def files_that_count(quote):
    """The quote's files without those whose place another one took."""
    return [row.file for row in file_rows(quote) if row.superseded_by is None]


@pytest.fixture
def quote(cast, licenseid):
    return given_quote(licenseid, by=cast.staff)


@pytest.fixture
def ordered(cast, quote):
    """With its file."""
    record_order_with_file(
        quote=quote,
        ordered_on=date(2027, 1, 14),
        order_number="ＰＯ-2027／１５３",
        file=given(),
        by=cast.staff,
        now=NOW,
    )
    return quote


def found_wrong():
    with translation.override("en"):
        return [(one.place, one.code) for one in verify_records(report=Report())]


@pytest.mark.both_databases
def test_a_wrong_one_stays_and_the_next_takes_its_place(cast, ordered):
    [first] = files_that_count(ordered)
    assert (first.position, first.supersedes, first.ordered_on, first.file_name) == (
        1,
        None,
        date(2027, 1, 14),
        "注文書.pdf",
    )
    right = given("right.pdf", text="right")
    second = keep_order_file(quote=ordered, file=right, seen=1, supersedes=1, by=cast.colleague, now=NOW)
    assert [one.pk for one in files_that_count(ordered)] == [second.pk]
    before = everything_written()
    again = keep_order_file(quote=ordered, file=right, seen=1, supersedes=1, by=cast.colleague, now=NOW)
    assert again.pk == second.pk  # a button pressed twice
    for seen, wrong in ((1, None), (2, 1), (2, 7)):
        with pytest.raises(FilesChanged):
            keep_order_file(
                quote=ordered, file=given(text="third"), seen=seen, supersedes=wrong, by=cast.staff, now=NOW
            )
    assert everything_written() == before
    beside = keep_order_file(quote=ordered, file=given(text="p2"), seen=2, supersedes=None, by=cast.staff, now=NOW)
    assert [one.position for one in files_that_count(ordered)] == [2, 3]
    told = QuoteEvent.objects.get(kind="order_file_kept", detail__position=2)
    assert (told.by, told.detail) == (
        cast.colleague,
        {
            "file": str(second.key), "position": 2, "ordered_on": "2027-01-14", "name": "right.pdf", "supersedes": 1,
            "media_type": "application/pdf", "size": len(right.content),
            "sha256": hashlib.sha256(right.content).hexdigest(),
        },
    )  # fmt: skip
    reopen(quote=ordered, reason="誤り", by=cast.staff, now=NOW)
    with pytest.raises(NotOrdered):
        keep_order_file(quote=ordered, file=given(text="x"), seen=3, supersedes=None, by=cast.staff, now=NOW)
    assert OrderFile.objects.count() == 3
    assert beside.kept_by == cast.staff
    assert found_wrong() == []


@pytest.mark.both_databases
def test_whoever_alters_or_removes_one_is_found(ordered):
    key = OrderFile.objects.get().pk
    for statement, code in (
        (f"UPDATE quotes_orderfile SET content = CAST('x' AS {{blob}}) WHERE id = {key}", "order-file-changed"),
        (f"UPDATE quotes_orderfile SET file_name = 'other.pdf' WHERE id = {key}", "order-file-details"),
        (f"DELETE FROM quotes_orderfile WHERE id = {key}", "order-file-missing"),
        (f"UPDATE quotes_quotestatus SET order_key = '' WHERE quote_id = {ordered.pk}", "not-found"),
    ):
        blob = "bytea" if connection.vendor == "postgresql" else "BLOB"
        with tampered(statement.replace("{blob}", blob)):
            assert ("Q2701-0001-00", code) in found_wrong()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_and_the_second_is_told(cast, licenseid):
    quote = given_quote(licenseid, by=cast.staff)
    record_order(quote=quote, by=cast.staff, now=NOW)

    def keep(text):
        try:
            keep_order_file(quote=quote, file=given(text=text), seen=0, supersedes=None, by=cast.staff, now=NOW)
        except FilesChanged:
            return "told"
        return "kept"

    assert sorted(at_once(lambda: keep("a"), lambda: keep("b"))) == ["kept", "told"]
    assert OrderFile.objects.count() == 1


# --- Found and exported ---------------------------------------------------------------------------------------------


def records(cast, **search):
    found = find_records(user=cast.staff, search=RecordSearch(**search), on=TODAY)
    return [quote.number for quote in found]


def test_it_is_found_by_day_amount_and_customer_and_by_its_number_in_any_width(cast, ordered):
    other = given_quote(make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 10)), by=cast.staff)
    assert records(cast, first_order_day=date(2027, 1, 14), last_order_day=date(2027, 1, 14)) == [ordered.number]
    assert records(cast, first_order_day=date(2027, 1, 15)) == []
    assert records(cast, last_order_day=date(2027, 1, 13)) == []
    assert records(cast, with_order_file=True, least=ordered.total, customer="高崎製作所") == [ordered.number]
    assert records(cast, order_number="po2027/153") == records(cast, order_number="ＰＯ－２０２７") == [ordered.number]
    assert records(cast, order_number="153-9") == []
    assert other.number not in records(cast, with_order_file=True)
    reopen(quote=ordered, reason="誤り", by=cast.staff, now=NOW)
    assert records(cast, first_order_day=date(2027, 1, 14), with_order_file=True) == [ordered.number]  # it stays found
    assert records(cast, order_number="PO-2027") == []


def test_it_is_found_in_the_list_and_by_the_box_in_the_header(cast, ordered):
    desk = sign_in(cast.staff)
    for text in ("PO-2027/153", "ｐｏ２０２７", "2027/153"):
        assert ordered.number in desk.get("/quotes/", {"q": text}).content.decode(), text
        assert ordered.number in desk.get("/", {"q": text}).content.decode(), text
    assert ordered.number not in desk.get("/", {"q": "PO"}).content.decode()
    assert ordered.number not in sign_in(cast.stranger).get("/", {"q": "PO-2027/153"}).content.decode()


def test_the_export_holds_it_for_staff_and_says_where_it_was_altered(cast, ordered, settings, tmp_path):
    settings.EXPORT_ROOT = tmp_path / "exports"

    def made(by):
        search = RecordSearch(with_order_file=True)
        export = start_export(search=search, form="zip", task=export_records, by=by, on=TODAY, now=NOW)
        work_off(batch_pk=export.batch_id, work=ExportWork(), clock=lambda: NOW)
        export = RecordExport.objects.get(pk=export.pk)
        return zipfile.ZipFile(settings.EXPORT_ROOT / export.file_name), export.facts["altered"]

    name = "20270114_株式会社髙﨑製作所_222750_Q2701-0001-00_注文書1.pdf"
    archive, altered = made(cast.staff)
    assert archive.read(name) == given().content
    assert altered == []
    sheet = load_workbook(BytesIO(archive.read("index.xlsx"))).worksheets[0]
    row = dict(zip(*[[cell.value for cell in row] for row in sheet.iter_rows(max_row=2)], strict=True))
    assert (row["受注日"].date(), row["お客様の注文番号"]) == (date(2027, 1, 14), "ＰＯ-2027／１５３")
    assert row["注文書のファイル"] == name
    assert row["注文書の SHA-256"] == hashlib.sha256(given().content).hexdigest()
    archive, _altered = made(cast.admin)  # what customers sent is for the reseller's people
    assert [one for one in archive.namelist() if "注文書" in one] == []
    sheet = load_workbook(BytesIO(archive.read("index.xlsx"))).worksheets[0]
    row = dict(zip(*[[cell.value for cell in row] for row in sheet.iter_rows(max_row=2)], strict=True))
    assert (row["注文書のファイル"], row["注文書の SHA-256"]) == (None, hashlib.sha256(given().content).hexdigest())
    with tampered("UPDATE quotes_orderfile SET file_name = 'x'", is_covered_up=False):
        archive, altered = made(cast.staff)
        assert (altered, f"altered/{name}" in archive.namelist()) == ([ordered.number], True)


# --- Pages ----------------------------------------------------------------------------------------------------------


def test_with_the_order_and_what_was_typed_stays_where_the_file_is_refused(cast, quote):
    desk = sign_in(cast.staff)
    address = f"/quotes/{quote.key}/order/"
    typed = {"ordered_on": "R9.1.14", "order_number": "PO-1", "reason": "至急"}
    before = everything_written()
    refused = desk.post(address, {**typed, "order_file": upload(b"MZ", "order.pdf")})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "This file is not a PDF, PNG or JPEG, whatever its name says." in page
    assert all(f'value="{text}"' in page for text in ("R9.1.14", "PO-1"))
    assert "至急" in page
    refused = desk.post(address, {**typed, "ordered_on": "昨日", "order_file": upload(pdf())})
    assert "Choose the file again: a browser does not keep it." in refused.content.decode()
    assert everything_written() == before
    assert OrderFile.objects.count() == 0
    assert desk.post(address, {**typed, "order_file": upload(pdf(), "po.pdf")}).status_code == 302
    [file] = files_that_count(quote)
    assert (file.file_name, QuoteStatus.objects.get().order_number) == ("po.pdf", "PO-1")


def test_later_on_its_own_page_and_handed_out_to_be_saved(cast, quote):
    record_order(quote=quote, ordered_on=date(2027, 1, 14), by=cast.staff, now=NOW)
    desk, address = sign_in(cast.manager), f"/quotes/{quote.key}/order/files/"
    assert "No file is kept with this order." in desk.get(f"/quotes/{quote.key}/").content.decode()
    assert desk.post(address, {"seen": "0", "order_file": upload(png(), "scan.png")}).status_code == 302
    missing = desk.post(address, {"seen": "1", "order_file": upload(png((9, 9)), "b.png")})
    assert "Say whether it takes the place of another one." in missing.content.decode()
    late = desk.post(address, {"seen": "0", "in_place_of": "1", "order_file": upload(png((9, 9)), "b.png")})
    assert "Another file has come since you opened this page." in late.content.decode()
    sent = {"seen": "1", "in_place_of": "1", "order_file": upload(png((9, 9)), "<b>.png")}
    assert desk.post(address, sent).status_code == 302
    page = desk.get(f"/quotes/{quote.key}/").content.decode()
    assert "was the wrong one" in page
    assert "in its place: &lt;b&gt;.png" in page
    found = desk.get("/records/", {"with_order_file": "on"}).content.decode()
    assert (found.count("was the wrong one"), "scan.png" in found) == (1, True)
    second = OrderFile.objects.get(position=2)
    answer = desk.get(f"{address}{second.key}/")
    assert (answer.content, answer["Content-Type"]) == (png((9, 9)), "image/png")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith(
        "attachment; filename=\"20270114_222750_Q2701-0001-00_order2.png\"; filename*=UTF-8''"
    )
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    for other, status in ((cast.stranger, 404), (cast.contact, 403), (cast.admin, 403)):
        assert sign_in(other).get(f"{address}{second.key}/").status_code == status
    foreign = given_quote(make_license_id(cast.customer, "LIC-1009", ("SMP-BS", 10)), by=cast.staff)
    assert desk.get(f"/quotes/{foreign.key}/order/files/{second.key}/").status_code == 404
    later = NOW + timedelta(days=1)
    reopen(quote=quote, reason="誤り", by=cast.staff, now=later)
    closed = desk.post(address, {"seen": "2", "in_place_of": "-", "order_file": upload(pdf())})
    assert "this quote is not ordered" in closed.content.decode()
    assert OrderFile.objects.count() == 2
