"""What is left of a quote is kept when it is quoted, ordered and carried out, each with the rates of its day."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licensing.models import FormerCode, Product, Reseller
from pricing.models import CostRate
from quotes.archive.verification import Report, verify_records
from quotes.models import Quote, QuoteMargin
from quotes.record.margins import keep_quoted, portion_of, stages_of, visible_margins, whole_of
from quotes.record.transitions import record_order, reopen, withdraw
from renewals.asked import AskedFreeLine
from renewals.carrying_out.operations import carry_out, undo
from renewals.issue.operations import issue
from tests.cast import NOW, TODAY, Cast, make_license_id
from tests.making import ask_several, given_quote, holding_of, load
from tests.quotes.tampering import tampered
from tests.renewals.batches import issue_all, reviewed

DAY = timedelta(days=1)


def give(reseller: Reseller, what: Any, percent: str, on: date = TODAY) -> CostRate:
    of = "product" if isinstance(what, Product) else "programme"
    rate: CostRate = CostRate.objects.create(reseller=reseller, percent=Decimal(percent), effective_on=on, **{of: what})
    return rate


def told(cast: Cast, quote: Quote) -> dict[str, tuple[Any, ...] | None]:
    found = {}
    for stage in stages_of(cast.manager, quote):
        its = stage.figures
        found[stage.stage] = its and (its.subtotal, its.covered, its.cost, its.margin, str(its.percent))
    return found


def changed() -> list[str]:
    return [each.code for each in verify_records(report=Report())]


@pytest.fixture
def offered(cast: Cast) -> Quote:
    """E15: list 192,000, offered 172,800, a further 2,800; bought at 80 %, from tomorrow at 75.55 %, later at 90 %."""
    product = cast.products["SMP-CC"]
    give(cast.aoba, product, "80", TODAY)
    give(cast.aoba, product, "75.55", TODAY + DAY)
    give(cast.aoba, product, "90", TODAY + 5 * DAY)
    licenseid = make_license_id(cast.customer, "LIC-2001", ("SMP-CC", 100))
    changes = {f"offered-{holding_of(licenseid).pk}": "10%", "reduction": "2800"}
    return given_quote(licenseid, by=cast.staff, changes=changes)


def test_three_stages_each_with_the_rates_of_its_day(cast: Cast, offered: Quote) -> None:
    quoted = (170_000, 170_000, 153_600, 16_400, "9.64")
    assert told(cast, offered) == {"quoted": quoted, "ordered": None, "carried_out": None}
    record_order(quote=offered, ordered_on=TODAY + DAY, by=cast.staff, now=NOW + 3 * DAY)
    ordered = (170_000, 170_000, 145_056, 24_944, "14.67")
    assert told(cast, offered) == {"quoted": quoted, "ordered": ordered, "carried_out": None}
    [part] = offered.parts.all()
    [done] = carry_out(quote=offered, parts=[part.pk], by=cast.staff, now=NOW + 5 * DAY)
    carried = (170_000, 170_000, 172_800, -2_800, "-1.65")
    assert told(cast, offered) == {"quoted": quoted, "ordered": ordered, "carried_out": carried}
    undo(done=done, by=cast.staff, now=NOW + 6 * DAY)
    assert told(cast, offered) == {"quoted": quoted, "ordered": ordered, "carried_out": None}
    reopen(quote=offered, reason="誤り", by=cast.staff, now=NOW + 6 * DAY)
    assert told(cast, offered) == {"quoted": quoted, "ordered": None, "carried_out": None}
    record_order(quote=offered, ordered_on=TODAY, by=cast.staff, now=NOW + 7 * DAY)
    assert told(cast, offered) == {"quoted": quoted, "ordered": quoted, "carried_out": None}
    stages = ["quoted", "ordered", "carried_out", "carried_out", "ordered", "ordered"]
    assert [row.stage for row in QuoteMargin.objects.order_by("pk")] == stages
    assert changed() == []


def test_what_changes_later_changes_nothing_that_was_kept(cast: Cast, offered: Quote) -> None:
    before = told(cast, offered)
    CostRate.objects.update(percent=Decimal(50))
    assert told(cast, offered) == before
    CostRate.objects.all().delete()
    record_order(quote=offered, by=cast.staff, now=NOW)
    assert told(cast, offered) == before  # nothing has a rate any more: of the order nothing is known
    assert "margin" not in offered.events.get(kind="ordered").detail


def test_without_any_rate_nothing_is_kept(cast: Cast, licenseid: Any) -> None:
    give(cast.minato, cast.products["SMP-BS"], "80")
    quote = given_quote(licenseid, by=cast.staff)
    assert (QuoteMargin.objects.count(), stages_of(cast.manager, quote)) == (0, [])
    assert "margin" not in quote.events.get(kind="issued").detail
    give(cast.aoba, cast.products["SMP-BS"], "80")
    record_order(quote=quote, by=cast.staff, now=NOW)
    assert told(cast, quote) == {
        "quoted": None,
        "ordered": (202_500, 202_500, 162_000, 40_500, "20.00"),
        "carried_out": None,
    }


def test_a_line_without_a_rate_is_told_of_and_not_guessed(cast: Cast) -> None:
    give(cast.aoba, cast.products["SMP-BS"], "80")
    licenseid = make_license_id(cast.customer, "LIC-2002", ("SMP-BS", 45), ("SMP-AO", 40))
    quote = given_quote(licenseid, by=cast.staff, changes={"reduction": "1000"})
    [row] = visible_margins(cast.manager)
    assert (row.subtotal, row.covered, row.cost, row.uncovered_lines) == (489_500, 202_087, 162_000, 1)
    assert [line.get("percent") for line in row.lines] == [None, "80.00"]
    [quoted, *_others] = stages_of(cast.manager, quote)
    assert {number: line.margin for number, line in quoted.lines.items()} == {1: None, 2: 40_500}


def test_each_license_id_is_carried_out_with_its_share_and_the_shares_are_the_whole(cast: Cast) -> None:
    give(cast.aoba, cast.products["SMP-BS"].programme, "70")
    one = make_license_id(cast.customer, "LIC-2003", ("SMP-BS", 45))
    other = make_license_id(cast.customer, "LIC-2004", ("SMP-AO", 41))
    asked = replace(ask_several(one, other), reduction=1_001)
    quote = issue(
        key=uuid.uuid4(),
        licenseids=[load(one), load(other)],
        asked=asked,
        acknowledged=(),
        seen_total=None,
        issued_by=cast.staff,
        now=NOW,
    )
    whole = whole_of(quote.document)
    shares = [portion_of(quote.document, code).reduction for code in ("LIC-2003", "LIC-2004")]
    assert (whole.reduction, shares, sum(shares)) == (1_001, [407, 594], 1_001)
    record_order(quote=quote, by=cast.staff, now=NOW)
    for part in quote.parts.order_by("-position"):
        carry_out(quote=quote, parts=[part.pk], by=cast.staff, now=NOW)
    stages = {stage.stage: stage for stage in stages_of(cast.manager, quote)}
    assert [row.part.license_code for row in stages["carried_out"].rows] == ["LIC-2003", "LIC-2004"]
    assert stages["carried_out"].figures == stages["ordered"].figures == stages["quoted"].figures
    assert list(stages["carried_out"].lines) == [1, 2]
    assert changed() == []


def test_a_product_that_is_called_otherwise_since_keeps_its_rate(cast: Cast, offered: Quote) -> None:
    product = cast.products["SMP-CC"]
    FormerCode.objects.create(product=product, code=product.code)
    product.code = "SMP-CC2"
    product.save()
    record_order(quote=offered, by=cast.staff, now=NOW)
    found = told(cast, offered)
    assert found["ordered"] == found["quoted"]


def test_who_sees_margins(cast: Cast, offered: Quote) -> None:
    everybody = (cast.staff, cast.colleague, cast.stranger, cast.admin, cast.price_admin, cast.contact)
    for person in everybody:
        assert not visible_margins(person).exists(), person
    assert visible_margins(cast.manager).exists()
    cast.staff.may_see_margins = cast.stranger.may_see_margins = True
    assert (visible_margins(cast.staff).count(), visible_margins(cast.stranger).count()) == (1, 0)
    cast.staff.is_active = False
    assert not visible_margins(cast.staff).exists()


def test_a_quote_that_is_withdrawn_keeps_what_was_quoted(cast: Cast, offered: Quote) -> None:
    before = told(cast, offered)
    withdraw(quote=offered, reason="誤り", by=cast.staff, now=NOW)
    assert told(cast, offered) == before


def test_two_quotes_at_once_take_one_query_for_their_rates(cast: Cast, offered: Quote) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert len(keep_quoted([offered, offered])) == 1
    assert [query["sql"].split()[0] for query in queries if "pg_" not in query["sql"]][:2] == ["SELECT", "INSERT"]
    assert len(queries) == 2


@pytest.mark.both_databases
def test_whoever_changes_what_was_kept_is_found(cast: Cast, offered: Quote) -> None:
    record_order(quote=offered, by=cast.staff, now=NOW)
    assert changed() == []
    for statement, found in (
        ("UPDATE quotes_quotemargin SET cost = cost - 1 WHERE stage = 'quoted'", ["margin-changed", "margin-missing"]),
        ("UPDATE quotes_quotemargin SET lines = '[]' WHERE stage = 'ordered'", ["margin-changed", "margin-missing"]),
        ("DELETE FROM quotes_quotemargin WHERE stage = 'ordered'", ["margin-missing"]),
        ("UPDATE quotes_quotemargin SET is_taken_back = true", ["margin-changed", "margin-missing"]),
    ):
        with tampered(statement):
            assert changed() == found, statement
    with tampered("DELETE FROM quotes_quotemargin"):
        assert changed() == ["emptied", "margin-missing"]


def test_lines_of_ones_own_have_no_rate_and_go_with_the_first_license_id(cast: Cast) -> None:
    give(cast.aoba, cast.products["SMP-BS"].programme, "70")
    one = make_license_id(cast.customer, "LIC-2003", ("SMP-BS", 45))
    other = make_license_id(cast.customer, "LIC-2004", ("SMP-AO", 41))
    asked = replace(ask_several(one, other), free_lines=(AskedFreeLine("設定作業費", 1, "式", 30_000, "standard"),))
    quote = issue(
        key=uuid.uuid4(),
        licenseids=[load(one), load(other)],
        asked=asked,
        acknowledged=(),
        seen_total=None,
        issued_by=cast.staff,
        now=NOW,
    )
    record_order(quote=quote, by=cast.staff, now=NOW)
    carry_out(quote=quote, parts=[part.pk for part in quote.parts.all()], by=cast.staff, now=NOW)
    stages = {stage.stage: stage for stage in stages_of(cast.manager, quote)}
    assert [row.subtotal for row in stages["carried_out"].rows] == [232_500, 295_200]
    figures = stages["quoted"].figures
    assert figures == stages["carried_out"].figures
    assert figures
    assert (figures.subtotal, figures.covered, figures.cost) == (527_700, 497_700, 348_390)
    assert [(number, line.cost) for number, line in stages["quoted"].lines.items()][-1] == (3, None)


def test_quotes_of_a_batch_have_theirs_too(cast: Cast) -> None:
    give(cast.aoba, cast.products["SMP-BS"], "80")
    rows = [make_license_id(cast.customer, f"LIC-400{at}", ("SMP-BS", 45 + at)) for at in range(3)]
    issue_all(reviewed(rows, cast.staff), cast.staff)
    found = visible_margins(cast.manager).order_by("pk")
    assert [(row.subtotal, row.cost) for row in found] == [(202_500, 162_000), (207_000, 165_600), (211_500, 169_200)]
    assert changed() == []
