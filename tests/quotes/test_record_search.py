"""The search of all issued revisions, as an auditor uses it."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote as quoted

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quotes.archive.search import RecordSearch, find_records
from quotes.models import Quote
from quotes.record.transitions import record_order, withdraw
from tests.cast import NOW, TODAY, make_license_id, sign_in
from tests.making import everything_written, given_quote
from tests.page import Page, open_form

URL = "/records/"
FIRST, SECOND, THIRD, FOURTH = "Q2611-0001-00", "Q2612-0001-00", "Q2701-0001-00", "Q2701-0002-00"


@pytest.fixture
def records(cast, licenseid):
    """Four of ours, from ¥222,750 (45 SMP-BS) up, and one of Minato's that must never be seen.

    The first has expired, the second is ordered, the third withdrawn and the fourth, in English, is open.
    """
    english = make_license_id(cast.english_customer, "LIC-3003", ("SMP-BS", 10))
    foreign = make_license_id(cast.foreign_customer, "LIC-2001", ("SMP-BS", 45))
    given_quote(foreign, by=cast.stranger, changes={"subject": "ヒミツ"})
    november, december = datetime(2026, 11, 23, 1, tzinfo=UTC), datetime(2026, 12, 1, 14, 59, tzinfo=UTC)
    given_quote(licenseid, by=cast.staff, now=november)
    ordered = given_quote(licenseid, by=cast.staff, now=december, changes={"years": "3", "subject": "三年更新"})
    withdrawn = given_quote(licenseid, by=cast.colleague, changes={"years": "2", "subject": "LIC-3003 との比較"})
    given_quote(english, by=cast.staff, now=NOW + timedelta(minutes=1))
    record_order(quote=ordered, by=cast.staff, now=NOW)
    withdraw(quote=withdrawn, reason="数量の誤り", by=cast.staff, now=NOW)
    return {quote.number: quote for quote in Quote.objects.filter(reseller=cast.aoba)}


def numbers(desk, query=""):
    page = open_form(desk, URL + query)
    return [
        e.text() for e in page.all(lambda e: e.tag == "a" and e["href"].startswith("/quotes/") and e.has_class("code"))
    ]


def test_all_of_them_newest_first_with_their_states_and_sum(desk, records):
    page = open_form(desk, URL)
    assert numbers(desk) == [FOURTH, THIRD, SECOND, FIRST]
    rows = [e.text() for e in page.all(lambda e: e.tag == "tr")][1:]
    told = f"2026-11-23 {FIRST} 株式会社髙﨑製作所{records[FIRST].subject} LIC-1001 ¥222,750 Expired PDF"
    assert rows[3] == told
    states = ["Issued PDF", "Withdrawn PDF", "Ordered Order day 2027-01-15 PDF", "Expired PDF"]
    assert [row.rpartition("¥")[2].partition(" ")[2] for row in rows] == states
    total = sum(quote.total for quote in records.values())
    assert f"4 quotes Sum with tax ¥{total:,}" in page.text
    assert "波止場" not in page.text
    assert "ヒミツ" not in page.text


SEARCHES = [
    ("first_day=2026/11/23&last_day=2026/12/01", [SECOND, FIRST]),
    ("first_day=令和8年11月24日&last_day=Ｒ８．１２．１", [SECOND]),
    ("first_day=20261202", [FOURTH, THIRD]),
    ("last_day=2026-11-22", []),
    ("least=￥222,750", [THIRD, SECOND, FIRST]),
    ("least=２２２，７５１円", [THIRD, SECOND]),
    ("most=¥222,750", [FOURTH, FIRST]),
    ("least=222750&most=222750", [FIRST]),
    ("customer=㈱高崎", [THIRD, SECOND, FIRST]),
    ("customer=たかさき　製作所", [THIRD, SECOND, FIRST]),
    ("customer=SAMPLE trading", [FOURTH]),
    ("customer=LIC-3003", []),
    ("customer=三年更新", []),
    ("customer=波止場", []),
    ("number=Ｑ２６１２", [SECOND]),
    ("number=q2701-0001-00", [THIRD]),
    ("number=0001-00", [THIRD, SECOND, FIRST]),
    ("number=LIC", []),
    ("license_id=lic 3003", [FOURTH]),
    ("license_id=ＬＩＣ－１００１", [THIRD, SECOND, FIRST]),
    ("license_id=LIC-2001", []),
    ("state=expired", [FIRST]),
    ("state=issued&state=withdrawn", [FOURTH, THIRD]),
    ("state=superseded", []),
    ("state=ordered&customer=高崎&least=222,751&first_day=2026/12/1&last_day=2026/12/1", [SECOND]),
    ("order=total", [FOURTH, FIRST, THIRD, SECOND]),
    ("order=-total", [SECOND, THIRD, FIRST, FOURTH]),
    ("order=number", [FIRST, SECOND, THIRD, FOURTH]),
    ("order=-customer", [THIRD, SECOND, FIRST, FOURTH]),
    ("customer=%25", []),
    ("customer=.*(", []),
    ("number=%5E%5B", []),
    ("page=999&unknown=1", [FOURTH, THIRD, SECOND, FIRST]),
]


@pytest.mark.both_databases
def test_by_everything_and_in_any_combination(desk, records):
    """One test for all: to make the quotes takes longer than to search them."""
    assert [(query, numbers(desk, f"?{query}")) for query, _expected in SEARCHES] == SEARCHES


@pytest.mark.both_databases
def test_a_renamed_customer_is_found_by_both_names(cast, desk, records):
    cast.customer.name, cast.customer.kana = "合同会社新名", "シンメイ"
    cast.customer.save()
    for text in ("高崎製作所", "新名", "しんめい"):
        assert numbers(desk, f"?customer={text}") == [THIRD, SECOND, FIRST], text
    assert "合同会社新名" not in open_form(desk, URL).text


WRONG = [
    ("first_day=昨日", "first_day", "This is not a day. Write it for example as 2026/11/23 or 令和8年11月23日."),
    ("last_day=26/11/23", "last_day", "Write the year with four digits (2026/11/23) or with its era (R8.11.23)."),
    ("least=五十万", "least", "“五十万” is not an amount. Write it in yen, like 500000 or ￥500,000."),
    ("most=-5", "most", "“-5” is negative; totals never are."),
    ("most=" + "9" * 30, "most", f"“{'9' * 30}” is too large a number. Check how many digits it has."),
    ("first_day=2026/12/1&last_day=2026/11/30", "last_day", "This day is before the first one. Exchange the two days."),
    ("least=500,000&most=50,000", "most", "This amount is below the first one. Exchange the two amounts."),
    ("state=lost&state=nonsense", "state", "Select a valid choice. nonsense is not one of the available choices."),
]


def test_what_cannot_be_read_is_said_at_its_field_and_stays_typed(cast, desk):
    for query, field, message in WRONG:
        response = desk.get(f"{URL}?{query}")
        assert response.status_code == 422, query
        page = Page(response)
        if field != "state":
            assert page.by_id(f"id_{field}_error").text() == message
            typed = page.by_id(f"id_{field}")
            assert (typed["value"], typed["aria-invalid"]) == (query.rpartition("=")[2], "true")
        assert message in page.text
        assert "Not searched yet: correct the marked fields above." in page.text


def test_an_address_says_it_all_and_the_form_shows_it(desk, records):
    page = open_form(
        desk, f"{URL}?first_day={quoted('令和8年11月1日')}&state=expired&customer={quoted('高崎')}&order=total"
    )
    values = {e["name"]: e["value"] for e in page.all(lambda e: e.tag == "input" and e["type"] == "text")}
    assert values["first_day"] == "令和8年11月1日"
    assert values["customer"] == "高崎"
    ticked = [e["value"] for e in page.all(lambda e: e["type"] == "checkbox" and "checked" in e.attributes)]
    assert ticked == ["expired"]


def test_administrators_search_all_and_nobody_writes(cast, records):
    before = everything_written()
    admin = sign_in(cast.admin)
    assert len(numbers(admin)) == 5
    assert cast.minato.name in open_form(admin, URL).text
    assert sorted(numbers(sign_in(cast.stranger))) == ["Q2701-0001-00"]
    assert numbers(sign_in(cast.manager)) == [FOURTH, THIRD, SECOND, FIRST]
    assert everything_written() == before


def test_a_page_asks_the_same_of_the_database_for_one_quote_and_for_thirty(cast, desk, licenseid):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(f"{URL}?customer=高崎&least=1").status_code == 200
        return len(queries)

    quote = given_quote(licenseid, by=cast.staff)
    few = count()
    for number in range(3):
        given_quote(licenseid, by=cast.staff, changes={"subject": f"件{number}"})
    assert count() == few
    assert numbers(desk, f"?number={quote.number}") == [quote.number]


def test_a_search_survives_as_json_and_as_address(cast):
    search = RecordSearch(first_day=TODAY, least=0, customer="高崎 &", states=("issued", "expired"))
    assert RecordSearch.from_json(search.as_json()) == search
    assert search.as_query() == (
        "first_day=2027-01-15&least=0&customer=%E9%AB%98%E5%B4%8E+%26&state=issued&state=expired&order=-day"
    )
    ordered = RecordSearch(last_order_day=TODAY, order_number="PO 1", with_order_file=True)
    assert RecordSearch.from_json(ordered.as_json()) == ordered
    assert ordered.as_query() == "last_order_day=2027-01-15&order_number=PO+1&with_order_file=on&order=-day"
    assert list(find_records(user=cast.staff, search=search, on=TODAY)) == []
