"""The list of quotes and drafts: what is found, what is filtered, and what is said where there is nothing."""

import re
import uuid
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote as quoted

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licensing.queries import customers_by_name, license_ids_by_expiry
from quotes.archive.listing import find_quotes
from renewals.drafts.operations import save_draft
from renewals.drafts.queries import find_drafts
from tests.cast import NOW, TODAY, make_license_id, sign_in
from tests.making import fill, given_quote, typed
from tests.page import Page, open_form, send
from tests.quotes.alike import quotes_alike

URL = "/quotes/"


def numbers(desk, query=""):
    """The quotes that the list shows, from above."""
    return numbers_on(open_form(desk, URL + query))


def numbers_on(page: Page) -> list[str]:
    return [
        e.text() for e in page.all(lambda e: e.tag == "a" and e["href"].startswith("/quotes/") and "Q27" in e.text())
    ]


def found(user, text: str) -> list[str]:
    """What the list of all quotes finds for a text."""
    return list(find_quotes(user=user, text=text, status="all", on=TODAY).values_list("number", flat=True))


@pytest.fixture
def quotes(cast, licenseid):
    """Two of ours, and one of Minato's that must never be seen."""
    english = make_license_id(cast.english_customer, "LIC-3003", ("SMP-BS", 10))
    foreign = make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45))
    given_quote(foreign, by=cast.stranger, changes={"subject": "ヒミツ"})
    return [
        given_quote(licenseid, by=cast.staff, changes={"subject": "ウイルス対策の更新"}),
        given_quote(english, by=cast.colleague, now=NOW + timedelta(minutes=1), changes={"subject": "Renewal 2027"}),
    ]


def test_newest_first_and_nobody_elses(desk, quotes):
    page = open_form(desk, URL)
    assert numbers_on(page) == ["Q2701-0002-00", "Q2701-0001-00"]
    for said in ("株式会社髙﨑製作所", "LIC-1001", "¥222,750", "青木 陽子", "2027-02-14", "Issued", "2 quotes"):
        assert said in page.text, said
    assert "波止場" not in page.text
    assert "ヒミツ" not in page.text


def test_an_administrator_sees_whose_number_it_is(cast, quotes):
    """Numbers repeat between resellers."""
    page = open_form(sign_in(cast.admin), URL)
    cells = [e.text() for e in page.all(lambda e: e.tag == "td") if e.text().startswith("Q27")]
    aoba, minato = cast.aoba.name, cast.stranger.reseller.name
    assert sorted(cells) == sorted([f"Q2701-0001-00 {aoba}", f"Q2701-0001-00 {minato}", f"Q2701-0002-00 {aoba}"])
    ours = open_form(sign_in(cast.staff), URL)
    assert not [e for e in ours.all(lambda e: e.tag == "td") if aoba in e.text()]


WAYS = [
    "Q2701-0001-00", "q2701-0001", "Ｑ２７０１－０００１", "0001-00", "Q27010001", "LIC-1001", "lic1001",
    "ＬＩＣ－１００１", "株式会社髙﨑製作所", "高崎製作所", "髙﨑", "高崎", "㈱高崎製作所", "㈱髙﨑製作所",
    "（株）髙﨑製作所", "(株)高崎", "株式会社 高崎", "株式会社　髙﨑製作所", "高崎 製作所", "製作所 Q2701",
    "ウイルス対策", "ｳｲﾙｽ対策", "ういるす対策", "タカサキ", "たかさき", "ﾀｶｻｷｾｲｻｸｼｮ", "タカサキ セイサクショ",
]  # fmt: skip


LATIN = ["Sample Trading", "SAMPLE", "ｓａｍｐｌｅ", "trading k.k.", "renewal 2027", "LIC-3003"]


PERSON_AND_AMOUNT = ["青木", "青木 陽子", "青木陽子", "222750", "222,750", "¥222,750", "￥２２２，７５０", "222,750円"]
NOT_FOUND = [
    "Q2701-0003", "波止場", "ハトバ", "LIC-2001", "ヒミツ", "Q2701-0001 Sample", "%", "\\",
    "222751", "22275", "渚", "9" * 30, "¥",
]  # fmt: skip
SAYING_NOTHING = ["_", "'"]
"""Signs that no key keeps."""


@pytest.mark.both_databases
def test_a_quote_is_found_in_many_ways(cast, quotes):
    first, second = ["Q2701-0001-00"], ["Q2701-0002-00"]
    expected = (
        {text: first for text in (*WAYS, *PERSON_AND_AMOUNT)}
        | {text: second for text in LATIN}
        | {text: [] for text in NOT_FOUND}
        | {text: [*second, *first] for text in SAYING_NOTHING}
    )
    assert {text: found(cast.staff, text) for text in expected} == expected


def test_the_list_shows_what_is_found_or_says_that_nothing_is(desk, quotes):
    assert numbers(desk, "?q=ｳｲﾙｽ対策") == ["Q2701-0001-00"]
    for text in ("波止場", "%"):
        page = open_form(desk, f"{URL}?q={quoted(text)}")
        assert numbers_on(page) == []
        assert f"Nothing found for “{text}”." in page.text


STRANGE = ["?q=a%00b", "?q=%00", "?q=%ff%fe", "?page=%00", "?status=%00"]


@pytest.mark.both_databases
def test_no_text_is_too_strange(desk, quotes):
    assert desk.get("/drafts/?q=a%00b&page=%00").status_code == 200
    assert {query: desk.get(URL + query).status_code for query in STRANGE} == dict.fromkeys(STRANGE, 200)


LONG = [" ".join(["ky"] * 1500), "k" * 60_000, "%" * 60_000]
SEARCHES = {
    "quotes": lambda user, text: find_quotes(user=user, text=text, status="all", on=TODAY),
    "drafts": lambda user, text: find_drafts(user=user, text=text),
    "license IDs": lambda user, text: license_ids_by_expiry(user, on=TODAY, text=text),
    "customers": lambda user, text: customers_by_name(user, on=TODAY, text=text),
}


@pytest.mark.both_databases
def test_a_text_of_any_length(cast, licenseid, quotes):
    keep(licenseid, cast.staff)
    assert [name for name, find in SEARCHES.items() if not find(cast.staff, "")] == []
    expected = {name: [[], [], []] for name in SEARCHES}
    assert {name: [list(find(cast.staff, text)) for text in LONG] for name, find in SEARCHES.items()} == expected


@pytest.mark.parametrize("address", ["/quotes/?", "/drafts/?", "/?", "/customers/?"])
def test_a_page_bears_a_long_text(desk, quotes, address):
    text = " ".join(["ky"] * 500 + ["k" * 5_000, "%" * 5_000])
    assert "Q2701-0001-00" not in open_form(desk, f"{address}q={quoted(text)}").text


@pytest.mark.both_databases
def test_the_beginning_of_a_long_text_counts(cast, quotes):
    assert found(cast.staff, "高崎 " * 1500) == ["Q2701-0001-00"]
    assert found(cast.staff, "高崎 " * 1500 + "無い") == ["Q2701-0001-00"]
    assert found(cast.staff, "高崎 無い" + " 高崎" * 1500) == []


def test_a_renamed_customer_is_found_by_both_names(cast, desk, quotes):
    cast.customer.name, cast.customer.kana = "合同会社新名", "シンメイ"
    cast.customer.save()
    for text in ("高崎製作所", "新名", "しんめい", "ｼﾝﾒｲ", "高崎 新名"):
        assert found(cast.staff, text) == ["Q2701-0001-00"], text
    page = open_form(desk, URL)
    assert "株式会社髙﨑製作所" in page.text
    assert "新名" not in page.text


BOTH = ["Q2701-0002-00", "Q2701-0001-00"]


@pytest.mark.both_databases
@pytest.mark.parametrize(("on", "valid", "expired"), [(date(2027, 2, 14), BOTH, []), (date(2027, 2, 15), [], BOTH)])
def test_filters_by_validity(cast, quotes, on, valid, expired):
    def filtered(status, text=""):
        return list(find_quotes(user=cast.staff, text=text, status=status, on=on).values_list("number", flat=True))

    assert (filtered("issued"), filtered("expired"), filtered("all")) == (valid, expired, BOTH)
    assert filtered("expired", "高崎") == expired[1:]


def test_a_quote_expires_with_the_day_in_japan(cast, quotes, clock):
    for moment, status in ((datetime(2027, 2, 14, 14, 59, 59, tzinfo=UTC), "issued"),
                           (datetime(2027, 2, 14, 15, 0, tzinfo=UTC), "expired")):  # fmt: skip
        clock.move_to(moment)
        desk = sign_in(cast.staff)
        assert numbers(desk, f"?status={status}") == numbers(desk, "?status=nonsense") == BOTH
    assert numbers(desk, "?status=issued") == []


def test_a_search_keeps_its_filter(desk, quotes):
    page = open_form(desk, URL + "?status=issued&q=高崎")
    [hidden] = page.all(lambda e: e["name"] == "status")
    assert hidden["value"] == "issued"
    assert any("status=expired" in e["href"] and "q=" in e["href"] for e in page.all(lambda e: e.tag == "a"))
    assert page.by_id("q")["value"] == "高崎"


def test_htmx_gets_the_results_alone(desk, quotes):
    response = desk.get(URL + "?q=高崎", headers={"hx-request": "true"})
    assert b"<html" not in response.content
    assert b"Q2701-0001-00" in response.content
    assert b"Q2701-0002-00" not in response.content
    assert "HX-Request" in response["Vary"]


# --- Pages ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def many(cast, licenseid):
    return quotes_alike(given_quote(licenseid, by=cast.staff), 20)


def test_twenty_to_a_page(desk, many):
    assert numbers(desk) == [f"Q2701-{n:04d}-00" for n in range(21, 1, -1)]
    assert numbers(desk, "?page=2") == ["Q2701-0001-00"]
    assert numbers(desk, "?page=99") == ["Q2701-0001-00"]
    assert numbers(desk, "?page=x") == numbers(desk, "?page=-1&page=1") == numbers(desk)
    page = open_form(desk, URL + "?q=高崎&status=issued")
    assert "1–20 of 21" in page.text
    [following] = page.all(lambda e: e["rel"] == "next")
    assert "page=2" in following["href"]
    assert "status=issued" in following["href"]


def count_queries(desk, address):
    desk.get(address)  # what a process asks only once
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(address).status_code == 200
    return len(queries)


def test_the_queries_do_not_grow_with_the_rows(cast, desk, licenseid):
    quote = given_quote(licenseid, by=cast.staff)
    keep(licenseid, cast.staff)
    addresses = [URL, "/drafts/", f"{URL}?q=高崎", "/", "/customers/", f"/customers/{cast.customer.pk}/"]
    few = [count_queries(desk, address) for address in addresses]
    holdings = ("SMP-BS", 10), ("SMP-CC", 20)
    others = [make_license_id(cast.customer, f"LIC-5{n:03d}", *holdings) for n in range(11)]
    quotes_alike(quote, 11, licenseids=others)
    for other in others:
        keep(other, cast.colleague)
    assert [count_queries(desk, address) for address in addresses] == few
    assert few[:2] == [10, 8]  # the tabs are counted in two queries, the rows of the page found in one


# --- Drafts ---------------------------------------------------------------------------------------------------------


def keep(licenseid, by, subject="更新の件", minutes=0, **changes):
    form = fill(licenseid, {"subject": subject})
    return save_draft(
        **{"key": uuid.uuid4(), "licenseids": [licenseid], **typed(form), "pricing": None,
           "saved_by": by, "now": NOW + timedelta(minutes=minutes)} | changes
    )  # fmt: skip


def drafts(desk, query=""):
    page = open_form(desk, f"/drafts/{query}")
    return [e["href"] for e in page.all(lambda e: e.tag == "a" and re.match("/drafts/[0-9a-f]", e["href"]))]


def test_drafts_are_listed_last_saved_first(cast, desk, licenseid):
    foreign = make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45))
    first, second = keep(licenseid, cast.staff), keep(licenseid, cast.colleague, "別件", 5)
    keep(foreign, cast.stranger, "ヒミツ")
    assert drafts(desk) == [f"/drafts/{second.key}/", f"/drafts/{first.key}/"]
    page = open_form(desk, "/drafts/")
    for said in ("別件", "2027-01-15 10:05", "速水 悠斗", "not priced", "株式会社髙﨑製作所", "LIC-1001"):
        assert said in page.text, said
    assert "ヒミツ" not in page.text


WAYS_TO_A_DRAFT = ["LIC-1001", "ｌｉｃ１００１", "㈱高崎", "タカサキ", "更新の件", "高崎 更新", "LIC-1001 件"]


@pytest.mark.both_databases
def test_a_draft_is_found_in_many_ways(cast, licenseid):
    other = make_license_id(cast.english_customer, "LIC-3003", ("SMP-BS", 45))
    draft = keep(licenseid, cast.staff)
    keep(other, cast.staff, "Renewal")
    found = {text: list(find_drafts(user=cast.staff, text=text)) for text in WAYS_TO_A_DRAFT}
    assert found == {text: [draft] for text in WAYS_TO_A_DRAFT}


# --- Nothing there --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "title", "advice", "link"),
    [
        ("", "No quotes here yet.", "Choose a license ID to make the first quote.", "/"),
        ("?status=all", "No quotes here yet.", "Choose a license ID to make the first quote.", "/"),
        (
            "?status=withdrawn",
            "No quotes in this state.",
            "Issued quotes stay in the list, whatever their outcome.",
            "/quotes/",
        ),
        (
            "?status=answered",
            "No answers are waiting.",
            "Quotes are listed here from the customer’s answer until you record the outcome.",
            "/quotes/",
        ),
        ("/drafts/", "No drafts.", "Save a renewal form as a draft to continue it later.", "/"),
        (
            "?q=無い",
            "Nothing found for “無い”.",
            "Try a shorter part of the number, the name or the license ID.",
            "?",
        ),
    ],
)
def test_where_there_is_nothing_it_says_what_to_do(cast, desk, query, title, advice, link):
    page = open_form(desk, query if query.startswith("/") else URL + query)
    assert title in page.text
    assert advice in page.text
    [box] = page.all(lambda e: e.has_class("empty"))
    assert any(e["href"].startswith(link) for e in box.walk() if e.tag == "a")


def test_a_text_is_shown_as_text(desk, cast):
    response = desk.get(URL, {"q": "<script>alert(1)</script>"})
    assert b"<script>alert(1)" not in response.content
    assert (
        "Nothing found for “<script>alert(1)</script>”."
        in open_form(desk, f"{URL}?q=%3Cscript%3Ealert(1)%3C/script%3E").text
    )


@pytest.mark.parametrize("address", [URL, f"{URL}?status=issued", "/drafts/"])
def test_the_tab_counts_the_drafts(cast, desk, foreign_desk, licenseid, address):
    def tab(client):
        [link] = open_form(client, address).all(lambda e: e.tag == "a" and e["href"] == "/drafts/")
        return link.text()

    assert tab(desk) == "Drafts 0"
    keep(licenseid, cast.staff)
    assert tab(desk) == "Drafts 1"
    assert tab(foreign_desk) == "Drafts 0"
    assert "1 draft" in open_form(desk, "/drafts/?q=青木").text


def test_a_draft_is_found_by_its_amount(desk, entry):
    send(desk, "/license-ids/LIC-1001/quote/", entry, "save")
    assert "1 draft" in open_form(desk, "/drafts/?q=¥222,750").text
    assert "Nothing found" in open_form(desk, "/drafts/?q=222,751").text
