"""Workers that are killed while they issue, two at once, and two people who press at once: nothing lost, nothing twice.

How many are killed: SOAK (4; `make soak SOAK=100` kills a hundred). They are started anew, not forked: typst's threads
are not there any more in the copy of a process that has drawn.
"""

import os
import random
import time

import pytest
from django.utils import timezone

from licensing.models import Holding, LicenseID
from quotes.models import EventChain, Quote, QuoteEvent, QuoteNumber
from renewals.batch.operations import RunRefused
from renewals.models import QuoteRun
from tests.at_once import at_once
from tests.cast import EXPIRY, make_cast, make_license_id
from tests.foundation.jobs.workers import spawn_worker, wait_until
from tests.renewals.batches import begin, press, price, reviewed, stands

SOAK = int(os.environ.get("SOAK", "0"))
KILLS = SOAK or 4
COUNT = 60 + 20 * KILLS
"""License IDs: a chunk of twenty takes about as long as a worker is left alive."""


@pytest.mark.postgres
@pytest.mark.soak
@pytest.mark.timeout(3600 if SOAK else 300)
@pytest.mark.django_db(transaction=True)
def test_killed_at_any_moment_each_is_issued_once_and_numbers_have_no_gaps():
    cast = make_cast()
    now = timezone.now()
    rows = LicenseID.objects.bulk_create(
        LicenseID(code=f"LIC-{number:05}", customer=cast.customer) for number in range(COUNT)
    )
    Holding.objects.bulk_create(
        Holding(licenseid=row, product=cast.products["SMP-BS"], quantity=45, support_expires_on=EXPIRY) for row in rows
    )
    run = price(begin(rows, cast.staff, now=now), now=now)
    assert press(run, cast.staff, now=now) == COUNT
    chance = random.Random(11)
    workers = [spawn_worker(), spawn_worker()]
    try:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.5, 5))
            victim = chance.randrange(2)
            workers[victim].kill()
            workers[victim].wait()
            workers[victim] = spawn_worker()
        wait_until(lambda: not run.works.exclude(batch__state="done").exists(), seconds=120 + 10 * KILLS)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    assert {one[1] for one in stands(run)} == {"issued"}
    keys = set(run.rows.values_list("key", flat=True))
    assert set(Quote.objects.values_list("key", flat=True)) == keys
    assert Quote.objects.count() == COUNT
    sequences = sorted(Quote.objects.values_list("sequence", flat=True))
    assert sequences == list(range(1, COUNT + 1))
    assert QuoteNumber.objects.get().last == COUNT
    assert QuoteEvent.objects.filter(kind="issued").count() == COUNT == EventChain.objects.get().last_position


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_press_at_once_and_one_issues():
    cast = make_cast()
    run = reviewed([make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45))], cast.staff)
    answers = at_once(lambda: press(run, cast.staff), lambda: press(run, cast.colleague))
    [refused] = [one for one in answers if one != 1]
    assert isinstance(refused, RunRefused)
    assert QuoteRun.objects.get().works.filter(kind="issue").count() == 1
