"""(g) Many quotes in one go: priced, issued and drawn by two workers (one on SQLite), against typst alone on as many
cores, which draws as many quotes with the frozen template; and whether ten times as many take ten times as long.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from .issue import issued_document
from .paper import different_sheet, reference
from .portal import HELD, Desk
from .results import Result

SIZES = (40, 200)
RATE_GOAL, GROWTH_GOAL = 0.8, 1.05
DRAWN = 300
"""Quotes that typst alone draws."""


def measure(desk: Desk, *, sizes: tuple[int, int] = SIZES, drawn: int = DRAWN) -> list[Result]:
    with workers() as count:
        seconds = [time_run(desk, size, f"BATCH-{size}") for size in sizes]
        bare = time_bare(issued_document(desk, "BENCH-PAPER-0002"), drawn)
    small, large = sizes
    rate = large / seconds[1]
    growth = (seconds[1] / large) / (seconds[0] / small)
    return [
        Result(f"Batch of {large:,} quotes, {count} workers, with PDF", rate, "quotes/s"),
        Result("typst alone on as many cores, reference", bare, "quotes/s"),
        Result("Batch : reference, quotes/s", rate / bare, "x", at_least=RATE_GOAL),
        Result(f"Batch: a quote of {large:,} : a quote of {small:,}", growth, "x", at_most=GROWTH_GOAL),
    ]


@contextmanager
def workers() -> Iterator[int]:
    """Real ones beside this process, as in production; ready when the time begins."""
    from django.db import connection

    from foundation.jobs.models import WorkerBeat

    count = 2 if connection.vendor == "postgresql" else 1
    command = [
        sys.executable,
        "manage.py",
        "worker",
        "--skip-checks",
        "--interval",
        "0.1",
        "--no-startup-delay",
        "--verbosity",
        "0",
    ]
    started = [subprocess.Popen(command, env=os.environ) for _ in range(count)]
    try:
        wait_until(lambda: WorkerBeat.objects.count() >= count)
        yield count
    finally:
        for worker in started:
            worker.terminate()
        for worker in started:
            worker.wait()


def time_run(desk: Desk, size: int, prefix: str) -> float:
    """Seconds from the license IDs to the last quote."""
    from django.utils import timezone

    from renewals.batch.operations import Settings, acknowledge, start_issue, start_run
    from renewals.batch.queries import sums_of
    from renewals.batch.tasks import issue_run, price_run

    numbers = make_many(desk, size, prefix)
    by: dict[str, Any] = {"by": desk.user, "now": timezone.now()}
    begun = time.perf_counter()
    run = start_run(license_ids=numbers, settings=Settings(), task=price_run, **by)
    wait_until(lambda: not run.works.filter(batch__finished_at=None).exists())
    run.refresh_from_db()
    for code in sums_of(run).unread:
        acknowledge(run=run, code=code, seen_version=run.version, **by)
    sums = sums_of(run)
    start_issue(run=run, seen_count=sums.ready, seen_total=sums.ready_total, task=issue_run, **by)
    wait_until(lambda: not run.works.filter(batch__finished_at=None).exists())
    seconds = time.perf_counter() - begun
    if (issued := sums_of(run).by_state["issued"]) != size:
        raise RuntimeError(f"{issued} of {size} quotes were issued.")
    return seconds


def make_many(desk: Desk, size: int, prefix: str) -> list[int]:
    """License IDs of one customer, each with four holdings."""
    from django.utils import timezone

    from licensing.models import Customer, Holding, LicenseID, Product

    customer = Customer.objects.filter(reseller=desk.user.reseller_id).order_by("pk")[0]
    rows = LicenseID.objects.bulk_create(
        LicenseID(code=f"{prefix}-{position:05}", customer=customer) for position in range(size)
    )
    products = {product.code: product for product in Product.objects.all()}
    expires_on = timezone.localdate() + timedelta(days=40)
    Holding.objects.bulk_create(
        Holding(licenseid=row, product=products[code], quantity=quantity + at % 300, support_expires_on=expires_on)
        for at, row in enumerate(rows)
        for code, quantity in HELD.items()
    )
    return [row.pk for row in rows]


def time_bare(document: Any, count: int) -> float:
    """Quotes a second that typst draws alone, side by side on every core."""
    cores = os.cpu_count() or 1
    works = [reference(document, map(different_sheet, range(count + 1))) for _core in range(cores)]

    def draw(work: Any) -> None:
        for _ in range(count // cores):
            work()

    for work in works:
        work()
    begun = time.perf_counter()
    with ThreadPoolExecutor(max_workers=cores) as threads:
        list(threads.map(draw, works))
    return count // cores * cores / (time.perf_counter() - begun)


def wait_until(is_so: Any) -> None:
    while not is_so():
        time.sleep(0.1)
