"""Several people doing something at the same moment, each with a database connection of their own."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """Run each task in a thread with a connection of its own, all starting together; results or exceptions."""
    gate = threading.Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            gate.wait(30)
            return task()
        except Exception as error:  # the caller looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def wait_until_somebody_waits() -> None:
    """Until another connection waits for a row that this one holds (PostgreSQL)."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def first_and_then(first: Callable[[], Any], then: Callable[[], Any]) -> tuple[Any, Any]:
    """Somebody does the first, and another one the second, before the first is written and while they must wait for it.

    Results or exceptions. A second one who does not wait lets the test fail.
    """
    is_done = threading.Event()

    def do_first() -> Any:
        with transaction.atomic():
            try:
                result = first()
            finally:
                is_done.set()
            wait_until_somebody_waits()
        return result

    def do_then() -> Any:
        assert is_done.wait(30)
        return then()

    one, other = at_once(do_first, do_then)
    return one, other
