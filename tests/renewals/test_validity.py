"""Until when a quote is valid (R15), on the days around each border."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given

from pricing.engine.quote import price_quote
from pricing.engine.values import PriceTables, RenewalRequest
from pricing.loader import Prices
from pricing.models import PriceList
from renewals.calculation.calculate import calculate, quote_validity
from tests.cast import TODAY, make_license_id, publish_prices
from tests.examples import examples
from tests.making import fill, holding_of, issue_quote
from tests.pricing.engine.strategies import pricings


def validity(licenseid, changes=None, *, on=TODAY):
    form = fill(licenseid, changes, on=on)
    found = calculate(asked=form.to_asked(), customer=form.licenseid.customer, on=on).validity
    return found.until, found.reason


@pytest.mark.parametrize(("days", "until"), [(1, date(2027, 1, 16)), (30, date(2027, 2, 14)), (60, date(2027, 3, 16))])
def test_the_resellers_days_after_the_issue(cast, licenseid, days, until):
    cast.aoba.validity_days = days
    cast.aoba.save()
    assert validity(licenseid) == (until, "days")


@pytest.mark.parametrize(
    ("expires_in", "expected"),
    [
        (31, (30, "days")),
        (30, (30, "days")),
        (29, (29, "expiry")),
        (1, (1, "expiry")),
        (0, (0, "expiry")),
        (-1, (30, "days")),
    ],
)
def test_the_expiry_ends_it_until_it_has_passed(cast, expires_in, expected):
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), expires=TODAY + timedelta(days=expires_in))
    days, reason = expected
    assert validity(licenseid) == (TODAY + timedelta(days=days), reason)


def test_of_several_expiries_the_earliest_that_has_not_passed_counts(cast):
    days = [TODAY - timedelta(days=3), TODAY + timedelta(days=9), TODAY + timedelta(days=5), TODAY + timedelta(days=20)]
    licenseid = make_license_id(cast.customer, "LIC-1", *[("SMP-BS", 45, day) for day in days])
    every = {f"renew-{holding.pk}": "on" for holding in licenseid.holdings.all()}
    assert validity(licenseid, every) == (TODAY + timedelta(days=5), "expiry")
    earliest = licenseid.holdings.get(support_expires_on=days[2])
    # Left out, it still counts in the product's rank until then.
    assert validity(licenseid, every | {f"renew-{earliest.pk}": None}) == (TODAY + timedelta(days=5), "left-out")


def test_what_is_discontinued_does_not_end_it(cast):
    licenseid = make_license_id(
        cast.customer, "LIC-1", ("SMP-BS", 45, TODAY + timedelta(days=5)), ("SMP-AO", 50, TODAY + timedelta(days=9))
    )
    changes = {"is_reduced": "on", f"quantity-{holding_of(licenseid, 'SMP-BS').pk}": "0"}
    assert validity(licenseid, changes) == (TODAY + timedelta(days=9), "expiry")


def leave_out(licenseid, product):
    return {f"renew-{holding_of(licenseid, product).pk}": None}


def test_what_is_left_out_and_decides_the_rank_ends_it(cast):
    """E17."""
    cast.aoba.validity_days = 60
    cast.aoba.save()
    licenseid = make_license_id(
        cast.customer, "LIC-1", ("SMP-CC", 120, date(2027, 2, 10)), ("SMP-IM", 30, date(2027, 3, 31))
    )
    assert validity(licenseid, leave_out(licenseid, "SMP-CC")) == (date(2027, 2, 10), "left-out")


@pytest.mark.parametrize(
    ("left_out", "expires_in", "expected"),
    [
        (("SMP-CC", 120), 29, (29, "left-out")),  # the largest of the programme
        (("SMP-CC", 5), 29, (29, "left-out")),  # the smallest: it is compared with the others
        (("SMP-CC", 120), 30, (30, "days")),
        (("SMP-CC", 120), 31, (30, "days")),
        (("SMP-CC", 120), 0, (0, "left-out")),
        (("SMP-CC", 120), -1, (30, "days")),  # it does not count any more
        (("SMP-BS", 120), 5, (30, "days")),  # of a programme that decides nothing here
    ],
)
def test_what_is_left_out_ends_it_only_where_it_counts(cast, left_out, expires_in, expected):
    licenseid = make_license_id(
        cast.customer, "LIC-1", (*left_out, TODAY + timedelta(days=expires_in)), ("SMP-IM", 30, date(2027, 3, 31))
    )
    days, reason = expected
    assert validity(licenseid, leave_out(licenseid, left_out[0])) == (TODAY + timedelta(days=days), reason)


def test_ranked_singly_only_the_same_product_counts(cast):
    licenseid = make_license_id(
        cast.customer,
        "LIC-1",
        ("SMP-BS", 45, date(2027, 3, 31)),
        ("SMP-BS", 10, TODAY + timedelta(days=9)),
        ("SMP-AO", 50, TODAY + timedelta(days=5)),
    )
    early = licenseid.holdings.get(product__code="SMP-BS", quantity=10)
    changes = {**leave_out(licenseid, "SMP-AO"), f"renew-{early.pk}": None}
    assert validity(licenseid, changes) == (TODAY + timedelta(days=9), "left-out")


def test_an_addition_alone_lasts_the_resellers_days(cast):
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), expires=TODAY + timedelta(days=5))
    changes = {
        f"renew-{holding_of(licenseid).pk}": None,
        "addition-0-product": "SMP-BS",
        "addition-0-quantity": "3",
    }
    assert validity(licenseid, changes) == (TODAY + timedelta(days=30), "days")


@pytest.mark.parametrize(
    ("starts_in", "expected"),
    [(32, (30, "days")), (31, (30, "days")), (30, (29, "price-list")), (2, (1, "price-list")), (1, (0, "price-list"))],
)
def test_the_day_before_new_prices_ends_it(cast, licenseid, starts_in, expected):
    publish_prices("次版", TODAY + timedelta(days=starts_in), by=cast.admin)
    days, reason = expected
    assert validity(licenseid) == (TODAY + timedelta(days=days), reason)


def test_of_several_new_lists_the_next_one_ends_it(cast, licenseid):
    for days in (20, 10, 15):
        publish_prices(f"{days}日後の版", TODAY + timedelta(days=days), by=cast.admin)
    assert validity(licenseid) == (TODAY + timedelta(days=9), "price-list")


def test_a_draft_of_new_prices_does_not_end_it(cast, licenseid):
    PriceList.objects.create(name="検討中", effective_on=TODAY + timedelta(days=3))
    assert validity(licenseid) == (TODAY + timedelta(days=30), "days")


def test_the_earliest_of_all_three(cast):
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), expires=TODAY + timedelta(days=8))
    publish_prices("次版", TODAY + timedelta(days=10), by=cast.admin)
    assert validity(licenseid) == (TODAY + timedelta(days=8), "expiry")
    publish_prices("早い版", TODAY + timedelta(days=8), by=cast.admin)
    assert validity(licenseid) == (TODAY + timedelta(days=7), "price-list")


def test_a_quote_issued_on_the_day_of_expiry_is_valid_on_that_day(cast):
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), expires=TODAY)
    quote = issue_quote(licenseid, by=cast.staff)
    assert (quote.issued_on, quote.valid_until) == (TODAY, TODAY)
    assert quote.acknowledged == []


def test_an_expired_renewal_is_quoted_over_its_warning(cast):
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), expires=TODAY - timedelta(days=1))
    quote = issue_quote(licenseid, by=cast.staff, acknowledged=["support-expired"])
    assert [warning["code"] for warning in quote.acknowledged] == ["support-expired"]
    assert quote.valid_until == TODAY + timedelta(days=30)
    assert quote.document["valid_until"] == "2027-02-14"
    line = quote.lines.get()
    assert (line.term_from, line.term_until) == (TODAY, date(2028, 1, 14))


def test_the_days_are_counted_in_japan(cast, licenseid):
    """Just after midnight in Japan it is still yesterday in UTC."""
    quote = issue_quote(licenseid, by=cast.staff, now=datetime(2027, 1, 15, 15, 0, tzinfo=UTC))
    assert (quote.issued_on, quote.valid_until) == (date(2027, 1, 16), date(2027, 2, 15))


@examples(40)
@given(pricings(valid=True))
def test_on_each_day_until_its_last_it_would_cost_the_same(case: tuple[RenewalRequest, PriceTables]) -> None:
    """What R15 is for: nothing that R4, R7 and R13 count by days changes a quote while it is valid.

    But for the last day of late renewals, which R15 does not know.
    """
    request, tables = case
    pricing = price_quote([request], tables)
    assume(not pricing.is_refused)
    until = quote_validity(pricing=pricing, prices=Prices(None, None, tables), days=125).until
    ends = {choice.holding.support_expires_on for choice in request.holdings}
    for day in {until, *(end + timedelta(days=1) for end in ends)}:
        later = price_quote([replace(request, on=day)], tables)
        codes = {one.problem.code for one in later.refusals}
        if request.on <= day <= until and codes != {"too-late-to-renew"}:
            assert later.total == pricing.total, day
            assert [line.rank.rank.rank for line in later.lines] == [line.rank.rank.rank for line in pricing.lines]
