"""The list of quotes and drafts: what is found, what is filtered, and what is said where there is nothing."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from renewals.drafts.operations import save_draft
from tests.cast import NOW, make_license_id, sign_in
from tests.making import fill, given_quote, typed
from tests.page import open_form, send

URL = "/quotes/"


def numbers(desk, query=""):
    """The quotes that the list shows, from above."""
    page = open_form(desk, URL + query)
    return [
        e.text() for e in page.all(lambda e: e.tag == "a" and e["href"].startswith("/quotes/") and "Q27" in e.text())
    ]


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


@pytest.mark.both_databases
def test_newest_first_and_nobody_elses(desk, quotes):
    assert numbers(desk) == ["Q2701-0002-00", "Q2701-0001-00"]
    page = open_form(desk, URL)
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


@pytest.mark.both_databases
def test_a_quote_is_found_in_many_ways(desk, quotes):
    assert {text: numbers(desk, f"?q={text}") for text in WAYS} == {text: ["Q2701-0001-00"] for text in WAYS}


LATIN = ["Sample Trading", "SAMPLE", "ｓａｍｐｌｅ", "trading k.k.", "renewal 2027", "LIC-3003"]


@pytest.mark.both_databases
def test_latin_names_too(desk, quotes):
    assert {text: numbers(desk, f"?q={text}") for text in LATIN} == {text: ["Q2701-0002-00"] for text in LATIN}


NOT_FOUND = ["Q2701-0003", "波止場", "ハトバ", "LIC-2001", "ヒミツ", "Q2701-0001 Sample", "%25", "_", "\\", "'"]


@pytest.mark.both_databases
def test_what_is_not_there_or_not_ours_is_not_found(desk, quotes):
    for text in NOT_FOUND:
        found = numbers(desk, f"?q={text}")
        if text in {"_", "'"}:
            assert len(found) == 2, f"{text}: signs that no key keeps say nothing"
        else:
            assert found == [], text
            assert f"Nothing found for “{text.replace('%25', '%')}”." in open_form(desk, f"{URL}?q={text}").text


STRANGE = ["?q=a%00b", "?q=%00", "?q=%ff%fe", "?page=%00", "?status=%00"]


@pytest.mark.both_databases
def test_no_text_is_too_strange(desk, quotes):
    assert desk.get("/drafts/?q=a%00b&page=%00").status_code == 200
    assert {query: desk.get(URL + query).status_code for query in STRANGE} == dict.fromkeys(STRANGE, 200)


LONG = ["+".join(["ky"] * 1500), "k" * 60_000, "%25" * 60_000]


@pytest.mark.both_databases
@pytest.mark.parametrize("address", ["/quotes/?", "/drafts/?", "/?", "/customers/?"])
def test_a_text_of_any_length(desk, quotes, address):
    for text in LONG:
        page = open_form(desk, f"{address}q={text}")
        assert "Q2701-0001-00" not in page.text, text[:3]


@pytest.mark.both_databases
def test_the_beginning_of_a_long_text_counts(desk, quotes):
    assert numbers(desk, "?q=" + "高崎+" * 1500) == ["Q2701-0001-00"]
    assert numbers(desk, "?q=" + "高崎+" * 1500 + "無い") == ["Q2701-0001-00"]
    assert numbers(desk, "?q=高崎+無い" + "+高崎" * 1500) == []


def test_a_renamed_customer_is_found_by_both_names(cast, desk, quotes):
    cast.customer.name, cast.customer.kana = "合同会社新名", "シンメイ"
    cast.customer.save()
    for text in ("高崎製作所", "新名", "しんめい", "ｼﾝﾒｲ", "高崎 新名"):
        assert numbers(desk, f"?q={text}") == ["Q2701-0001-00"], text
    assert "株式会社髙﨑製作所" in open_form(desk, URL).text
    assert "新名" not in open_form(desk, URL).text


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("moment", "valid", "expired"),
    [
        (datetime(2027, 2, 14, 14, 59, 59, tzinfo=UTC), ["Q2701-0002-00", "Q2701-0001-00"], []),
        (datetime(2027, 2, 14, 15, 0, tzinfo=UTC), [], ["Q2701-0002-00", "Q2701-0001-00"]),
    ],
)
def test_filters_by_validity(cast, quotes, clock, moment, valid, expired):
    clock.move_to(moment)
    desk = sign_in(cast.staff)
    assert numbers(desk, "?status=issued") == valid
    assert numbers(desk, "?status=expired") == expired
    assert numbers(desk, "?status=all") == numbers(desk, "?status=nonsense") == ["Q2701-0002-00", "Q2701-0001-00"]
    assert numbers(desk, "?status=expired&q=高崎") == expired[1:]


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
    return [given_quote(licenseid, by=cast.staff, now=NOW + timedelta(minutes=n)) for n in range(21)]


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
    given_quote(licenseid, by=cast.staff)
    keep(licenseid, cast.staff)
    addresses = [URL, "/drafts/", f"{URL}?q=高崎", "/", "/customers/", f"/customers/{cast.customer.pk}/"]
    few = [count_queries(desk, address) for address in addresses]
    for n in range(11):
        other = make_license_id(cast.customer, f"LIC-5{n:03d}", ("SMP-BS", 10), ("SMP-CC", 20))
        given_quote(other, by=cast.staff, acknowledged=["mixed-programmes"])
        keep(other, cast.colleague)
    assert [count_queries(desk, address) for address in addresses] == few
    assert few[:2] == [8, 8]  # every tab is counted in one query, the drafts in another


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
def test_a_draft_is_found_in_many_ways(cast, desk, licenseid):
    other = make_license_id(cast.english_customer, "LIC-3003", ("SMP-BS", 45))
    draft = keep(licenseid, cast.staff)
    keep(other, cast.staff, "Renewal")
    found = {text: drafts(desk, f"?q={text}") for text in WAYS_TO_A_DRAFT}
    assert found == {text: [f"/drafts/{draft.key}/"] for text in WAYS_TO_A_DRAFT}


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


PERSON_AND_AMOUNT = ["青木", "青木 陽子", "青木陽子", "222750", "222,750", "¥222,750", "￥２２２，７５０", "222,750円"]


@pytest.mark.both_databases
def test_a_quote_is_found_by_person_and_amount(desk, quotes):
    found = {text: numbers(desk, f"?q={text}") for text in PERSON_AND_AMOUNT}
    assert found == {text: ["Q2701-0001-00"] for text in PERSON_AND_AMOUNT}


OTHERS = ["222751", "22275", "渚", "9" * 30, "¥"]


def test_no_other_person_or_amount_is_found(desk, quotes):
    assert {text: numbers(desk, f"?q={text}") for text in OTHERS} == {text: [] for text in OTHERS}


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
