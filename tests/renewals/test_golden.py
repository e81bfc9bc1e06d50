"""A quote becomes a golden case with one click."""

import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages

from licensing.models import Product, Programme
from pricing.models import GoldenCase
from tests.cast import NOW, make_license_id, publish_prices, sign_in
from tests.making import given_quote, holding_of


@pytest.fixture
def office(cast):
    return sign_in(cast.admin)


def keep(office, quote):
    answer = office.post(f"/quotes/{quote.key}/golden/")
    return answer, [str(message) for message in get_messages(answer.wsgi_request)]


def test_a_quote_is_kept_with_its_result(office, cast, licenseid):
    quote = given_quote(licenseid, by=cast.staff)
    assert f"/quotes/{quote.key}/golden/" in office.get(f"/admin/quotes/quote/{quote.pk}/change/").text
    answer, said = keep(office, quote)
    case = GoldenCase.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/admin/pricing/goldencase/{case.pk}/change/")
    assert said == ["The quote is kept as a golden case."]
    assert (case.name, case.kept_by, case.kept_at) == ("Q2701-0001-00 LIC-1001", cast.admin, NOW)
    assert case.note == "From quote Q2701-0001-00 of 株式会社髙﨑製作所, total ¥222,750."
    assert case.asked["holdings"] == [
        {"product": "SMP-BS", "quantity": 45, "renewal_quantity": 45, "expires_in_days": 75}
    ]
    assert (case.expected["total"], case.expected["lines"][0]["rank"]) == (222_750, "C")
    assert keep(office, quote)[1][-1] == "The quote is kept as a golden case already."
    assert GoldenCase.objects.count() == 1


def test_everything_that_decided_the_price_comes_along(office, cast):
    licenseid = make_license_id(cast.customer, "LIC-9", ("SMP-CC", 260), ("SMP-IM", 90), ("SMP-CS", 50), ("SMP-SW", 40))
    left, gone = holding_of(licenseid, "SMP-CS"), holding_of(licenseid, "SMP-SW")
    reduced = holding_of(licenseid, "SMP-CC")
    changes = {
        "is_reduced": "on",
        "years": "3",
        f"quantity-{reduced.pk}": "80",
        f"renew-{left.pk}": None,
        f"quantity-{gone.pk}": "0",
        "addition-0-product": "SMP-IM",
        "addition-0-quantity": "5",
    }
    quote = given_quote(licenseid, by=cast.staff, changes=changes, acknowledged={"reduction-does-not-save"})
    left.delete()
    gone.quantity = 1
    gone.save()
    _answer, said = keep(office, quote)
    assert said == ["The quote is kept as a golden case."]
    asked = GoldenCase.objects.get().asked
    rows = {row["product"]: (row["quantity"], row["renewal_quantity"]) for row in asked["holdings"]}
    assert rows["SMP-SW"] == (40, 0)  # as it was held at issue
    assert rows["SMP-CC"] == (260, 80)
    assert (asked["years"], asked["is_reduced"]) == (3, True)
    assert asked["additions"] == [{"product": "SMP-IM", "quantity": 5}]


def test_what_is_held_no_more_is_kept_as_it_was_asked(office, cast):
    licenseid = make_license_id(cast.customer, "LIC-9", ("SMP-CC", 45), ("SMP-IM", 300))
    left = holding_of(licenseid, "SMP-IM")
    quote = given_quote(licenseid, by=cast.staff, changes={f"renew-{left.pk}": None})
    left.delete()  # it decided the rank
    _answer, [said] = keep(office, quote)
    case = GoldenCase.objects.get()
    assert (case.expected["total"], [row["product"] for row in case.asked["holdings"]]) == (
        quote.total, ["SMP-CC", "SMP-IM"],
    )  # fmt: skip
    assert said.startswith("The quote is kept as a golden case.")


def test_what_cannot_be_calculated_again_is_not_kept(office, cast):
    licenseid = make_license_id(cast.customer, "LIC-9", ("SMP-CC", 45), ("SMP-IM", 300))
    quote = given_quote(licenseid, by=cast.staff)
    other = Programme.objects.exclude(pk=cast.products["SMP-CC"].programme_id).first()
    Product.objects.filter(code="SMP-CC").update(programme=other)
    answer, said = keep(office, quote)
    assert answer.url == f"/admin/quotes/quote/{quote.pk}/change/"
    assert said == [
        "The quote’s products or tax have changed since its issue, so its total "
        f"(¥{quote.total:,}) cannot be calculated again. Enter the case by hand."
    ]
    assert GoldenCase.objects.count() == 0


def test_new_prices_since_the_issue_are_pointed_out(office, cast, licenseid):
    quote = given_quote(licenseid, by=cast.staff)
    publish_prices("2027年2月版", date(2027, 2, 1), by=cast.admin, percent=110)
    with time_machine.travel(NOW + timedelta(days=30), tick=False):
        _answer, [said] = keep(sign_in(cast.admin), quote)
    assert said.startswith("The quote is kept as a golden case. It was issued at ¥222,750;")
    case = GoldenCase.objects.get()
    assert (case.expected["total"], case.expected_from) == (245_025, "2027年2月版")


def test_only_an_administrator_and_only_with_a_click(office, cast, licenseid, desk):
    quote = given_quote(licenseid, by=cast.staff)
    assert office.get(f"/quotes/{quote.key}/golden/").status_code == 405
    assert desk.post(f"/quotes/{quote.key}/golden/").status_code in {302, 403}
    assert office.post(f"/quotes/{uuid.uuid4()}/golden/").status_code == 404
    assert GoldenCase.objects.count() == 0
