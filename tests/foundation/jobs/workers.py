"""Real workers, processes of their own, that a test may kill."""

import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from foundation.jobs.models import Batch

SECONDS_OF_LEASE = 3
"""How long a killed worker's work waits for the next one."""


class Worker(Protocol):
    """What a test does with one."""

    def send_signal(self, number: int, /) -> None: ...
    def kill(self) -> None: ...
    def terminate(self) -> None: ...
    def wait(self) -> int: ...
    def poll(self) -> int | None: ...


def spawn_worker(name: str = "") -> Worker:
    """As it is started in production, with settings of its own; `name`: by which `is_at_work` knows it."""
    database = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database}"
    else:
        url = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{database}"
    environment = os.environ | {"DATABASE_URL": url, "BATCH_LEASE_SECONDS": str(SECONDS_OF_LEASE)}
    # Seldom seeking rubbish while Django is loaded saves a quarter of the start, and no check of all settings another.
    code = "import gc, runpy; gc.set_threshold(200_000); runpy.run_path('manage.py', run_name='__main__')"
    command = [sys.executable, "-c", code, "worker", "--skip-checks", "--interval", "0.2", "--no-startup-delay"]
    command += ["--worker-id", name] if name else []
    return subprocess.Popen(command, cwd=Path(settings.BASE_DIR), env=environment)


def is_at_work(name: str) -> bool:
    """Whether the worker of this name is in the midst of background work, and holds its lease."""
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).values_list("pk", "worker_ids")
    own = [str(pk) for pk, names in running if names and names[-1] == name]
    held = Batch.objects.filter(task_id__in=own, state=Batch.State.RUNNING, leased_until__gt=timezone.now())
    return held.exclude(leased_by="").exists()


class ForkedWorker:
    """The same command in a copy of this process, on PostgreSQL: nothing is loaded once more.

    Its connection is one of its own; SQLite's would not bear to be copied.
    """

    def __init__(self) -> None:
        assert connection.vendor == "postgresql"
        self.ended: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            self._work()

    def _work(self) -> None:
        try:
            self.parents, connection.connection = connection.connection, None  # not to be closed: it is not used here
            settings.BATCH_LEASE_SECONDS = SECONDS_OF_LEASE
            call_command("worker", interval=0.2, startup_delay=False, stdout=StringIO())
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)

    def send_signal(self, number: int, /) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        if self.ended is None:
            _pid, self.ended = os.waitpid(self.pid, 0)
        return self.ended

    def poll(self) -> int | None:
        if self.ended is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.ended = status if pid else None
        return self.ended


def start_worker() -> Worker:
    return ForkedWorker() if connection.vendor == "postgresql" else spawn_worker()


def wait_until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    for _ in range(int(seconds / 0.1)):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("It did not come about in time.")


def kill_while_at_work(batch: Batch | None, doing: str) -> None:
    """Kill a worker as soon as it says that it does this."""
    assert batch is not None
    worker = start_worker()
    try:
        while not Batch.objects.filter(pk=batch.pk, doing=doing).exists():
            assert worker.poll() is None
            time.sleep(0.01)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    finally:
        worker.kill()
    left = Batch.objects.get(pk=batch.pk)
    assert (left.state, left.items.count(), left.attempts) == ("running", 0, 1)


def let_finish(batch: Batch | None) -> Batch:
    """Another worker takes the work up and ends it; the batch as it is then."""
    assert batch is not None
    worker = start_worker()
    try:
        wait_until(lambda: Batch.objects.get(pk=batch.pk).is_finished)
    finally:
        worker.terminate()
        worker.wait()
    return Batch.objects.get(pk=batch.pk)
