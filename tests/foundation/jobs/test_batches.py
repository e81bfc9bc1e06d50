"""Background work: done once, taken up again where a worker died, and never twice."""

import signal
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from foundation.jobs.models import Batch, BatchItem
from foundation.jobs.operations import LeaseLost, start_batch, sweep, work_off
from licensing.models import User
from pricing.models import TaxRate
from tests.foundation.jobs.counting import Counting, count
from tests.foundation.jobs.workers import start_worker, wait_until

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)


@pytest.fixture
def admin(db):
    return User.objects.create_user(email="admin@portal.example.jp", name="香坂", role="admin")


def start(admin: User, now: datetime = NOW, **parameters: object) -> Batch:
    with translation.override("en"):
        return start_batch(task=count, parameters={"items": 3} | parameters, by=admin, now=now)


def run_worker() -> None:
    call_command("worker", batch=True, startup_delay=False, verbosity=0)


def counted() -> int:
    return TaxRate.objects.filter(category="counted").count()


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_what_was_started():
    admin = User.objects.create_user(email="admin@portal.example.jp", name="香坂", role="admin")
    batch = start(admin, now=timezone.now())
    assert (batch.state, batch.percent, batch.is_finished) == ("waiting", 0, False)
    run_worker()
    batch.refresh_from_db()
    assert (batch.state, batch.percent, batch.is_finished) == ("done", 100, True)
    assert (batch.item_count, batch.done_count, batch.result) == (3, 3, {"counted": 3})
    assert batch.finished_at is not None
    assert list(batch.items.values_list("position", flat=True)) == [0, 1, 2]
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_what_cannot_be_done_fails_with_its_reason_and_is_not_tried_again(admin):
    batch = start(admin, refuses=1)
    work_off(batch_pk=batch.pk, work=Counting(), clock=lambda: NOW)
    batch.refresh_from_db()
    assert (batch.state, batch.message, batch.attempts, counted()) == ("failed", "Row 3 is wrong.", 0, 1)
    assert sweep(now=NOW + LEASE * 2) == 0


def test_what_breaks_is_tried_five_times_and_says_so(admin):
    batch = start(admin, breaks=0)
    for attempt in range(1, 6):
        work_off(batch_pk=batch.pk, work=Counting(), clock=lambda: NOW)
        batch.refresh_from_db()
        assert (batch.attempts, batch.state) == (attempt, "running" if attempt < 5 else "failed")
    assert batch.message == "It failed 5 times. The log tells why."
    work_off(batch_pk=batch.pk, work=Counting(), clock=lambda: NOW)
    batch.refresh_from_db()
    assert batch.attempts == 5


def test_an_item_that_breaks_while_writing_writes_nothing(admin):
    batch = start(admin, breaks_writing=1)
    work_off(batch_pk=batch.pk, work=Counting(), clock=lambda: NOW)
    batch.refresh_from_db()
    assert (counted(), batch.done_count, batch.items.count(), batch.state) == (1, 1, 1, "running")
    Batch.objects.update(parameters={"items": 3})
    work_off(batch_pk=batch.pk, work=Counting(), clock=lambda: NOW)
    batch.refresh_from_db()
    assert (counted(), batch.done_count, batch.items.count(), batch.state) == (3, 3, 3, "done")


def test_nobody_works_at_what_another_holds(admin):
    batch = start(admin)
    Batch.objects.update(leased_by="another", leased_until=NOW + timedelta(seconds=1), state="running", attempts=1)
    work_off(batch_pk=batch.pk, work=Counting(), clock=lambda: NOW)
    assert (counted(), Batch.objects.get().leased_by, Batch.objects.get().attempts) == (0, "another", 1)
    work_off(batch_pk=batch.pk, work=Counting(), clock=lambda: NOW + timedelta(seconds=1))
    assert (counted(), Batch.objects.get().state) == (3, "done")


class Robbed(Counting):
    """Somebody else takes the lease while an item is being done."""

    def do_item(self, batch, position, beat):
        write = super().do_item(batch, position, beat)
        if position == 1:
            Batch.objects.update(leased_by="another")
        return write


def test_who_lost_the_lease_writes_nothing_more(admin):
    batch = start(admin)
    work_off(batch_pk=batch.pk, work=Robbed(), clock=lambda: NOW)
    batch.refresh_from_db()
    assert (counted(), batch.done_count, batch.state, batch.leased_by) == (1, 1, "running", "another")
    assert issubclass(LeaseLost, Exception)


def test_the_sweeper_queues_what_nobody_works_at(admin):
    batch = start(admin)
    assert sweep(now=NOW + LEASE) == 0  # it waits for a worker
    DBTaskResult.objects.update(status="RUNNING")
    assert sweep(now=NOW + LEASE - timedelta(seconds=1)) == 0
    Batch.objects.update(leased_by="dead", leased_until=NOW + LEASE, state="running", attempts=1)
    assert sweep(now=NOW + LEASE - timedelta(seconds=1)) == 0
    assert sweep(now=NOW + LEASE) == 1
    assert sweep(now=NOW + LEASE) == 0
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "READY"]
    batch.refresh_from_db()
    assert DBTaskResult.objects.get(status="READY").pk.hex == batch.task_id.replace("-", "")


def test_what_kills_its_worker_each_time_is_given_up(admin):
    start(admin)
    DBTaskResult.objects.update(status="RUNNING")
    Batch.objects.update(leased_by="dead", leased_until=NOW, state="running", attempts=5)
    assert sweep(now=NOW + LEASE) == 0
    batch = Batch.objects.get()
    assert (batch.state, batch.message) == ("failed", "It was begun 5 times and never finished. The log tells more.")


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_nothing_and_repeats_nothing(tmp_path):
    """Two real workers; the one at work is killed with -9 in the middle of an item."""
    admin = User.objects.create_user(email="admin@portal.example.jp", name="香坂", role="admin")
    begun = tmp_path / "begun"
    batch = start(admin, now=timezone.now(), items=4, seconds=1.0, begun=str(begun))
    first = start_worker()
    try:
        wait_until(lambda: begun.exists() and "1\n" in begun.read_text())
        first.send_signal(signal.SIGKILL)
        first.wait()
        batch.refresh_from_db()
        assert (batch.state, batch.done_count, counted()) == ("running", 1, 1)
    finally:
        first.kill()
    second = start_worker()
    try:
        wait_until(lambda: Batch.objects.get().is_finished)
    finally:
        second.terminate()
        second.wait()
    batch.refresh_from_db()
    assert (batch.state, batch.done_count, batch.result, counted()) == ("done", 4, {"counted": 4}, 4)
    assert begun.read_text().split() == ["0", "1", "1", "2", "3"]
    assert sorted(BatchItem.objects.values_list("position", flat=True)) == [0, 1, 2, 3]
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "SUCCESSFUL"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_several_workers_share_the_queue(tmp_path):
    """Three real workers, six pieces of work: all of it is done once, and not by one of them alone."""
    admin = User.objects.create_user(email="admin@portal.example.jp", name="香坂", role="admin")
    begun = [tmp_path / f"begun-{number}" for number in range(6)]
    for file in begun:
        start(admin, now=timezone.now(), items=2, seconds=0.5, begun=str(file), category=file.name)
    workers = [start_worker() for _ in range(3)]
    try:
        wait_until(lambda: not Batch.objects.exclude(state__in=["done", "failed"]).exists())
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait()
    assert list(Batch.objects.values_list("state", "done_count", "attempts")) == [("done", 2, 0)] * 6
    assert [file.read_text().split() for file in begun] == [["0", "1"]] * 6
    ids = {worker for task in DBTaskResult.objects.all() for worker in task.worker_ids}
    assert len(ids) > 1
