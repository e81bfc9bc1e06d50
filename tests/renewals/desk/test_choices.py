"""A plan that a customer chose, in the list of renewals: its stage, step and day follow from it, until its quote."""

from datetime import date, timedelta

import pytest

from quotes.customers.choosing import choose_alternative
from quotes.customers.visits import Visitor
from quotes.models import Comparison
from quotes.record.comparisons import withdraw_comparison
from quotes.record.transitions import record_loss
from renewals.desk.refresh import mark_all, recount
from renewals.models import DeskMark, DeskRow, Stage, Step
from renewals.reminders.digest import parts_of
from tests.cast import NOW, TODAY, Cast, make_license_id, sign_in
from tests.making import given_quote, holding_of
from tests.page import Page
from tests.renewals.comparing import compare, issue_alternative
from tests.renewals.desk.test_refresh import counted, refresh_all, rows, the_row

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)
EXPIRY, OTHER = date(2027, 3, 31), date(2027, 5, 31)


@pytest.fixture
def comparison(cast: Cast) -> Comparison:
    licenseid = make_license_id(cast.customer, "LIC-1700", ("SMP-CC", 100))
    product = holding_of(licenseid).product_id
    return compare(licenseid, by=cast.staff, ticks=[f"1 {product}:100", f"1 {product}:80"], labels=("", "減数"))


def choose(comparison: Comparison, position: int = 2) -> None:
    chosen = comparison.status.chosen
    choose_alternative(
        alternative=comparison.alternatives.get(position=position),
        message="",
        by_name="山田",
        visitor=Visitor(),
        seen=chosen.letter if chosen else "",
        now=LATER,
    )
    comparison.status.refresh_from_db()


def row_of(comparison: Comparison) -> tuple[str, str, date | None, str]:
    refresh_all()
    row = the_row(comparison.license_ids.get().licenseid)
    assert counted("counts") == counted("rows")
    return row.stage, row.step, row.step_on, row.movement


OPEN = (Stage.OPEN, Step.QUOTE, date(2027, 1, 30), "")
CHOSEN = (Stage.CHOSEN, Step.ISSUE_CHOSEN, TODAY, "chosen")


@pytest.mark.both_databases
def test_the_choice_is_the_stage_until_its_quote_is_issued(cast: Cast, comparison: Comparison) -> None:
    assert row_of(comparison) == OPEN
    choose(comparison)
    assert DeskMark.objects.count() == 1
    assert row_of(comparison) == CHOSEN
    kept = rows()
    DeskRow.objects.all().delete()
    mark_all()
    refresh_all()
    assert rows() == kept
    recount()
    issue_alternative(comparison.alternatives.get(position=2), by=cast.staff, now=LATER)
    assert row_of(comparison)[:2] == (Stage.QUOTED, Step.SEND)


@pytest.mark.both_databases
def test_a_withdrawn_comparison_asks_for_nothing(cast: Cast, comparison: Comparison) -> None:
    choose(comparison)
    refresh_all()
    withdraw_comparison(comparison=comparison, reason="誤り", by=cast.staff, now=LATER)
    assert DeskMark.objects.count() == 1
    assert row_of(comparison) == OPEN


def test_what_came_after_it_counts(cast: Cast, comparison: Comparison) -> None:
    licenseid = comparison.license_ids.get().licenseid
    quote = given_quote(licenseid, by=cast.staff)
    choose(comparison)
    assert row_of(comparison)[:2] == (Stage.CHOSEN, Step.ISSUE_CHOSEN)  # the open one is revised by it
    record_loss(quote=quote, reason="予算", by=cast.staff, now=LATER + timedelta(minutes=1))
    assert row_of(comparison)[:2] == (Stage.LOST, Step.NOTHING)


def test_only_what_the_plan_renews(cast: Cast) -> None:
    licenseid = make_license_id(cast.customer, "LIC-1701", ("SMP-CC", 100), ("SMP-BS", 10, OTHER))
    left = licenseid.holdings.get(product__code="SMP-BS")
    ticks = [f"{years} {cast.products['SMP-CC'].pk}:100" for years in (1, 3)]
    choose(compare(licenseid, by=cast.staff, ticks=ticks, **{f"renew-{left.pk}": None}))
    refresh_all()
    assert (the_row(licenseid).stage, the_row(licenseid, OTHER).stage) == (Stage.CHOSEN, Stage.OPEN)


def test_the_list_says_which_plan_and_leads_to_it(cast: Cast, comparison: Comparison) -> None:
    choose(comparison)
    page = sign_in(cast.staff, language="ja").get("/?due=all")
    text = Page(page).text
    assert "案の選択済み C2701-0001 案B（減数）（2027/01/15 選択）" in text
    assert "選ばれた案で見積を発行 2027/01/15" in text
    assert f'href="/comparisons/{comparison.key}/#choice"' in page.text
    parts = parts_of(DeskRow.objects.all(), on=TODAY)
    assert [[row.code for row in part.rows] for part in parts] == [["LIC-1700"]]
