"""What a draft price list would do to coming renewals: priced by the same rules, under both lists, as of its day."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from foundation.jobs.operations import work_off
from licensing.models import Customer, Reseller
from pricing.lists.operations.publish import publish
from pricing.models import PriceList, PriceRank, PriceTable
from renewals.impact import ImpactRefused, ImpactWork
from renewals.impact import run as running
from renewals.impact.totals import PLACES, merge, place_of, sum_up
from renewals.models import ImpactRow, ImpactRun
from tests.cast import EXPIRY, NOW, TODAY, make_license_id, publish_prices
from tests.making import everything_written, given_quote
from tests.renewals.impacts import calculate, codes_of, days_ahead, make_draft, move, ranks_of, row_of, start, work


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def test_a_renewal_is_priced_under_both_lists(cast, licenseid):
    row = row_of(calculate(make_draft(cast), cast.admin), "LIC-1001")
    assert (row.old_amount, row.new_amount, row.difference) == (202_500, 222_750, 20_250)
    assert (row.percent, row.outcome, row.has_rank_change, row.problems) == (Decimal(10), "dearer", False, [])
    assert row.lines == [["SMP-BS", 45, "C", "C", 202_500, 222_750]]
    assert (row.reseller_name, row.customer_name) == ("青葉見本システム株式会社", "株式会社髙﨑製作所")
    assert (row.day, row.products, row.quote) == (EXPIRY, " SMP-BS ", None)


def test_who_changes_rank(cast):
    """Both TRSL products follow the one that decides (R6)."""
    make_license_id(cast.customer, "LIC-2001", ("SMP-CC", 100), ("SMP-CC", 20, days_ahead(9)), ("SMP-IM", 30))
    draft = make_draft(cast, percent=100)

    def later(rank: PriceRank) -> None:
        rank.from_quantity += 100 if rank.from_quantity == 100 else 0

    move(draft, "SMP-CC", later)
    run = calculate(draft, cast.admin)
    counted = {code: (part["count"], part["rank_changes"]) for code, part in run.totals["renewal"]["products"].items()}
    assert counted == {"SMP-CC": (1, 1), "SMP-IM": (1, 1)}
    row = row_of(run, "LIC-2001")
    assert ranks_of(row) == {"SMP-CC": ("D", "C"), "SMP-IM": ("D", "C")}
    assert row.has_rank_change
    assert (row.old_amount, row.new_amount) == (270_300, 2_180 * 120 + 1_510 * 30)


def test_who_gets_refused_and_why(cast, licenseid):
    make_license_id(cast.customer, "LIC-1002", ("SMP-WM", 100))
    draft = make_draft(cast, percent=100)
    PriceTable.objects.filter(price_list=draft, product__code="SMP-BS").update(minimum_quantity=50)
    PriceTable.objects.get(price_list=draft, product__code="SMP-WM").delete()
    run = calculate(draft, cast.admin)
    row = row_of(run, "LIC-1001")
    assert (row.old_amount, row.new_amount, row.difference, row.percent) == (202_500, None, None, None)
    assert (row.outcome, codes_of(row)) == ("newly_refused", [("below-minimum", ["new"])])
    assert "45" in row.problems[0]["en"]
    assert "50" in row.problems[0]["ja"]
    assert codes_of(row_of(run, "LIC-1002")) == [("no-price-table", ["new"])]
    products = run.totals["renewal"]["products"]
    assert {code: part["newly_refused"] for code, part in products.items()} == {"SMP-BS": 1, "SMP-WM": 1}


def test_what_is_refused_now_and_would_be_priced(cast):
    make_license_id(cast.customer, "LIC-1003", ("SMP-IW", 20))
    make_license_id(cast.customer, "LIC-1004", ("SMP-IW", 1))
    draft = make_draft(cast, percent=100)
    PriceTable.objects.filter(price_list=draft, product__code="SMP-IW").update(minimum_quantity=2)
    first = PriceRank.objects.filter(price_table__price_list=draft, price_table__product__code="SMP-IW").first()
    PriceRank.objects.filter(pk=first.pk).update(from_quantity=2)
    run = calculate(draft, cast.admin)
    row = row_of(run, "LIC-1003")
    assert (row.outcome, row.old_amount, row.new_amount) == ("no_longer_refused", None, first.renewal_price * 20)
    assert [lists for _, lists in codes_of(row)] == [["old"], ["old"]]
    assert row_of(run, "LIC-1004").outcome == "refused"


def test_only_what_ends_within_the_days_is_renewed_and_the_rest_counts_as_the_rules_say(cast):
    """Held and not expired on the day counts for the rank (R4); what has expired long ago does not."""
    make_license_id(cast.customer, "LIC-A", ("SMP-BS", 45, TODAY))
    make_license_id(cast.customer, "LIC-B", ("SMP-BS", 45, days_ahead(90)))
    make_license_id(cast.customer, "LIC-C", ("SMP-BS", 45, days_ahead(91)))
    make_license_id(cast.customer, "LIC-D", ("SMP-BS", 45, days_ahead(-1)))
    make_license_id(
        cast.customer, "LIC-E", ("SMP-BS", 10, days_ahead(30)), ("SMP-BS", 35, days_ahead(200)), ("SMP-WM", 100, TODAY)
    )
    make_license_id(cast.customer, "LIC-F", ("SMP-BS", 10, days_ahead(30)), ("SMP-BS", 35, days_ahead(-30)))
    run = calculate(make_draft(cast), cast.admin)
    assert sorted(run.rows.values_list("license_codes", flat=True)) == ["LIC-A", "LIC-B", "LIC-E", "LIC-F"]
    ranked = {code: row_of(run, code).lines for code in ("LIC-A", "LIC-E", "LIC-F")}
    assert ranked["LIC-E"][1][:4] == ["SMP-BS", 10, "C", "C"]
    assert ranked["LIC-F"][0][:4] == ["SMP-BS", 10, "B", "B"]
    assert row_of(run, "LIC-E").day == TODAY


def test_support_that_has_ended_by_the_first_day_is_priced_with_its_warning(cast):
    """R13: a warning is no refusal. The first day itself is not after an expiry on it."""
    draft = make_draft(cast)
    make_license_id(cast.customer, "LIC-A", ("SMP-BS", 45, draft.effective_on - timedelta(days=1)))
    make_license_id(cast.customer, "LIC-B", ("SMP-BS", 45, draft.effective_on))
    run = calculate(draft, cast.admin)
    assert codes_of(row_of(run, "LIC-A")) == [("support-expired", ["old", "new"])]
    assert row_of(run, "LIC-A").difference == 20_250
    assert codes_of(row_of(run, "LIC-B")) == []


def test_it_is_compared_with_what_would_be_in_force_on_that_day(cast, licenseid):
    between = publish_prices("2027年1月版", TODAY + timedelta(days=5), by=cast.admin, percent=200)
    draft = make_draft(cast, percent=100)
    run = calculate(draft, cast.admin)
    assert (run.compared_with, run.compared_with_name) == (between, "2027年1月版")
    assert row_of(run, "LIC-1001").difference == -202_500
    draft.effective_on = TODAY
    draft.save()
    assert calculate(draft, cast.admin).compared_with == cast.price_list


def test_without_any_list_in_force_everything_is_refused_before(cast, licenseid):
    draft = make_draft(cast, effective_on=cast.price_list.effective_on - timedelta(days=1))
    row = row_of(calculate(draft, cast.admin), "LIC-1001")
    assert (row.outcome, codes_of(row)) == ("no_longer_refused", [("no-price-table", ["old"])])


@pytest.mark.both_databases
def test_license_ids_of_all_resellers_and_their_sums(cast, licenseid):
    make_license_id(cast.foreign_customer, "LIC-9001", ("SMP-BS", 45), ("SMP-WM", 100))
    make_license_id(cast.foreign_customer, "LIC-9002", ("SMP-BS", 45))
    draft = make_draft(cast)
    PriceTable.objects.filter(price_list=draft, product__code="SMP-WM").delete()
    whole = calculate(draft, cast.admin).totals["renewal"]
    assert (whole["count"], whole["compared"], whole["old"], whole["new"]) == (3, 2, 405_000, 445_500)
    assert whole["outcomes"] == {"dearer": 2, "newly_refused": 1}
    assert whole["percents"] == [0] * 9 + [2, 0]
    aoba, minato = (whole["resellers"][str(company.pk)] for company in (cast.aoba, cast.minato))
    assert (aoba["name"], aoba["count"], aoba["old"], aoba["new"]) == (cast.aoba.name, 1, 202_500, 222_750)
    assert (minato["count"], minato["compared"], minato["newly_refused"]) == (2, 1, 1)
    parts = {code: (part["count"], part["compared"], part["new"]) for code, part in whole["products"].items()}
    assert parts == {"SMP-BS": (3, 2, 445_500), "SMP-WM": (1, 0, 0)}


@pytest.mark.both_databases
def test_sums_are_the_same_in_chunks_and_no_row_stands_twice(cast, monkeypatch):
    for number in range(7):
        make_license_id(cast.customer, f"LIC-{number}", ("SMP-BS", 40 + number), ("SMP-WM", 100 + number))
    given_quote(make_license_id(cast.foreign_customer, "LIC-Q", ("SMP-BS", 45)), by=cast.stranger)
    draft = make_draft(cast)
    whole = calculate(draft, cast.admin)
    monkeypatch.setattr(running, "CHUNK", 3)
    chunked = calculate(draft, cast.admin)
    assert [len(run.chunks) for run in (whole, chunked)] == [2, 4]
    assert chunked.totals == whole.totals
    assert chunked.totals == merge({}, sum_up(chunked.rows.all()))
    assert chunked.rows.count() == whole.rows.count() == 9


def test_nothing_is_written_to_quotes_and_holdings(cast, licenseid):
    given_quote(licenseid, by=cast.staff)
    before = everything_written()
    held = list(licenseid.holdings.values())
    run = calculate(make_draft(cast), cast.admin)
    assert run.rows.count() == 2
    assert everything_written() == before
    assert list(licenseid.holdings.values()) == held


def test_no_more_queries_for_more_license_ids(cast):
    draft = make_draft(cast)

    def asked(days: int) -> tuple[int, int]:
        run = start(draft, cast.admin, days=days)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            run = work(run)
        return run.rows.count(), len([query for query in queries if re.match("SELECT|INSERT|UPDATE", query["sql"])])

    def make(reseller: Reseller, number: int, days: int) -> None:
        customer = Customer.objects.create(reseller=reseller, name=f"見本{number}")
        holdings = [("SMP-BS", 45, days_ahead(days)), ("SMP-WM", 100, days_ahead(days))]
        given_quote(make_license_id(customer, f"LIC-{number}", *holdings), by=cast.staff)

    make(cast.aoba, 0, 10)
    one = asked(20)
    for number in range(1, 10):
        make(cast.aoba, number, 30)
    many = asked(40)
    assert (one[0], many[0]) == (2, 20)
    assert many[1] == one[1]


def test_a_draft_that_changed_is_not_calculated_half_old_half_new(cast, licenseid):
    draft = make_draft(cast)
    run = start(draft, cast.admin)
    PriceRank.objects.filter(price_table__price_list=draft).update(renewal_price=1)
    run = work(run)
    assert (run.batch.state, run.rows.count()) == ("failed", 0)
    assert run.batch.message == "The draft was changed while its impact was calculated. Start again."


def test_a_list_published_meanwhile_is_told(cast, licenseid):
    run = start(make_draft(cast), cast.admin)
    publish_prices("2027年1月版", TODAY + timedelta(days=5), by=cast.admin)
    assert work(run).batch.message == "Another price list was published meanwhile. Start again."


def test_a_draft_or_run_that_is_gone_is_told(cast, licenseid):
    draft = make_draft(cast)
    run = start(draft, cast.admin)
    draft.delete()
    assert work(run).batch.message == "The draft was changed while its impact was calculated. Start again."
    run = start(make_draft(cast), cast.admin)
    batch = run.batch
    run.delete()
    work_off(batch_pk=batch.pk, work=ImpactWork(), clock=lambda: NOW)
    batch.refresh_from_db()
    assert (batch.state, batch.message) == ("failed", "This calculation was deleted.")


def test_what_cannot_be_started(cast):
    empty = PriceList.objects.create(name="空", effective_on=TODAY)
    with pytest.raises(ImpactRefused, match=r"It has no price tables\. Add at least one product's prices\."):
        start(empty, cast.admin)
    draft = make_draft(cast)
    publish(price_list=draft, by=cast.admin, now=NOW)
    with pytest.raises(ImpactRefused, match="2027年2月版 is in force already"):
        start(draft, cast.admin, on=draft.effective_on)
    assert not ImpactRun.objects.exists()


def test_a_published_list_to_come_is_compared_with_what_is_in_force_until_then(cast, licenseid):
    draft = make_draft(cast)
    before = row_of(calculate(draft, cast.admin), licenseid.code)
    publish(price_list=draft, by=cast.admin, now=NOW)
    run = calculate(draft, cast.admin)
    after = row_of(run, licenseid.code)
    assert (run.compared_with, run.batch.state) == (cast.price_list, "done")
    assert (after.old_amount, after.new_amount) == (before.old_amount, before.new_amount)
    assert after.difference > 0


@pytest.mark.both_databases
def test_a_second_start_finds_the_first_while_it_runs_and_nothing_changed(cast, licenseid):
    draft = make_draft(cast)
    first = start(draft, cast.admin)
    assert start(draft, cast.admin) == first
    assert start(draft, cast.admin, days=30) != first
    PriceRank.objects.filter(price_table__price_list=draft).update(renewal_price=1)
    assert start(draft, cast.admin) != first


@pytest.mark.both_databases
def test_only_the_last_runs_of_a_draft_are_kept(cast, licenseid):
    draft = make_draft(cast)
    runs = [calculate(draft, cast.admin) for _ in range(5)]
    assert list(ImpactRun.objects.order_by("pk")) == runs[2:]
    assert set(ImpactRow.objects.values_list("run", flat=True)) == {run.pk for run in runs[2:]}
    draft.delete()
    assert ImpactRun.objects.filter(price_list=None, price_list_name="2027年2月版").count() == 3
    calculate(make_draft(cast), cast.admin)
    assert ImpactRun.objects.count() == 1


def test_nothing_to_look_at_is_a_result_too(cast):
    run = calculate(make_draft(cast), cast.admin)
    assert (run.totals, run.rows.count(), run.batch.item_count) == ({}, 0, 1)
    assert run.is_priced


@pytest.mark.parametrize(
    ("percent", "place"),
    [(-100, 0), (-20, 0), (-19.99, 1), (-10, 1), (-5, 2), (-2, 3), (-0.01, 4), (0.01, 6), (1.99, 6), (2, 7), (5, 8),
     (10, 9), (19.99, 9), (20, 10), (900, 10)],
)  # fmt: skip
def test_edges_of_the_distribution_belong_to_the_outer_side(percent, place):
    assert place_of(1 if percent > 0 else -1, Decimal(str(percent))) == place


def test_a_difference_too_small_for_a_percentage_is_still_one():
    assert [place_of(-1, Decimal(0)), place_of(0, Decimal(0)), place_of(1, Decimal(0))] == [4, 5, 6]
    assert place_of(1, None) == PLACES - 1
    assert place_of(0, None) == 5
