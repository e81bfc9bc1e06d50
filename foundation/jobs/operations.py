"""Work for the background: started by a page, done by a worker, taken up again where a worker died.

What is certain: each item is done once, because what it writes and the note that it is done are one transaction, and
only the worker that holds the lease gets to write it. What is not: an item may begin twice, and then the first is void.
"""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_tasks.base import Task
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ..transactions import one_transaction
from .models import UNFINISHED, Batch, BatchItem, WorkerBeat

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
"""How often work is begun before it counts as failed: also when each time the worker died of it."""
RETRIED = (Batch.State.FAILED, Batch.State.CANCELLED)
"""How work stands that can be begun again."""
BEAT_EVERY = timedelta(seconds=1)
Clock = Callable[[], datetime]


class BatchFailed(Exception):
    """The work cannot be done, and trying again would not help. The text says to a person why, and what to do."""


class WorkRefused(BatchFailed):
    """What the work was given cannot be used, such as a file that is none. The text says why, and what to do."""


class BatchNotSteered(Exception):
    """Work cannot be begun again or stopped as it stands now. The text says why to a person."""


class LeaseLost(Exception):
    """Another worker has taken over; whatever this one had not written is void."""


class Beat(Protocol):
    """Tells how far an item is and keeps the lease. Not within a transaction: nobody would see it before its end."""

    def __call__(self, done: int = 0, count: int = 0, doing: str = "") -> None: ...


class Work(Protocol):
    """What a kind of background work does."""

    def count_items(self, batch: Batch) -> int:
        """How many items it has. Called once, before the first."""

    def do_item(self, batch: Batch, position: int, beat: Beat) -> Callable[[], None]:
        """Do all of an item that writes nothing, and give back what writes it: that runs in the item's transaction."""

    def finish(self, batch: Batch) -> dict[str, Any]:
        """After the last item, in one transaction with the end: what the batch's page needs, as plain JSON."""


def start_batch(*, task: Task, parameters: dict[str, Any], by: AbstractBaseUser, now: datetime) -> Batch:
    """Queue work for the background: a task that takes a batch's row number and calls `work_off`."""
    with transaction.atomic():
        batch = Batch.objects.create(
            task_path=task.module_path,
            parameters=parameters,
            language=translation.get_language() or settings.LANGUAGE_CODE,
            created_by_id=by.pk,
            created_at=now,
            enqueued_at=now,
        )
        _enqueue(batch)
    return batch


def work_off(*, batch_pk: int, work: Work, clock: Clock) -> None:
    """Do what is left of a batch, unless another worker is at it. Called by tasks."""
    holder = uuid.uuid4().hex
    if not _take(batch_pk, holder, clock()):
        return
    batch = Batch.objects.select_related("created_by").get(pk=batch_pk)
    with translation.override(batch.language):
        try:
            _work(batch, work, holder, clock)
        except LeaseLost:
            logger.warning("background work %s went to another worker, or was cancelled", batch_pk)
        except WorkRefused as refused:
            _end(batch_pk, holder, Batch.State.REFUSED, str(refused), clock())
        except BatchFailed as failed:
            _end(batch_pk, holder, Batch.State.FAILED, str(failed), clock())
        except Exception:
            logger.exception("background work %s: attempt %s failed", batch_pk, batch.attempts)
            if batch.attempts >= MOST_ATTEMPTS:
                message = _("It failed %(times)s times. The log tells why.") % {"times": batch.attempts}
                _end(batch_pk, holder, Batch.State.FAILED, message, clock())
            else:  # the sweeper queues it again
                Batch.objects.filter(pk=batch_pk, leased_by=holder).update(leased_until=clock())


@one_transaction
def retry_batch(*, batch: Batch, by: AbstractBaseUser, now: datetime) -> None:
    """Queue failed or cancelled work again; it goes on with the items that are not done yet.

    Raises BatchNotSteered where it runs, is done, or was refused: what was refused would be refused again.
    """
    if not Batch.objects.filter(pk=batch.pk, state__in=RETRIED).update(
        state=Batch.State.WAITING,
        message="",
        finished_at=None,
        attempts=0,
        leased_by="",
        leased_until=None,
        enqueued_at=now,
        doing="",
        step_done=0,
        step_count=0,
    ):
        raise BatchNotSteered(_("Only work that failed or was cancelled can be begun again."))
    _enqueue(Batch.objects.get(pk=batch.pk))
    logger.info("background work %s is begun again by user %s", batch.pk, by.pk)


def cancel_batch(*, batch: Batch, by: AbstractBaseUser, now: datetime) -> None:
    """Stop work that waits or runs: a worker that is at it notices before it writes, and what it did not write is void.

    Raises BatchNotSteered where it has ended already.
    """
    message = _("Cancelled by %(name)s.") % {"name": by}
    if not Batch.objects.filter(UNFINISHED, pk=batch.pk).update(
        state=Batch.State.CANCELLED, message=message, finished_at=now, leased_by="", leased_until=None
    ):
        raise BatchNotSteered(_("This work has ended already: there is nothing to cancel."))
    logger.info("background work %s is cancelled by user %s", batch.pk, by.pk)


def sweep(*, now: datetime) -> int:
    """Queue again what nobody works at: the worker died, or its turn was lost. Returns how much."""
    count = 0
    for batch in _lost(now):
        if _results(batch, TaskResultStatus.READY).exists():  # all workers are busy
            continue
        with transaction.atomic():
            if not _lost(now).filter(pk=batch.pk, enqueued_at=batch.enqueued_at).update(enqueued_at=now):
                continue  # another sweeper was faster
            _results(batch, TaskResultStatus.RUNNING).update(status=TaskResultStatus.FAILED, finished_at=now)
            if batch.attempts >= MOST_ATTEMPTS:
                with translation.override(batch.language):
                    message = _("It was begun %(times)s times and never finished. The log tells more.")
                    message %= {"times": batch.attempts}
                    _end(batch.pk, batch.leased_by, Batch.State.FAILED, message, now)
                continue
            _enqueue(batch)
        logger.warning("background work %s is taken up again", batch.pk)
        count += 1
    return count


def _lost(now: datetime) -> QuerySet[Batch]:
    return Batch.objects.filter(UNFINISHED, enqueued_at__lte=now - lease_time()).filter(_is_free(now))


def _is_free(now: datetime) -> Q:
    return Q(leased_until__isnull=True) | Q(leased_until__lte=now)


def _results(batch: Batch, status: str) -> QuerySet[DBTaskResult]:
    return DBTaskResult.objects.filter(pk__in=[batch.task_id] if batch.task_id else [], status=status)


def lease_time() -> timedelta:
    """How long a worker may be silent before another takes over."""
    return timedelta(seconds=settings.BATCH_LEASE_SECONDS)


def _enqueue(batch: Batch) -> None:
    task: Task = import_string(batch.task_path)
    queued = task.enqueue(batch.pk)
    Batch.objects.filter(pk=batch.pk).update(task_id=str(queued.id))


def _take(batch_pk: int, holder: str, now: datetime) -> bool:
    free = Batch.objects.filter(UNFINISHED, pk=batch_pk).filter(_is_free(now))
    taken = free.update(
        state=Batch.State.RUNNING, leased_by=holder, leased_until=now + lease_time(), attempts=F("attempts") + 1
    )
    return bool(taken)


def _work(batch: Batch, work: Work, holder: str, clock: Clock) -> None:
    held = Batch.objects.filter(pk=batch.pk, leased_by=holder, state=Batch.State.RUNNING)

    def keep(**changes: Any) -> None:
        if not held.update(leased_until=clock() + lease_time(), **changes):
            raise LeaseLost

    last_beat = clock()

    def beat(done: int = 0, count: int = 0, doing: str = "") -> None:
        nonlocal last_beat
        now = clock()
        if now - last_beat >= BEAT_EVERY or doing != batch.doing:
            last_beat, batch.doing = now, doing
            keep(step_done=done, step_count=count, doing=doing)

    if batch.item_count is None:
        batch.item_count = work.count_items(batch)
        keep(item_count=batch.item_count)
    done = set(BatchItem.objects.filter(batch=batch).values_list("position", flat=True))
    for position in range(batch.item_count):
        if position in done:
            continue
        write = work.do_item(batch, position, beat)
        with transaction.atomic():
            # This locks the row: until the transaction ends nobody takes over. Work that gets on is no failed attempt.
            keep(done_count=F("done_count") + 1, step_done=0, step_count=0, attempts=0)
            write()
            BatchItem.objects.create(batch=batch, position=position, done_at=clock())
    with transaction.atomic():
        keep()
        result = work.finish(batch)
        keep(state=Batch.State.DONE, finished_at=clock(), result=result, doing="")


def _end(batch_pk: int, holder: str, state: Batch.State, message: str, now: datetime) -> None:
    """Without a result, unless it has ended or is somebody else's."""
    Batch.objects.filter(UNFINISHED, pk=batch_pk, leased_by=holder).update(
        state=state, message=message, finished_at=now, leased_until=None
    )


FORGOTTEN_AFTER = timedelta(days=1)


def note_worker(*, name: str, version: str, now: datetime) -> None:
    """Note that a worker lives; those not heard of for a day are forgotten."""
    WorkerBeat.objects.update_or_create(name=name, defaults={"version": version, "seen_at": now})
    WorkerBeat.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()
