"""Quotes in the one search box of the header: by number, and by the address that they went to."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.mail.operations.queue import queue_mail
from licensing.models import LicenseID
from quotes.archive.box import quotes_in_box
from quotes.models import ShareLink
from tests.cast import NOW, TODAY, Cast, make_license_id, sign_in
from tests.making import given_quote
from tests.quotes.alike import quotes_alike


def found(user, text: str) -> list[str]:
    return [quote.number for quote in quotes_in_box(user, text)]


ONE = ["Q2701-0002-00"]
BOTH = ["Q2701-0002-00", "Q2701-0001-00"]


def test_a_number_is_found_however_it_is_written(cast: Cast, licenseid: LicenseID) -> None:
    given_quote(licenseid, by=cast.staff)
    given_quote(licenseid, by=cast.staff, changes={"subject": "霞ヶ関の更新"})
    for text in (
        "Q2701-0002-00",
        "q2701-0002",
        "Ｑ２７０１－０００２－００",
        "Ｑ２７０１ー０００２",
        "Q2701‐0002−00",
        "Q27010002",
        "27010002",
        "Q2701-2",
        "ｑ２７０１ー２－０",
        "Q2701-0002-0",
        "2701-0002",
        "0002",
        "0002-00",
        "Q2701 0002",
        "見積番号：Q2701-0002-00",
        "見積番号 2701-0002",
        "No.2701-0002",
        "「Q2701-0002-00」、",
        "20270115_青葉見本システム株式会社_462000_Q2701-0002-00.pdf",
        "Q2701 霞が関",
        "q2701-0002 高崎",
        "Q2701-0002 株式会社",
    ):
        assert found(cast.staff, text) == ONE, text
    for text in ("Q2701", "q27"):
        assert found(cast.staff, text) == BOTH, text
    for text in (
        "Q2701-0003",
        "Q2701-0002-01",
        "Q2701-2-1",
        "Q2701-20",
        "Q2701-0002 波止場",
        "霞が関",
        "高崎",
        "",
        "Q",
        "-",
        "%",
        "702",
    ):
        assert found(cast.staff, text) == [], text


def test_it_is_one_click_away_within_what_the_person_may_see(cast: Cast, licenseid: LicenseID, desk: Client) -> None:
    quote = given_quote(licenseid, by=cast.staff)
    foreign = make_license_id(cast.foreign_customer, "LIC-3", ("SMP-BS", 45))
    theirs = given_quote(foreign, by=cast.stranger)
    assert theirs.number == quote.number
    link = f'<a class="code nowrap" href="/quotes/{quote.key}/">Q2701-0001-00</a>'
    for address in ("/?q=q2701-0001", "/?q=q2701-0001&due=30"):
        page = desk.get(address).content.decode()
        assert link in page
        assert str(theirs.key) not in page
        assert "No renewal is found by “q2701-0001”." in page
    page = sign_in(cast.admin).get("/?q=q2701-0001").content.decode()
    assert (str(quote.key) in page, str(theirs.key) in page) == (True, True)
    typed = desk.get("/?q=q2701-0001", headers={"HX-Request": "true"}).content.decode()
    assert re.search(r'id="result-status"[^>]*>\s*Quotes found\.\s+0 renewals', typed)
    assert found(cast.contact, "q2701") == [quote.number]
    assert found(cast.foreign_contact, "波止場") == []
    assert [each.key for each in quotes_in_box(cast.stranger, "q2701-0001")] == [theirs.key]
    assert found(cast.price_admin, "q2701") == []


@pytest.mark.both_databases
def test_quotes_are_found_by_whom_they_were_sent_to(cast: Cast, licenseid: LicenseID) -> None:
    first, second = (given_quote(licenseid, by=cast.staff) for _each in range(2))
    theirs = given_quote(make_license_id(cast.foreign_customer, "LIC-3", ("SMP-BS", 45)), by=cast.stranger)
    for quote, by, to in ((first, cast.staff, "einkauf-a@neu.example.jp"), (theirs, cast.stranger, "b@neu.example.jp")):
        queue_mail(
            key=f"k{quote.pk}",
            to=to,
            cc=["c@copy.example.jp"],
            subject="x",
            body="x",
            about=f"quote:{quote.key}",
            by=by,
            now=NOW,
        )
    ShareLink.objects.create(
        quote=second,
        token_hash="x",
        recipient="購買 <d@neu.example.jp>",
        created_by=cast.staff,
        created_at=NOW,
        expires_on=TODAY,
    )
    one, two = [first.number], [second.number]
    for text, numbers in (
        ("einkauf-a@neu.example.jp", one),
        ("ＥＩＮＫＡＵＦ－Ａ＠neu.example.jp", one),
        ("購買 <einkauf-a@neu.example.jp>", one),
        ("c@copy", one),
        ("@neu.example.jp", [*two, *one]),
        ("d@neu.example.jp", two),
        ("b@neu.example.jp", []),
        ("@", []),
    ):
        assert found(cast.staff, text) == numbers, text


@pytest.mark.both_databases
def test_many_quotes_cost_no_further_query(cast: Cast, licenseid: LicenseID, desk: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.get("/?q=q27")
        return len(queries)

    quote = given_quote(licenseid, by=cast.staff)
    count()
    before = count()
    quotes_alike(quote, 6)
    page = desk.get("/?q=q27").content.decode()
    assert page.count('class="code nowrap"') == 5
    assert "/quotes/?q=q27&amp;status=all" in page
    assert count() == before
