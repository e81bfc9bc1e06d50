"""Workers that are killed while they issue, two at once, and two people who press at once: nothing lost, nothing twice.

How many are killed: SOAK (4; `make soak SOAK=100` kills a hundred), each of them in the midst of work that it had taken
up: one that only starts loses nothing. They are started anew, not forked: typst's threads are not there any more in the
copy of a process that has drawn.
"""

import itertools
import os
import random
import time
from datetime import datetime

import pytest
from django.utils import timezone

from foundation.jobs.models import Batch
from foundation.jobs.operations import work_off
from licensing.models import Holding, LicenseID
from quotes.models import EventChain, Quote, QuoteEvent, QuoteNumber
from renewals.batch.operations import PriceWork, RunRefused, resume
from renewals.models import QuoteRun
from tests.at_once import at_once
from tests.cast import EXPIRY, Cast, make_cast, make_license_id
from tests.foundation.jobs.workers import is_at_work, spawn_worker, wait_until
from tests.renewals.batches import begin, press, reviewed, stands

SOAK = int(os.environ.get("SOAK", "0"))
KILLS = SOAK or 4
IN_A_RUN = 120
"""License IDs; a chunk of twenty takes about a second. Where all are issued before enough are killed, more come."""
AT_WORK = 2.0
"""Seconds up to which a worker that has taken up work is left alive."""


@pytest.mark.postgres
@pytest.mark.soak
@pytest.mark.timeout(3600 if SOAK else 300)
@pytest.mark.django_db(transaction=True)
def test_killed_at_any_moment_each_is_issued_once_and_numbers_have_no_gaps():
    cast, now = make_cast(), timezone.now()
    runs = [_started(cast, 0, now)]
    chance, names = random.Random(11), (f"worker-{number}" for number in itertools.count(1))
    workers = {name: spawn_worker(name) for name in itertools.islice(names, 2)}
    hit = gone_on = 0
    try:
        while hit < KILLS:
            if not _unfinished(runs[-1]):
                runs.append(_started(cast, len(runs), now))
            gone_on += _go_on(runs, cast)
            wait_until(lambda: any(map(is_at_work, workers)) or _has_failed(runs) or not _unfinished(runs[-1]))
            busy = [name for name in workers if is_at_work(name)]
            if not busy:
                continue
            victim = chance.choice(busy)
            time.sleep(chance.uniform(0, AT_WORK))
            if not is_at_work(victim):
                continue
            worker = workers.pop(victim)
            worker.kill()
            worker.wait()
            hit += is_at_work(victim)  # else it had done its last item a moment before
            started = next(names)
            workers[started] = spawn_worker(started)
        gone_on += _go_on(runs, cast)
        wait_until(lambda: not any(map(_unfinished, runs)), seconds=120)
    finally:
        for worker in workers.values():
            worker.kill()
            worker.wait()
    count = IN_A_RUN * len(runs)
    print(f"{hit} workers killed at work on {count} license IDs; {gone_on} works gone on with after five that died")
    assert hit == KILLS
    assert {one[1] for run in runs for one in stands(run)} == {"issued"}
    assert set(Quote.objects.values_list("key", flat=True)) == {
        key for run in runs for key in run.rows.values_list("key", flat=True)
    }
    assert Quote.objects.count() == count
    assert sorted(Quote.objects.values_list("sequence", flat=True)) == list(range(1, count + 1))
    assert QuoteNumber.objects.get().last == count
    assert QuoteEvent.objects.filter(kind="issued").count() == count == EventChain.objects.get().last_position


def _started(cast: Cast, number: int, now: datetime) -> QuoteRun:
    """A batch of license IDs of its own whose issue waits for workers."""
    rows = LicenseID.objects.bulk_create(
        LicenseID(code=f"LIC-{number:03}-{each:03}", customer=cast.customer) for each in range(IN_A_RUN)
    )
    Holding.objects.bulk_create(
        Holding(licenseid=row, product=cast.products["SMP-BS"], quantity=45, support_expires_on=EXPIRY) for row in rows
    )
    run = begin(rows, cast.staff, now=now)
    work_off(batch_pk=_priced(run).pk, work=PriceWork(lambda: now), clock=timezone.now)  # or a worker is at it already
    wait_until(lambda: _priced(run).state == Batch.State.DONE)
    assert press(run, cast.staff, now=now) == IN_A_RUN
    return run


def _priced(run: QuoteRun) -> Batch:
    return Batch.objects.get(pk__in=run.works.filter(kind="price").values("batch"))


def _has_failed(runs: list[QuoteRun]) -> bool:
    return any(run.works.filter(batch__state="failed").exists() for run in runs)


def _go_on(runs: list[QuoteRun], cast: Cast) -> int:
    """Where five workers died before any got on, somebody presses 「再開」. How many works that concerns."""
    count = 0
    for run in runs:
        failed = run.works.filter(kind="issue", batch__state="failed").count()
        if failed:
            resume(run=run, kind="issue", by=cast.staff, now=timezone.now())
        count += failed
    return count


def _unfinished(run: QuoteRun) -> bool:
    return run.works.exclude(batch__state="done").exists()


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_press_at_once_and_one_issues():
    cast = make_cast()
    run = reviewed([make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))], cast.staff)
    answers = at_once(lambda: press(run, cast.staff), lambda: press(run, cast.colleague))
    [refused] = [one for one in answers if one != 1]
    assert isinstance(refused, RunRefused)
    assert QuoteRun.objects.get().works.filter(kind="issue").count() == 1
