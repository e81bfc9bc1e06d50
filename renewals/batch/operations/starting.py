"""Start a run, and price its rows in the background: so many at a time, with what they have in common read once."""

import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import F, Min
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks.base import Task

from foundation.jobs.models import Batch
from foundation.jobs.operations import BatchFailed, Beat, start_batch
from foundation.transactions import one_transaction
from licensing.models import LicenseID, User
from licensing.queries import visible_license_ids
from pricing.engine.values import LEAST_YEARS, MOST_YEARS
from quotes.models import CODES_BETWEEN

from ...asked import NO_TERMS, AskedTerms
from ...form.views.opened import MOST_PARTS
from ...models import QuoteRun, QuoteRunRow, QuoteRunWork
from ..basis import read_basis
from ..rows import price_row, write_rows
from ..telling import LEFT_OUT_AT_FIRST

MOST = 10_000
"""License IDs in one run."""
CHUNK = 200
"""Rows that are priced as one item of the work."""
State = QuoteRunRow.State


class RunRefused(Exception):
    """A run cannot be started, or what was asked of it cannot be done now. The text says why to a person."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run's quotes are made."""

    is_per_customer: bool = False
    years: int = 1
    note: str = ""
    terms: AskedTerms = NO_TERMS
    """Without a last day: days, since quotes of a batch may be issued on several."""
    with_calculation: bool = False
    as_confirmed: bool = True
    """Quantities and term as the customer answered last, where they did."""


def lock(run: QuoteRun) -> QuoteRun:
    """The run, until the transaction ends: what is done with its rows is done one after the other."""
    return QuoteRun.objects.select_for_update(no_key=True).get(pk=run.pk)


@one_transaction
def start_run(*, license_ids: Collection[int], settings: Settings, task: Task, by: User, now: datetime) -> QuoteRun:
    """A run over license IDs by their row numbers, queued to be priced. Raises RunRefused; then nothing was written."""
    if not license_ids:
        raise RunRefused(_("Choose at least one license ID."))
    if len(set(license_ids)) > MOST:
        raise RunRefused(
            _("%(count)s license IDs are too many for one batch; at most %(most)s are possible.")
            % {"count": f"{len(set(license_ids)):,}", "most": f"{MOST:,}"}
        )
    if not LEAST_YEARS <= settings.years <= MOST_YEARS:
        raise ValueError(f"{settings.years} years")
    rows = visible_license_ids(by).filter(pk__in=set(license_ids)).select_related("customer")
    found = list(rows.annotate(expires_on=Min("holdings__support_expires_on")))
    if len(found) < len(set(license_ids)):
        raise RunRefused(
            _("Some of the license IDs are not among those of your customers any more. Choose them again.")
        )
    if by.reseller is None:
        raise ValueError("Quotes are made by a reseller's people.")
    run = QuoteRun.objects.create(
        reseller=by.reseller,
        created_by=by,
        created_at=now,
        is_per_customer=settings.is_per_customer,
        years=settings.years,
        note=settings.note,
        payment_terms=settings.terms.payment_terms,
        delivery=settings.terms.delivery,
        remarks=settings.terms.remarks,
        valid_days=settings.terms.valid_days,
        with_calculation=settings.with_calculation,
        as_confirmed=settings.as_confirmed,
    )
    QuoteRunRow.objects.bulk_create(
        (
            QuoteRunRow(
                run=run,
                position=position,
                key=uuid.uuid4(),
                customer=group[0].customer,
                customer_name=group[0].customer.name,
                license_ids=[one.pk for one in group],
                license_codes=CODES_BETWEEN.join(one.code for one in group),
            )
            for position, group in enumerate(_grouped(found, settings.is_per_customer))
        ),
        batch_size=1_000,
    )
    batch = start_batch(task=task, parameters={"run": str(run.key)}, by=by, now=now)
    QuoteRunWork.objects.create(run=run, kind=QuoteRunWork.Kind.PRICE, batch=batch)
    return run


def _grouped(found: Iterable[Any], is_per_customer: bool) -> list[list[LicenseID]]:
    """What comes into one quote: the first to expire stand first; so many license IDs as a quote can have."""
    listed = sorted(found, key=lambda one: (one.expires_on is None, one.expires_on, one.code))
    if not is_per_customer:
        return [[one] for one in listed]
    groups: list[list[LicenseID]] = []
    by_customer = sorted(listed, key=lambda one: one.customer_id)  # stable: each by expiry
    for _customer, members in groupby(by_customer, key=lambda one: one.customer_id):
        own = list(members)
        groups += [own[start : start + MOST_PARTS] for start in range(0, len(own), MOST_PARTS)]
    order = {id(one): at for at, one in enumerate(listed)}
    return sorted(groups, key=lambda group: order[id(group[0])])


class PriceWork:
    """Prices the rows that wait."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now

    def count_items(self, batch: Batch) -> int:
        return -(-work_of(batch).run.rows.count() // CHUNK)

    def do_item(self, batch: Batch, position: int, beat: Beat) -> Callable[[], None]:
        run = work_of(batch).run
        user = check_person(batch, run)
        waiting = run.rows.filter(position__gte=position * CHUNK, position__lt=(position + 1) * CHUNK)
        rows = list(waiting.filter(state=State.WAITING))
        with translation.override("ja"):
            basis = read_basis(rows, user=user, now=self.now())
            for row in rows:
                price_row(row, run, basis)
        unwanted = [row.pk for row in rows if LEFT_OUT_AT_FIRST & {one["code"] for one in row.problems}]

        def write() -> None:
            lock(run)  # somebody may be leaving rows out
            write_rows(rows)
            run.rows.filter(pk__in=unwanted).update(is_left_out=True)

        return write

    def finish(self, batch: Batch) -> dict[str, Any]:
        run = work_of(batch).run
        QuoteRun.objects.filter(pk=run.pk).update(version=F("version") + 1)
        return {}


def work_of(batch: Batch) -> QuoteRunWork:
    """Raises BatchFailed where the run was deleted."""
    work = QuoteRunWork.objects.select_related("run").filter(batch=batch).first()
    if work is None:
        raise BatchFailed(_("This batch of quotes was deleted."))
    return work


def check_person(batch: Batch, run: QuoteRun) -> User:
    """Who started the work, as they are now. Raises BatchFailed where they may not make the reseller's quotes now."""
    user = User.objects.select_related("reseller").get(pk=batch.created_by_id)
    if not (user.is_active and user.is_reseller_staff and user.reseller_id == run.reseller_id):
        text = _("Whoever started this may not make quotes any more. Press “Go on” to have it done in your name.")
        raise BatchFailed(text)
    return user
