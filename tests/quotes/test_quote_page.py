"""The page of an issued quote, and its PDF."""

import hashlib
import uuid
from datetime import UTC, date, datetime
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from pricing.templatetags.pricing import as_steps
from quotes.models import Quote, QuoteDocument, QuoteEvent, QuoteStatus
from tests.cast import EXPIRY, NOW, make_license_id, sign_in
from tests.making import download, everything_written, given_quote, holding_of
from tests.page import open_form


@pytest.fixture
def quote(cast, licenseid):
    return given_quote(licenseid, by=cast.staff, changes={"note": "<b>備考</b>\n二行目"})


@pytest.fixture
def url(quote):
    return f"/quotes/{quote.key}/"


def test_the_page_shows_the_quote_as_issued(desk, quote, url):
    page = open_form(desk, url)
    assert page.total == "¥222,750"
    for said in (
        "Q2701-0001-00", "ライセンス更新（LIC-1001）", "株式会社髙﨑製作所", "情報システム部", "佐伯 美和",
        "〒000-0303", "見本県高崎町7-8", "青葉見本システム株式会社", "T7999900000101", "2026年10月版",
        "15 January 2027",
        "14 February 2027", "<b>備考</b>", "二行目", quote.pdf.sha256, "2027-04-01", "2028-03-31", "¥4,500", "¥20,250",
    ):  # fmt: skip
        assert said in page.text, said
    assert "R5" in page.lines[0]
    assert page.lines[0].count("Rank by own quantity") == 1
    assert page.lines[0].count("Renewal amount") == 1, "at the first of its steps only"
    assert "SMP-BS 45 reaches rank C (from 25)" in page.lines[0]


def test_the_trace_is_in_the_pages_language(cast, url):
    assert "SMP-BS 45 reaches rank C (from 25)" in open_form(sign_in(cast.staff), url).text
    japanese = open_form(sign_in(cast.staff, language="ja"), url).text
    assert "合計（税込）" in japanese
    assert "製品ごとのランク" in japanese
    assert "reaches rank" not in japanese


def test_a_rule_that_has_no_name_shows_its_number():
    with override("ja"):
        html = as_steps([("R99", "<words>", "1"), ("R6", "words", "D")])
    assert html == (
        "<ol><li><i>R99</i><span>&lt;words&gt;</span><b>1</b></li>"
        "<li><i>R6</i><span><small>最多の製品によるランク</small> words</span><b>D</b></li></ol>"
    )


def test_several_lines_each_with_its_own_steps(cast, desk):
    licenseid = make_license_id(cast.customer, "LIC-1002", ("SMP-CC", 120), ("SMP-IM", 30))
    quote = given_quote(licenseid, by=cast.staff, changes={"addition-0-product": "SMP-CS", "addition-0-quantity": "10"})
    lines = open_form(desk, f"/quotes/{quote.key}/").lines
    assert len(lines) == 3
    for line, code, amount in zip(lines, ("SMP-CC", "SMP-IM", "SMP-CS"), ("230,400", "39,900", "47,400"), strict=True):
        assert code in line
        assert f"¥{amount}" in line


def test_a_quote_whose_validity_has_passed(cast, desk, url, clock):
    assert "Expired" not in open_form(desk, url).text
    clock.move_to(datetime(2027, 2, 14, 14, 59, 59, tzinfo=UTC))
    assert "Expired" not in open_form(sign_in(cast.staff), url).text
    clock.move_to(datetime(2027, 2, 14, 15, 0, tzinfo=UTC))
    assert "Expired" in open_form(sign_in(cast.staff), url).text


def test_the_pdf_is_the_stored_one_each_time(desk, quote, url):
    first, second = desk.get(f"{url}pdf/"), desk.get(f"{url}pdf/")
    assert first.content == second.content == bytes(quote.pdf.content)
    assert hashlib.sha256(first.content).hexdigest() == quote.pdf.sha256
    assert first["Content-Type"] == "application/pdf"
    assert first["Content-Length"] == str(len(first.content))
    assert first["Cache-Control"] == "private, no-store"
    assert first["X-Robots-Tag"] == "noindex"
    assert first["X-Content-Type-Options"] == "nosniff"


def test_the_pdfs_name_in_both_ways(desk, url):
    answer = desk.get(f"{url}pdf/")["Content-Disposition"]
    ascii_part, _, encoded = answer.partition("; filename*=UTF-8''")
    assert ascii_part == 'attachment; filename="20270115_222750_Q2701-0001-00.pdf"'
    assert unquote(encoded) == "20270115_株式会社髙﨑製作所_222750_Q2701-0001-00.pdf"
    assert answer.isascii()


def test_a_hostile_issuer_does_not_break_the_header(cast, licenseid, desk):
    cast.aoba.name = 'Ev"il\r\nSet-Cookie: a=b; /../株式会社'
    cast.aoba.save()
    quote = given_quote(licenseid, by=cast.staff)
    answer = desk.get(f"/quotes/{quote.key}/pdf/")
    assert answer.status_code == 200
    name = answer["Content-Disposition"]
    assert name.count('"') == 2
    assert "\n" not in name
    assert "/" not in unquote(name)
    assert "a" not in answer.cookies


def test_each_download_is_in_the_history(cast, desk, colleague_desk, quote, url, clock):
    clock.move_to(datetime(2027, 1, 16, 3, 4, 5, tzinfo=UTC))
    colleague = sign_in(cast.colleague)
    colleague.get(f"{url}pdf/")
    events = list(quote.events.values_list("kind", "at", "by", "by_name", "detail"))
    assert events == [
        ("issued", NOW, cast.staff.pk, "青木 陽子", events[0][4]),
        ("downloaded", datetime(2027, 1, 16, 3, 4, 5, tzinfo=UTC), cast.colleague.pk, "速水 悠斗", {}),
    ]
    page = open_form(colleague, url)
    history = page.text[page.text.index("History") :]
    assert history.index("2027-01-16 12:04") < history.index("速水 悠斗") < history.index("2027-01-15 10:00")


def test_looking_at_the_page_is_not_a_download(desk, quote, url):
    before = everything_written()
    open_form(desk, url)
    assert desk.head(url).status_code == 200
    assert everything_written() == before


@pytest.mark.parametrize("method", ["head", "post", "put", "delete"])
def test_only_a_get_downloads(desk, quote, url, method):
    assert getattr(desk, method)(f"{url}pdf/").status_code == 405
    assert QuoteEvent.objects.count() == 1


def count_queries(desk, address):
    desk.get(address)  # what a process asks only once
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(address).status_code == 200
    return len(queries)


def test_the_queries_do_not_grow_with_the_lines(cast, desk, quote, url):
    many = make_license_id(
        cast.customer, "LIC-1030", *[("SMP-BS", 45, EXPIRY.replace(day=day)) for day in range(1, 31)]
    )
    every = {f"renew-{holding.pk}": "on" for holding in many.holdings.all()}
    long_one = given_quote(many, by=cast.staff, changes=every)
    assert long_one.lines.count() == 30
    assert (count_queries(desk, url), count_queries(desk, f"/quotes/{long_one.key}/")) == (17, 17)
    assert count_queries(desk, f"{url}pdf/") == count_queries(desk, f"/quotes/{long_one.key}/pdf/")


def test_the_queries_do_not_grow_with_the_history(desk, quote, url):
    few = count_queries(desk, url)
    for _ in range(30):
        download(quote=quote, by=quote.issued_by, now=quote.issued_at)
    assert count_queries(desk, url) == few


def test_the_forms_queries_do_not_grow_with_the_holdings(cast, desk, licenseid):
    make_license_id(cast.customer, "LIC-1030", *[("SMP-BS", 45, EXPIRY.replace(day=day)) for day in range(1, 31)])
    few = count_queries(desk, "/license-ids/LIC-1001/quote/")
    assert count_queries(desk, "/license-ids/LIC-1030/quote/") == few
    assert few == 14
    assert holding_of(licenseid).quantity == 45


def test_a_quote_of_many_lines_is_priced_and_drawn_whole(cast, desk):
    many = make_license_id(
        cast.customer,
        "LIC-1100",
        *[("SMP-BS", 45, date(2027, month, day)) for month in (2, 3, 4, 5) for day in range(1, 26)],
    )
    every = {f"renew-{holding.pk}": "on" for holding in many.holdings.all()}
    quote = given_quote(many, by=cast.staff, changes=every)
    assert quote.lines.count() == 100
    assert quote.subtotal == 3_500 * 45 * 100
    assert len(open_form(desk, f"/quotes/{quote.key}/").lines) == 100


def test_people_are_addressed_and_the_registration_is_named(cast, url):
    japanese = open_form(sign_in(cast.staff, language="ja"), url)
    assert "佐伯 美和 様" in japanese.text
    assert "登録番号 T7999900000101" in japanese.text
    assert "Registration number T7999900000101" in open_form(sign_in(cast.staff), url).text


def test_a_person_in_an_english_quote_has_no_sama(cast, desk):
    cast.english_customer.person = "Jane Doe"
    cast.english_customer.save()
    quote = given_quote(make_license_id(cast.english_customer, "LIC-1009", ("SMP-BS", 45)), by=cast.staff)
    page = open_form(desk, f"/quotes/{quote.key}/")
    assert "Jane Doe" in page.text
    assert "様" not in page.text


def test_the_fingerprint_is_explained_and_folded(desk, quote, url):
    [folded] = open_form(desk, url).all(lambda e: e.tag == "details" and e.has_class("fingerprint"))
    assert "open" not in folded.attributes
    assert folded.text() == (
        "Is this PDF genuine? A PDF of this quote is unchanged if its SHA-256 fingerprint is this one: "
        + quote.pdf.sha256
        + " Everybody who holds the document can check it: Check a quote"
    )


def test_warnings_show_no_code(cast, desk):
    licenseid = make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 45), ("SMP-CC", 100))
    quote = given_quote(licenseid, by=cast.staff, acknowledged=["mixed-programmes"])
    text = open_form(desk, f"/quotes/{quote.key}/").text
    assert "This license ID mixes products of several programmes (TRSL, Standard)." in text
    assert "mixed-programmes" not in text


def write_as_earlier_releases_did(quote, **texts):
    """A second record like this one: earlier releases issued what cannot be printed, as 〓."""
    pdf, quote = quote.pdf, Quote.objects.get(pk=quote.pk)
    quote.pk, quote.key, quote.sequence, quote.check_code = None, uuid.uuid4(), quote.sequence + 1, "0" * 12
    quote.number = f"Q{quote.month}-{quote.sequence:04d}-00"
    quote.document |= texts
    quote._state.adding = True
    quote.save()
    QuoteDocument.objects.create(quote=quote, content=bytes(pdf.content), sha256=pdf.sha256)
    QuoteStatus.objects.create(
        quote=quote,
        reseller_id=quote.reseller_id,
        month=quote.month,
        sequence=quote.sequence,
        changed_by=quote.issued_by,
        changed_at=quote.issued_at,
    )
    return quote


def test_characters_that_the_pdf_cannot_print_are_named(cast, desk, licenseid):
    assert "〓" not in open_form(desk, f"/quotes/{given_quote(licenseid, by=cast.staff).key}/").text
    quote = write_as_earlier_releases_did(given_quote(licenseid, by=cast.staff), note="😀です", subject="更新🎉")
    [said] = [
        e.text()
        for e in open_form(desk, f"/quotes/{quote.key}/").all(lambda e: e.has_class("notice"))
        if "〓" in e.text()
    ]
    assert said == "The PDF shows 〓 in place of these characters, which cannot be printed: 🎉 😀"
