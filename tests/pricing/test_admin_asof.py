"""What a product cost on a day, and any license ID priced on any day with any list."""

import re
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pricing.asof.chart import draw_chart, nice_above
from pricing.asof.operations import product_periods
from pricing.lists.operations.copy import copy_price_list
from pricing.models import PriceList, PriceRank
from tests.cast import NOW, make_cast, make_license_id, publish_prices, sign_in
from tests.snapshot import written_again

PRICES = "/admin/pricing/pricelist/prices/"
LICENSE = "/admin/pricing/pricelist/license-id/"
FEBRUARY = date(2027, 2, 1)


@pytest.fixture
def cast(db):
    with time_machine.travel(NOW, tick=False):
        yield make_cast()


@pytest.fixture
def office(cast):
    return sign_in(cast.admin)


@pytest.fixture
def february(cast):
    def make():
        return publish_prices("2027年2月版", FEBRUARY, by=cast.admin, percent=110)

    return written_again(make, asked="prices of February")


@pytest.fixture
def april(cast, february):
    return copy_price_list(
        price_list=february, effective_on=date(2027, 4, 1), by=cast.admin, now=NOW, name="2027年4月版"
    )


def ask(office, url, **query):
    answer = office.get(url, query)
    return answer.status_code, " ".join(re.sub(r"<[^>]+>", " ", answer.text).split()), answer


def test_the_list_of_lists_leads_there(office):
    page = office.get("/admin/pricing/pricelist/").text
    assert PRICES in page
    assert LICENSE in page
    for url in (PRICES, LICENSE):
        assert office.get(url).status_code == 200


# --- A product -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2027-01-15", "2027/1/15", "20270115", "２０２７年１月１５日", "R9.1.15", ""])
def test_what_a_product_costs_on_a_day(office, february, day):
    status, text, answer = ask(office, PRICES, product="ｓｍｐ－ｃｃ", on=day)
    assert status == 200
    assert "2026年10月版 is in force. Minimum at renewal: 5. From 1 February 2027: 2027年2月版." in text
    assert answer.context["asked"].period.price_list.name == "2026年10月版"
    cell = answer.context["asked"].cells[3]
    assert (cell.rank.rank, cell.rank.from_quantity, cell.rank.renewal_price) == ("D", 100, 1920)
    assert [row.state for row in answer.context["rows"]] == ["in_force", "waiting"]
    assert [cell.prices[0].percent for cell in answer.context["rows"][1].cells][:4] == ["+10.0%"] * 4
    assert answer.text.count('<figure class="chart">') == 2
    assert 'aria-current="true"' in answer.text


def test_what_it_will_cost_and_what_it_did(office, february):
    _status, text, _answer = ask(office, PRICES, product="SMP-CC", on="2027-02-01")
    assert "2027年2月版 is in force." in text
    assert "No later list is known." in text
    assert "No price list is in force on this day." in ask(office, PRICES, product="SMP-CC", on="2026-09-30")[1]


def test_drafts_stand_for_their_day_where_asked(cast, office, april):
    product = cast.products["SMP-CC"]
    names = [period.price_list.name for period in product_periods(product=product, with_drafts=False)]
    assert names == ["2026年10月版", "2027年2月版"]
    periods = product_periods(product=product, with_drafts=True)
    assert [(period.first, period.until) for period in periods] == [
        (date(2026, 10, 1), date(2027, 1, 31)),
        (FEBRUARY, date(2027, 3, 31)),
        (date(2027, 4, 1), None),
    ]
    PriceList.objects.filter(pk=april.pk).update(effective_on=FEBRUARY)
    assert [row.price_list.name for row in product_periods(product=product, with_drafts=True)] == [
        "2026年10月版",
        "2027年4月版",
    ]
    answer = office.get(PRICES, {"product": "SMP-CC", "with_drafts": "on"})
    assert 'class="draft"' in answer.text
    assert 'class="draft"' not in office.get(PRICES, {"product": "SMP-CC"}).text


def test_a_list_without_the_product(cast, office):
    publish_prices("2027年2月版", FEBRUARY, by=cast.admin, without="SMP-CC")
    _status, text, answer = ask(office, PRICES, product="SMP-CC", on="2027-02-01")
    assert "2027年2月版 is in force and has no prices for the product: it cannot be quoted." in text
    assert answer.text.count('<figure class="chart">') == 2


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"product": "SMP-ZZ"}, "There is no product “SMP-ZZ”. Choose one from the list."),
        ({"product": ""}, "Enter the product code."),
        ({"product": "SMP-CC", "on": "27/1/15"}, "Write the year with four digits (2026/11/23)"),
        ({"product": "SMP-CC", "on": "2027-02-30"}, "There is no such day: 2027/2 has the days 1 to 28."),
        ({"product": "SMP-CC", "on": "1999-12-31"}, "The day must lie between 2000 and 2099."),
        ({"product": "SMP-CC", "on": "x" * 5000}, "This is not a day."),
    ],
)
def test_what_is_wrong_with_the_question(office, query, error):
    status, text, _answer = ask(office, PRICES, **query)
    assert status == 422
    assert error in text


def test_five_hundred_lists_take_the_queries_of_one(cast, office):
    def count():
        office.get(PRICES, {"product": "SMP-CC", "with_drafts": "on"})
        with CaptureQueriesContext(connection) as queries:
            assert office.get(PRICES, {"product": "SMP-CC", "with_drafts": "on"}).status_code == 200
        return len(queries)

    of_one = count()
    for month in range(1, 9):
        day = date(2028, month, 1)
        copy_price_list(price_list=cast.price_list, effective_on=day, by=cast.admin, now=NOW, name=str(day))
    assert count() == of_one


@pytest.mark.parametrize(
    ("yen", "most"), [(1, 4), (4, 4), (53, 56), (2670, 2800), (5350, 5600), (99_999_999, 120_000_000)]
)
def test_the_chart_ends_at_a_round_number(yen, most):
    assert nice_above(yen) == most


def test_the_chart_steps_on_the_days_of_lists(cast, february):
    periods = product_periods(product=cast.products["SMP-CC"], with_drafts=False)
    chart = draw_chart(periods, ranks=["A", "D"], price=lambda rank: rank.renewal_price, on=date(2027, 1, 15))
    assert [line.rank for line in chart.lines] == ["A", "D"]
    [first, second] = chart.lines[0].segments
    x = dict(zip(["old", "new"], [at for at, _day in chart.days], strict=True))
    assert first.path.startswith(f"M{x['old']} ")
    assert f"H{x['new']}V" in first.path
    assert second.path.endswith(f"H{chart.right}.0") or second.path.endswith(f"H{chart.right}")
    assert chart.left < chart.marker < x["new"]
    assert chart.lines[1].label_y - chart.lines[0].label_y >= 12
    assert draw_chart(periods, ranks=["A"], price=lambda rank: None, on=FEBRUARY) is None


# --- A license ID ----------------------------------------------------------------------------------------------------


@pytest.fixture
def licenseid(cast):
    return make_license_id(cast.customer, "LIC-1001", ("SMP-CC", 120), ("SMP-IM", 30))


def test_a_license_id_with_the_list_of_the_day(office, licenseid, february):
    status, text, answer = ask(office, LICENSE, license_id="ｌｉｃ1001", on="2027/1/20")
    assert status == 200
    assert answer.context["first"].name == "2026年10月版"
    assert "¥297,330" in text
    assert "Largest product of TRSL in the license ID: SMP-CC 120 reaches rank D (from 100)" in text
    assert "steps differ" not in text
    _status, text, answer = ask(office, LICENSE, license_id="LIC-1001", on="2027/2/1", years="3")
    assert answer.context["first"] == february
    assert "3 years" in text


def test_two_lists_step_by_step(office, licenseid, cast, april):
    table = april.tables.get(product__code="SMP-CC")
    PriceRank.objects.filter(price_table=table, rank="D").update(from_quantity=130)
    status, text, answer = ask(
        office, LICENSE, license_id="LIC-1001", on="2027-03-31", first=str(cast.price_list.pk), second=str(april.pk)
    )
    assert status == 200
    found = [(title, [row.rule for row in rows if row.is_changed]) for title, rows, _count in answer.context["parts"]]
    assert found[0] == ("SMP-CC × 120", ["R6", "R10", "R10"])
    assert answer.context["changed_count"] == sum(len(rules) for _title, rules in found)
    assert f"{answer.context['changed_count']} steps differ." in text
    assert "reaches rank C (from 50)" in text
    assert "¥297,330" in text


def test_refusals_are_told_for_each_list(office, licenseid, cast, april):
    april.tables.filter(product__code="SMP-IM").delete()
    _status, text, answer = ask(office, LICENSE, license_id="LIC-1001", second=str(april.pk))
    assert "SMP-IM has no price table in “2027年4月版”" in text
    assert [len(problems) for _list, problems in answer.context["problems"]] == [0, 1]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"license_id": "ZZ"}, "There is no license ID “ZZ”."),
        ({"license_id": ""}, "Enter the license ID."),
        ({"license_id": "---"}, "There is no license ID “---”."),
        ({"license_id": "LIC-1001", "on": "2026-09-30"}, "No price list is in force on this day. Choose a list."),
        ({"license_id": "LIC-1001", "years": "7"}, "Select a valid choice."),
        ({"license_id": "LIC-1001", "first": "x"}, "Select a valid choice."),
        ({"license_id": "LIC-1001", "second": "9" * 30}, "Select a valid choice."),
        ({"license_id": "LIC-1001", "on": "2100-01-01"}, "The day must lie between 2000 and 2099."),
    ],
)
def test_what_is_wrong_with_the_question_about_a_license_id(office, licenseid, query, error):
    status, text, _answer = ask(office, LICENSE, **query)
    assert status == 422
    assert error in text


def test_null_characters_are_no_error(office, licenseid):
    for query in (
        {"product": "SMP\0CC"},
        {"license_id": "LIC\0"},
        {"product": "SMP-CC", "license_id": "x", "on": "\0"},
    ):
        for url in (PRICES, LICENSE):
            assert office.get(url, query).status_code < 500


def test_only_administrators_ask(cast, licenseid):
    for who in (cast.staff, cast.contact):
        desk = sign_in(who)
        for url in (PRICES, f"{LICENSE}?license_id=LIC-1001"):
            assert desk.get(url).status_code in {302, 403}


def test_a_license_id_with_many_holdings_takes_the_queries_of_one(cast, office, april):
    make_license_id(cast.customer, "ONE-1", ("SMP-CC", 120))
    make_license_id(cast.customer, "MANY-1", *[(code, 200) for code in list(cast.products)])

    def count(code):
        query = {"license_id": code, "second": str(april.pk)}
        office.get(LICENSE, query)
        with CaptureQueriesContext(connection) as queries:
            assert office.get(LICENSE, query).status_code == 200
        return len(queries)

    assert count("ONE-1") == count("MANY-1")
