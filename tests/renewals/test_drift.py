"""Open quotes priced again in the shadow: what they would cost today, beside them and never in them."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licensing.models import Holding, Product
from quotes.models import Quote
from quotes.record.transitions import withdraw
from renewals.drift.operations import look
from renewals.drift.queries import drifts_of
from renewals.drift.tasks import sweep_drift
from renewals.models import QuoteDrift
from tests.cast import NOW, TODAY, make_license_id, publish_prices
from tests.making import given_quote, issue_several

SOON = date(2027, 1, 20)
THEN = NOW + timedelta(days=5)


@pytest.fixture
def quote(cast, licenseid):
    """E1: 45 SMP-BS, 202,500 yen and 10 % tax: 222,750."""
    return given_quote(licenseid, by=cast.staff)


def drift(quote):
    row = QuoteDrift.objects.filter(quote=quote).first()
    return row and (row.total, row.difference)


def test_a_new_list_in_force_makes_a_difference(cast, quote):
    assert sweep_drift(now=NOW) == 1
    assert drift(quote) == (222_750, 0)
    assert drifts_of([quote], on=TODAY) == {}
    publish_prices("値上げ", SOON, by=cast.admin, percent=110)
    assert sweep_drift(now=NOW) == 0  # not in force yet
    assert sweep_drift(now=THEN) == 1
    assert drift(quote) == (245_025, 22_275)
    assert drifts_of([quote], on=TODAY)[quote.pk].difference == 22_275
    assert sweep_drift(now=THEN) == 0
    assert Quote.objects.get(pk=quote.pk).total == 222_750


def test_what_is_held_changes_on_the_same_day(cast, quote, licenseid):
    other = given_quote(make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 45)), by=cast.staff)
    assert sweep_drift(now=NOW) == 2
    row = licenseid.holdings.get()
    row.quantity = 50
    row.save()
    assert sweep_drift(now=NOW) == 1
    assert drift(quote) == (231_000, 8_250)  # 50 reach the next rank: 4,200 each
    assert drift(other) == (222_750, 0)
    assert sweep_drift(now=NOW) == 0


def test_what_cannot_be_quoted_today(cast, quote, licenseid):
    licenseid.holdings.get().delete()
    assert sweep_drift(now=NOW) == 1
    assert drift(quote) == (None, None)
    assert drifts_of([quote], on=TODAY)[quote.pk].is_drifting


def test_a_quote_over_several_license_ids_is_priced_as_a_whole(cast):
    ids = [make_license_id(cast.customer, f"LIC-{n}", ("SMP-AO", quantity)) for n, quantity in ((1, 40), (2, 20))]
    quote = issue_several(*ids, by=cast.staff)
    assert quote.total == 475_200  # E12
    publish_prices("値上げ", SOON, by=cast.admin, percent=110)
    sweep_drift(now=THEN)
    assert drift(quote) == (522_720, 47_520)


def test_a_renamed_product_is_the_same(cast, quote):
    product = Product.objects.get(code="SMP-BS")
    product.former_codes.create(code="SMP-BS")
    product.code = "SMP-B2"
    product.save()
    sweep_drift(now=NOW)
    assert drift(quote) == (222_750, 0)


def test_what_came_to_somebody_else_is_left_as_it_is(cast, quote, licenseid):
    licenseid.customer = cast.english_customer
    licenseid.save()
    Holding.objects.filter(licenseid=licenseid).update(quantity=999)
    sweep_drift(now=NOW)
    assert drift(quote) == (222_750, 0)


def test_what_is_not_open_is_forgotten(cast, quote, licenseid):
    other = given_quote(make_license_id(cast.customer, "LIC-1002", ("SMP-BS", 45)), by=cast.staff)
    sweep_drift(now=NOW)
    withdraw(quote=quote, reason="x", by=cast.staff, now=NOW)
    assert sweep_drift(now=NOW + timedelta(days=1)) == 1
    assert (drift(quote), drift(other)) == (None, (222_750, 0))
    sweep_drift(now=NOW + timedelta(days=200))
    assert drift(other) == (222_750, 0)  # nothing was priced, so nothing was tidied; no list shows it
    assert drifts_of([other], on=TODAY + timedelta(days=200)) == {}


def test_as_many_queries_for_many_as_for_one(cast, licenseid):
    given_quote(licenseid, by=cast.staff)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            look(on=TODAY)
        return len(caught)

    queries()
    QuoteDrift.objects.all().delete()
    one = queries()
    for number in range(5):
        given_quote(make_license_id(cast.customer, f"LIC-2{number}", ("SMP-BS", 45 + number)), by=cast.staff)
    QuoteDrift.objects.all().delete()
    assert queries() == one


def test_pages_say_it_to_staff_and_not_to_the_customer(cast, quote, desk, client):
    publish_prices("値上げ", TODAY, by=cast.admin, percent=110)
    sweep_drift(now=NOW)
    page = desk.get(f"/quotes/{quote.key}/").content.decode()
    assert "With today’s prices and holdings: +¥22,275 (tax included)." in page
    assert "The quote stands as it is until" in page
    assert "today +¥22,275" in desk.get("/quotes/").content.decode()
    client.force_login(cast.contact)
    assert "22,275" not in client.get(f"/received/{quote.key}/").content.decode()


def test_the_list_of_renewals_says_it_too(cast, quote, desk):
    publish_prices("値上げ", TODAY, by=cast.admin, percent=110)
    sweep_drift(now=NOW)
    assert "today +¥22,275" in desk.get("/?due=all").content.decode()
