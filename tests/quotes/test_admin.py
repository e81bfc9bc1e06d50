"""Quotes in the administration: looked up, never changed, and never read more than needed."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licensing.models import LicenseID
from renewals.drafts.operations import save_draft
from renewals.models import QuoteDraft
from tests.cast import NOW, Cast, make_license_id, sign_in
from tests.making import everything_written, fill, given_quote, typed
from tests.quotes.alike import quotes_alike

LARGE_COLUMNS = ("document", "entry", "acknowledged", "trace", "content")


@pytest.fixture
def office(cast):
    """The portal admin at work, in English."""
    return sign_in(cast.admin)


@pytest.fixture
def quote(cast, licenseid):
    return given_quote(licenseid, by=cast.staff)


@pytest.fixture
def draft(cast, licenseid):
    return keep_draft(cast, licenseid)


def keep_draft(cast: Cast, licenseid: LicenseID) -> QuoteDraft:
    form = fill(licenseid)
    return save_draft(
        key=form.cleaned_data["key"],
        licenseids=[licenseid],
        **typed(form),
        pricing=None,
        saved_by=cast.staff,
        now=NOW,
    )


def address(model: str, view: str = "changelist", *args: object) -> str:
    room = "renewals" if model == "quotedraft" else "quotes"
    return reverse(f"admin:{room}_{model}_{view}", args=args)


def found(office: Client, model: str, query: dict[str, str]) -> list[str]:
    answer = office.get(address(model), query)
    assert answer.status_code == 200
    return [str(row) for row in answer.context["cl"].result_list]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_quotes_and_drafts_are_shown(cast, quote, draft, language):
    office = sign_in(cast.admin, language=language)
    content = office.get(address("quote", "change", quote.pk)).content.decode()
    for text in ("Q2701-0001-00", "株式会社髙﨑製作所", "LIC-1001", "SMP-BS", "青木 陽子", "202,500", "222,750"):
        assert text in content
    assert "LIC-1001" in office.get(address("quotedraft", "change", draft.pk)).content.decode()
    assert "222,750" in office.get(address("quote")).content.decode()
    assert office.get(address("quotedraft")).status_code == 200


def test_what_is_stored_reads_as_text_and_times_are_japans(cast):
    lapsed = make_license_id(cast.customer, "OLD-1", ("SMP-BS", 45, date(2027, 1, 14)))
    late = datetime(2027, 1, 15, 23, 30, tzinfo=UTC)  # in Japan the next morning
    quote = given_quote(lapsed, by=cast.staff, now=late, acknowledged={"support-expired"})
    assert str(quote.events.get()) == "発行済み 2027-01-16 08:30"
    content = sign_in(cast.admin, language="ja").get(address("quote", "change", quote.pk)).content.decode()
    assert "2027/01/16 08:30" in content
    assert "23:30" not in content
    said = "サポートがすでに満了しています（ウイルスバスター ビジネスセキュリティサービス（SMP-BS）、"
    assert f"{said}最も早い満了日 2027/01/14）。 (青木 陽子)" in content
    assert "<p><b>明細 1</b></p><ul><li>保有数量をそのまま更新 <b>45</b> (見積の対象)</li>" in content
    assert "<p><b>合計</b></p>" in content
    assert "期間: 1年<br>" in content
    assert "SMP-BS ウイルスバスター ビジネスセキュリティサービス: 45" in content
    for raw in (
        "years:",
        "held:",
        "quantity-",
        "renew-",
        "[{",
        "{&#x27;",
        "&quot;acknowledged&quot;",
        "&quot;steps&quot;",
    ):
        assert raw not in content


def test_nothing_is_added_changed_or_deleted(office, quote, draft):
    before = everything_written()
    for model, row in (("quote", quote), ("quotedraft", draft)):
        assert 'name="_save"' not in office.get(address(model, "change", row.pk)).content.decode()
        assert office.get(address(model, "add")).status_code == 403
        assert office.post(address(model, "add"), {}).status_code == 403
        assert office.post(address(model, "change", row.pk), {"subject": "X"}).status_code == 403
        assert office.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        office.post(address(model), {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"})
    assert everything_written() == before


def test_an_address_without_a_quote_leads_back(office, quote):
    for number in ("0", "x"):
        assert office.get(address("quote", "change", number)).status_code == 302


@pytest.mark.parametrize("words", ["LIC1001", "㈱高崎", "ＬＩＣ 髙﨑", "q2701 高崎"])
def test_quotes_are_found(office, cast, quote, words):
    other = make_license_id(cast.foreign_customer, "OTHER-1", ("SMP-AO", 50))
    given_quote(other, by=cast.stranger)
    answer = office.get(address("quote"), {"q": words})
    assert [row.license_code for row in answer.context["cl"].result_list] == ["LIC-1001"]
    assert len(found(office, "quote", {"q": "Ｑ２７０１−0001"})) == 2  # each reseller counts for itself
    assert len(found(office, "quote", {"reseller__id__exact": str(cast.minato.pk)})) == 1


def test_drafts_are_found_by_license_id_and_customer(office, cast, draft):
    keep_draft(cast, make_license_id(cast.foreign_customer, "OTHER-1", ("SMP-AO", 50)))
    for words in ("LIC-1001", "lic1001", "㈱高崎", "たかさき"):
        assert found(office, "quotedraft", {"q": words}) == ["ライセンス更新（LIC-1001）"]


def queries_of(office: Client, url: str) -> list[str]:
    office.get(url)  # what a process asks only once
    with CaptureQueriesContext(connection) as queries:
        assert office.get(url).status_code == 200
    return [query["sql"] for query in queries]


def test_lists_of_many_take_the_queries_of_a_list_of_one_and_leave_large_columns(office, cast, quote, draft):
    urls = [address("quote"), address("quotedraft")]
    with_one = {url: len(queries_of(office, url)) for url in urls}
    others = [make_license_id(cast.customer, f"MORE-{number}", ("SMP-BS", 45)) for number in range(2, 13)]
    quotes_alike(quote, 11, licenseids=others)
    for licenseid in others:
        keep_draft(cast, licenseid)
    assert {url: len(queries_of(office, url)) for url in urls} == with_one
    for column in LARGE_COLUMNS:
        assert not [sql for sql in queries_of(office, address("quote")) if f'"{column}"' in sql]


def test_a_page_of_many_lines_takes_the_queries_of_a_page_of_one(office, cast, quote):
    holdings = [(code, 100) for code in ("SMP-CC", "SMP-CS", "SMP-CP", "SMP-SW", "SMP-IM", "SMP-IW")]
    many = make_license_id(cast.customer, "MANY-1", *holdings)
    large = given_quote(many, by=cast.staff, acknowledged={"rank-basis-tie"})
    assert large.lines.count() == 6
    of_one = queries_of(office, address("quote", "change", quote.pk))
    of_many = queries_of(office, address("quote", "change", large.pk))
    assert len(of_one) == len(of_many)
    assert not [sql for sql in of_many if '"document"' in sql or '"content"' in sql]
