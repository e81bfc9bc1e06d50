"""Drafts of price lists and what they would do, calculated without a worker."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils import timezone

from foundation.jobs.models import Batch
from foundation.jobs.operations import work_off
from licensing.models import User
from pricing.lists.operations.copy import copy_price_list
from pricing.models import PriceList, PriceRank
from renewals.impact import ImpactWork, start_impact
from renewals.impact.run import MOST_KEPT
from renewals.impact.tasks import calculate_impact
from renewals.models import ImpactRow, ImpactRun
from tests.cast import NOW, TODAY, Cast
from tests.snapshot import written_again

FIRST_DAY = date(2027, 2, 1)


def make_draft(
    cast: Cast, *, percent: int = 110, effective_on: date = FIRST_DAY, name: str = "2027年2月版"
) -> PriceList:
    """A copy of the list in force with other prices."""
    draft = copy_price_list(price_list=cast.price_list, effective_on=effective_on, by=cast.admin, now=NOW, name=name)
    PriceRank.objects.filter(price_table__price_list=draft).update(
        renewal_price=F("renewal_price") * percent / 100, addition_price=F("addition_price") * percent / 100
    )
    return draft


def start(draft: PriceList, by: User, *, days: int = 90, on: date = TODAY, now: datetime = NOW) -> ImpactRun:
    return start_impact(price_list=draft, days=days, task=calculate_impact, by=by, on=on, now=now)


def work(run: ImpactRun) -> ImpactRun:
    """Do all of it at once, as a worker would, and read it again."""
    work_off(batch_pk=run.batch_id, work=ImpactWork(), clock=lambda: NOW)
    return ImpactRun.objects.select_related("batch").get(pk=run.pk)


def calculate(draft: PriceList, by: User, *, days: int = 90, on: date = TODAY) -> ImpactRun:
    """A run that is done."""
    run = work(start(draft, by, days=days, on=on))
    assert (run.batch.state, run.batch.message) == (Batch.State.DONE, "")
    return run


def given_run(draft: PriceList, by: User) -> ImpactRun:
    """A run that was done before the test begins: calculated once per test process for each state of the database."""
    return written_again(lambda: calculate(draft, by), asked=("impact", draft.pk, by.pk, timezone.now()))


def row_of(run: ImpactRun, code: str, kind: str = "renewal") -> ImpactRow:
    return run.rows.get(license_codes=code, kind=kind)


def ranks_of(row: ImpactRow) -> dict[str, tuple[str, str]]:
    """Old and new rank by product code."""
    return {line[0]: (line[2], line[3]) for line in row.lines}


def codes_of(row: ImpactRow) -> list[tuple[str, list[str]]]:
    """Code and lists of each problem, refusals first."""
    return [(problem["code"], problem["lists"]) for problem in row.problems]


def move(draft: PriceList, product: str, change: Callable[[PriceRank], None]) -> None:
    """Change every rank of a product's table."""
    for rank in PriceRank.objects.filter(price_table__price_list=draft, price_table__product__code=product):
        change(rank)
        rank.save()


def days_ahead(days: int) -> date:
    return TODAY + timedelta(days=days)


def calculate_again_and_again(cast: Cast) -> None:
    """As often as one run more than is kept is begun: the oldest goes. What is at work already is found."""
    draft = make_draft(cast, effective_on=date(2027, 10, 1), name="2027年10月版")
    for _run in range(MOST_KEPT + 1):
        begun = start(draft, cast.admin)
        assert start(draft, cast.admin) == begun
        work(begun)
    assert draft.impact_runs.count() == MOST_KEPT
