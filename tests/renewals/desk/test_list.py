"""The list of renewals: what a filter finds, in which order, with sums that are those of the rows; what is entered."""

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote_plus

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from licensing.models import Customer
from licensing.operations.owners import change_owners
from renewals.desk.filters import Filter, read_filter, read_query
from renewals.desk.operations import DeskRefused, enter, save_filter
from renewals.desk.queries import count_months, count_stages, found_rows, sorted_rows
from renewals.desk.selection import license_ids_of_filter, selected_rows
from renewals.models import MOST_FILTERS, DeskEntry, DeskFilter, DeskRow, DeskTable
from tests.cast import EXPIRY, NOW, TODAY, Cast, make_cast, make_license_id, sign_in
from tests.making import given_quote
from tests.renewals.desk.test_refresh import refresh_all

both_databases = pytest.mark.both_databases
"""For what a database answers; what pages make of it is the same."""


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        made = make_cast()
        for code, days, quantity in (("IN-30", 30, 10), ("IN-75", 75, 45), ("IN-400", 400, 20), ("PAST-3", -3, 10)):
            make_license_id(made.customer, code, ("SMP-BS", quantity), expires=TODAY + timedelta(days=days))
        make_license_id(made.english_customer, "OTHER", ("SMP-CC", 1000))
        make_license_id(made.foreign_customer, "FOREIGN", ("SMP-BS", 10))
        change_owners(customers=[made.english_customer.pk], owner=made.staff, by=made.staff, now=NOW)
        given_quote(made.english_customer.license_ids.get(), by=made.staff)
        refresh_all()
        yield made


@pytest.fixture
def desk(cast: Cast) -> Client:
    return sign_in(cast.staff)


def found(cast: Cast, query: str) -> list[str]:
    wanted = read_query(query)
    return [row.code for row in sorted_rows(found_rows(cast.staff, wanted, on=TODAY), wanted.sort)]


@both_databases
@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["IN-30", "IN-75", "OTHER"]),
        ("due=30", ["IN-30"]),
        ("due=all", ["PAST-3", "IN-30", "IN-75", "OTHER", "IN-400"]),
        ("due=past", ["PAST-3"]),
        ("due=2027-03", ["IN-75", "OTHER"]),
        ("due=2027-13", ["IN-30", "IN-75", "OTHER"]),  # nonsense is as if nothing was said
        ("stage=quoted", ["OTHER"]),
        ("stage=open&stage=nonsense", ["IN-30", "IN-75"]),
        ("owner=mine", ["OTHER"]),
        ("owner=nobody", ["IN-30", "IN-75"]),
        ("owner=999999", []),
        ("from=100,000", ["IN-75", "OTHER"]),
        ("to=１００，０００", ["IN-30"]),
        ("q=in-400", ["IN-400"]),  # a search looks at all days, unless told otherwise
        ("q=in-400&due=90", []),
        ("q=髙崎 in75", ["IN-75"]),
        ("q=崎", ["PAST-3", "IN-30", "IN-75", "IN-400"]),  # one character has no pair
        ("q=smpcc", ["OTHER"]),
        ("q=zz", []),
        ("q=%00in-30&due=30", ["IN-30"]),
        ("sort=-expiry", ["OTHER", "IN-75", "IN-30"]),
        ("sort=license", ["IN-30", "IN-75", "OTHER"]),
        ("sort=-amount", ["OTHER", "IN-75", "IN-30"]),
        ("sort=amount", ["IN-30", "IN-75", "OTHER"]),
        ("sort=-stage", ["OTHER", "IN-75", "IN-30"]),
        ("sort=-moved", ["OTHER", "IN-75", "IN-30"]),
        ("sort=nonsense", ["IN-30", "IN-75", "OTHER"]),
    ],
)
def test_a_filter_finds_and_sorts(cast: Cast, query: str, codes: list[str]) -> None:
    assert found(cast, query) == codes
    assert read_query(read_query(query).to_query()) == read_query(query)


@both_databases
def test_sums_are_those_of_the_rows(cast: Cast) -> None:
    for query in ("", "due=all", "owner=mine", "owner=nobody&due=all", "due=2027-03"):
        wanted = read_query(query)
        stages = count_stages(cast.staff, wanted, on=TODAY)
        rows = list(found_rows(cast.staff, wanted, on=TODAY))
        for stage, pair in stages.items():
            own = [row.amount or 0 for row in rows if row.stage == stage]
            assert pair == (len(own), sum(own)), (query, stage)
    for month in count_months(cast.staff, Filter(), on=TODAY):
        rows = list(found_rows(cast.staff, Filter(due=month.key), on=TODAY))
        assert (month.rows, month.yen) == (len(rows), sum(row.amount or 0 for row in rows))
    assert [month.key for month in count_months(cast.staff, Filter(), on=TODAY)][::11] == ["2027-01", "2027-12"]


@both_databases
def test_stages_are_counted_within_a_search_and_keep_it(desk: Client, cast: Cast, monkeypatch: Any) -> None:
    number = cast.products["SMP-BS"].programme_id
    for query, counts in ((f"programme={number}", [2]), ("q=OTHER", [1]), ("from=1&to=2", [])):
        page = desk.get(f"/?{query}")
        assert [one["rows"] for one in page.context["stages"]] == counts, query
        assert all(query in one["url"] for one in page.context["stages"])
        assert page.context["count"] == page.context["whole"][0] == sum(counts)
    monkeypatch.setattr("renewals.desk.queries.MOST_COUNTED", 1)
    monkeypatch.setattr("renewals.desk.views.listing.MOST_COUNTED", 1)
    page = desk.get(f"/?programme={number}")
    assert (page.context["is_more"], sum(one["rows"] for one in page.context["stages"])) == (True, 3)
    assert not any("programme" in one["url"] for one in page.context["stages"])


@both_databases
def test_what_is_too_much_to_count_at_once_is_counted_beside_exactly(
    desk: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = cast.products["SMP-BS"].programme_id
    monkeypatch.setattr("renewals.desk.queries.MOST_COUNTED", 1)
    monkeypatch.setattr("renewals.desk.views.listing.MOST_COUNTED", 1)
    query = f"due=all&stage=open&programme={number}"
    page = desk.get(f"/?{query}").content.decode()
    assert "more than 1 renewals" in page
    assert f'data-hx-get="/renewals/count/?{query.replace("&", "&amp;")}"' in page
    assert " of 1" not in page
    counted = desk.get(f"/renewals/count/?{query}", headers={"hx-request": "true"})
    rows = found_rows(cast.staff, read_query(query), on=TODAY)
    assert (counted.context["count"], rows.count()) == (3, 3)
    stages = {one["name"]: (one["rows"], one["yen"]) for one in counted.context["stages"]}
    assert stages["not begun"] == (3, sum(row.amount or 0 for row in rows))
    assert all(f"programme={number}" in one["url"] for one in counted.context["stages"])
    said = counted.content.decode()
    assert said.count("3 renewals") == 2
    assert 'id="desk-stages"' in said
    by_hand = desk.get(f"/renewals/count/?{query}")
    assert by_hand["Location"] == f"/?{query}&count=all"
    whole = desk.get(by_hand["Location"])
    assert (whole.context["is_more"], whole.context["count"]) == (False, 3)
    assert 'href="?due=all&amp;stage=open&amp;programme=' in whole.content.decode()
    stranger = sign_in(cast.stranger).get(f"/renewals/count/?{query}", headers={"hx-request": "true"})
    assert stranger.context["count"] == 1


@both_databases
def test_programmes_are_found_by_their_number(cast: Cast) -> None:
    number = cast.products["SMP-CC"].programme_id
    assert found(cast, f"programme={number}") == ["OTHER"]


def test_the_page_shows_sums_rows_and_one_action_each(desk: Client, cast: Cast) -> None:
    page = desk.get("/").content.decode()
    said = re.sub(r"\s+", " ", re.sub(r"(?s)<[^>]+>", " ", page))
    quote = cast.english_customer.quotes.get()
    assert re.findall(r'class="code" href="[^"]*/license-ids/([^/]+)/"', page) == ["IN-30", "IN-75", "OTHER"]
    assert "Send the quote OTHER" in said
    assert f'href="{reverse("quotes:send", args=[quote.key])}"' in page
    assert "30 days 2027-02-14" in said
    assert len(re.findall(r'class="button small act"', page)) == 3
    assert "FOREIGN" not in page
    assert 'aria-label="2027/03 ¥' in page
    assert "3 renewals" in said


def test_as_many_queries_for_one_row_as_for_many(desk: Client, cast: Cast) -> None:
    def count(address: str) -> int:
        desk.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address).status_code == 200
        return len(queries)

    addresses = ("/", "/?q=smp&due=all")

    def add(numbers: range) -> None:
        for number in numbers:
            customer = Customer.objects.create(reseller=cast.aoba, name=f"分室{number}", owner=cast.colleague)
            make_license_id(customer, f"MORE-{number}", ("SMP-CC", 1), ("SMP-BS", 2))

    add(range(20))  # where few are found, what has no row is looked for too
    before = [count(address) for address in addresses]
    add(range(20, 50))
    assert [count(address) for address in addresses] == before


@both_databases
def test_pages_end_where_turning_them_would_cost_much(
    desk: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    DeskTable.objects.create(user=cast.staff, per_page=2)
    page = desk.get("/?due=all&page=2").content.decode()
    assert "3–4 of 5" in page
    assert 'href="?due=all&amp;page=3"' in page
    monkeypatch.setattr("renewals.desk.views.listing.MOST_COUNTED", 3)
    page = desk.get("/?due=all&page=9").content.decode()
    assert "3–3 of 5" in page
    assert "Pages go as far as 3 renewals at a time." in page
    assert "5 renewals" in page, "the counts know how many there are"
    further = re.search(r'href="(\?due=all&amp;after=\d+&amp;passed=3)"', page)
    assert further
    page = desk.get("/" + further[1].replace("&amp;", "&")).content.decode()
    assert "4–5 of 5" in page
    assert "at a time" not in page
    assert 'href="?due=all">To the beginning of the list</a>' in page
    page = desk.get("/?due=all").content.decode()
    assert "Pages go as far as 3 renewals at a time; the last one leads on." in page
    last = DeskRow.objects.filter(reseller=cast.aoba).latest("expires_on", "pk").pk
    for ask in (f"after={last}&passed=5", "after=x", f"after={10**18}", f"after={'9' * 30}&passed=-1"):
        assert "1–2 of 5" in desk.get(f"/?due=all&{ask}").content.decode(), ask


def row_of(code: str) -> DeskRow:
    return DeskRow.objects.get(code=code)


@both_databases
def test_what_is_entered_stands_in_the_row_and_can_be_taken_back(desk: Client, cast: Cast) -> None:
    address = reverse("renewals:desk-row", args=[row_of("IN-75").pk])
    sent = {"follow_up_on": "2027/02/01", "note": "3月に電話", "declined_reason": "", "query": "due=30&next=//evil"}
    answer = desk.post(address, sent)
    assert answer["Location"] == "/?due=30"
    row = row_of("IN-75")
    assert (row.step, row.step_on, row.note) == ("quote", date(2027, 2, 1), "3月に電話")
    desk.post(address, sent | {"declined_reason": "他社へ移行"})
    assert (row_of("IN-75").stage, row_of("IN-75").declined_reason) == ("declined", "他社へ移行")
    desk.post(address, sent)
    assert row_of("IN-75").stage == "open"
    wrong = desk.post(address, sent | {"follow_up_on": "来週", "note": "x" * 501})
    assert (wrong.status_code, "来週" in wrong.content.decode()) == (422, True)
    entry = DeskEntry.objects.get()
    assert (entry.follow_up_on, entry.note, entry.entered_by) == (date(2027, 2, 1), "3月に電話", cast.staff)


@both_databases
def test_owners_are_changed_for_ticked_rows_and_for_all_that_a_filter_finds(desk: Client, cast: Cast) -> None:
    address = reverse("renewals:desk-owner")
    foreign = row_of("FOREIGN")
    desk.post(address, {"row": [row_of("IN-75").pk, foreign.pk, "x", "9" * 30], "owner": cast.colleague.pk})
    cast.customer.refresh_from_db()
    cast.foreign_customer.refresh_from_db()
    assert (cast.customer.owner, cast.foreign_customer.owner) == (cast.colleague, None)
    answer = desk.post(address, {"all": "stage=quoted", "owner": cast.manager.pk, "query": "stage=quoted"}, follow=True)
    assert [str(said) for said in answer.context["messages"]][-1] == "1 customer has another owner."
    assert {row.owner_id for row in DeskRow.objects.filter(code__in=["OTHER", "IN-75"])} == {
        cast.manager.pk, cast.colleague.pk,
    }  # fmt: skip
    answer = desk.post(address, {"owner": cast.manager.pk}, follow=True)
    assert [str(said) for said in answer.context["messages"]] == ["Tick the renewals whose owner changes."]


@both_databases
def test_rooms_below_take_license_ids_from_the_selection(cast: Cast) -> None:
    numbers = dict(DeskRow.objects.values_list("code", "licenseid"))
    data = QueryDict(f"row={row_of('IN-75').pk}&row={row_of('IN-30').pk}&row={row_of('FOREIGN').pk}")
    assert [row.code for row in selected_rows(cast.staff, data, on=TODAY)] == ["IN-30", "IN-75"]
    assert [row.code for row in selected_rows(cast.staff, QueryDict("all=due%3D30"), on=TODAY)] == ["IN-30"]
    assert license_ids_of_filter(cast.staff, QueryDict("due=30"), TODAY) == [numbers["IN-30"]]


def test_filters_are_kept_by_name(desk: Client, cast: Cast) -> None:
    keep = reverse("renewals:desk-filter-keep")
    desk.post(keep, {"name": "今月", "query": "due=2027-01&owner=mine&x=1"})
    desk.post(keep, {"name": "今月", "query": "due=2027-01"})
    assert list(DeskFilter.objects.values_list("user", "name", "query")) == [(cast.staff.pk, "今月", "due=2027-01")]
    assert "今月" in desk.get("/").content.decode()
    assert "今月" not in sign_in(cast.colleague).get("/").content.decode()
    answer = desk.post(keep, {"name": "", "query": ""}, follow=True)
    assert [str(said) for said in answer.context["messages"]][-1] == "The filter needs a name of at most 60 characters."
    for number in range(MOST_FILTERS - 1):
        save_filter(user=cast.staff, name=f"f{number}", query="")
    with pytest.raises(DeskRefused, match="20 filters already"):
        save_filter(user=cast.staff, name="one more", query="")
    desk.post(reverse("renewals:desk-filter-delete", args=[DeskFilter.objects.get(name="今月").pk]))
    assert not DeskFilter.objects.filter(name="今月").exists()


@both_databases
@pytest.mark.parametrize("owner", ["1,0", "¥7", "0" * 15 + "9" * 20, "9" * 16, "-1", "x"])
def test_whatever_an_address_says_a_page_comes(desk: Client, owner: str) -> None:
    assert desk.get("/", {"owner": owner, "programme": owner, "from": owner}).status_code == 200


def test_a_long_search_is_refused_in_words_and_quoted_whole(desk: Client) -> None:
    text = "髙" * 200
    query = f"q={quote_plus(text)}&due=all"
    answer = desk.post(reverse("renewals:desk-filter-keep"), {"name": "長い", "query": query}, follow=True)
    assert [str(said) for said in answer.context["messages"]] == [
        "This filter is too long to be kept. Shorten the search."
    ]
    assert read_query(query).text == text


def test_own_columns(desk: Client) -> None:
    desk.post(reverse("renewals:desk-table"), {"column": ["license", "amount"], "per_page": "20"})
    page = desk.get("/").content.decode()
    assert ("Next step</a>" in page, "Amount (estimate)</a>" in page) == (False, True)


def test_the_list_as_a_file(desk: Client, cast: Cast) -> None:
    Customer.objects.filter(pk=cast.customer.pk).update(name="=1+1")
    enter(licenseid=cast.customer.license_ids.get(code="IN-75"), expires_on=EXPIRY, follow_up_on=None, note="=A1",
          declined_reason="", by=cast.staff, now=NOW)  # fmt: skip
    refresh_all()
    answer = desk.get(reverse("renewals:desk-export") + "?due=2027-03&sort=license")
    sheet: Any = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("Support expiry", "Customer", "License ID")
    assert [row[1:3] for row in rows[1:]] == [("=1+1", "IN-75"), ("Sample Trading K.K.", "OTHER")]
    assert {cell.data_type for cell in sheet["B"]} == {"s"}
    assert rows[1][4] == row_of("IN-75").amount
    assert rows[1][12:] == ("=A1", None)


def test_an_address_says_a_filter(cast: Cast) -> None:
    assert read_filter(QueryDict("due=90&sort=expiry")) == Filter()
    assert Filter().to_query() == ""


@pytest.mark.parametrize("typed", ["100万", "1,5", "-", "abc"])
def test_an_amount_that_is_none_is_told_in_its_filter_and_stays(desk: Client, cast: Cast, typed: str) -> None:
    page = desk.get("/", {"due": "all", "from": typed, "to": "￥９００，０００"})
    wanted = page.context["wanted"]
    assert (wanted.amount_from, wanted.amount_to) == (None, 900_000)
    told = f"“{typed}” is not an amount. Write it in yen, like 500000 or ￥500,000."
    shown = " ".join(page.text.split())
    assert f'value="{typed}" aria-invalid="true" aria-describedby="from-error">' in shown
    assert f'<span class="field-error" id="from-error">{told}</span>' in page.text
    assert 'name="to" inputmode="numeric" value="900000" >' in shown
    assert '<details class="menu narrow" data-on open>' in page.text


def test_amounts_in_an_address_are_read_as_people_type_them() -> None:
    read = read_filter(QueryDict("from=1%2C200&to=%E2%96%B25&programme=%EF%BC%91"))
    assert (read.amount_from, read.amount_to, read.programme) == (1_200, -5, None)
    assert read_filter(QueryDict("from=9999999999999999")).typed_from.error != ""
    assert read_query(read.to_query()) == read
