"""A worker that is killed in the middle of an impact: another goes on, nothing is lost, nothing stands twice."""

import signal

import pytest
from django.utils import timezone

from foundation.jobs.models import BatchItem
from licensing.models import Holding, LicenseID
from renewals.impact.totals import merge, sum_up
from renewals.models import ImpactFile, ImpactRow, ImpactRun
from tests.cast import EXPIRY, TODAY, make_cast
from tests.foundation.jobs.workers import start_worker, wait_until
from tests.making import given_quote
from tests.renewals.impacts import make_draft, start

pytestmark = pytest.mark.postgres  # the engine of all batches is killed on both databases: test_batches.py

COUNT = 2_000
"""License IDs: four chunks and a workbook, which take a moment each."""


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_no_row_and_writes_none_twice():
    cast = make_cast()
    rows = LicenseID.objects.bulk_create(
        LicenseID(code=f"LIC-{number:05}", customer=cast.customer) for number in range(COUNT)
    )
    Holding.objects.bulk_create(
        Holding(licenseid=row, product=cast.products[code], quantity=45, support_expires_on=EXPIRY)
        for row in rows
        for code in ("SMP-BS", "SMP-DS")
    )
    given_quote(rows[0], by=cast.staff)
    run = start(make_draft(cast), cast.admin, on=TODAY, now=timezone.now())
    first = start_worker()
    try:
        wait_until(lambda: BatchItem.objects.filter(batch=run.batch_id).count() >= 2)
        first.send_signal(signal.SIGKILL)
        first.wait()
    finally:
        first.kill()
    run = ImpactRun.objects.select_related("batch").get()
    done = run.batch.done_count
    assert run.batch.state == "running"
    assert 2 <= done < len(run.chunks) + 1
    assert not ImpactFile.objects.exists()
    assert ImpactRow.objects.count() == sum(whole["count"] for whole in run.totals.values()) >= 1_000
    second = start_worker()
    try:
        wait_until(lambda: ImpactRun.objects.select_related("batch").get().batch.is_finished)
    finally:
        second.terminate()
        second.wait()
    run = ImpactRun.objects.select_related("batch").get()
    assert (run.batch.state, run.batch.done_count, run.batch.item_count) == ("done", 6, 6)
    assert ImpactRow.objects.filter(kind="renewal").values("licenseid").distinct().count() == COUNT
    assert ImpactRow.objects.count() == COUNT + 1
    assert run.totals == merge({}, sum_up(run.rows.order_by("pk")))
    assert ImpactFile.objects.count() == 1
