"""(e) A price file of 40,000 rows: checked with its preview, and confirmed; each by a worker process of its own.

What is measured is what a person waits for: from the worker's start to the end of the work. The workers' peak memory is
that of the whole process.
"""

import os
import subprocess
import sys
from datetime import timedelta
from functools import cache
from statistics import median
from time import perf_counter, process_time
from typing import Any

from .portal import Desk
from .results import Result

ROWS = 40_000
RANKS = 8
GOAL_SECONDS = 20
GOAL_RATIO = 6
"""Preview to the bare reading of the same file with python-calamine."""
GOAL_MB = 500
READINGS = 3
"""Bare readings before the preview, and after it."""


def measure(desk: Desk, *, rows: int = ROWS) -> list[Result]:
    from django.utils import timezone, translation

    from foundation.spreadsheets.datasets import Xlsx
    from licensing.models import User
    from pricing.files import tasks
    from pricing.files.operations import confirm_import, load_products, upload_prices
    from pricing.files.reading import make_dataset
    from pricing.loader import load_tables
    from pricing.models import PriceImport

    translation.activate("ja")
    base = make_list(rows)
    tables = load_tables(price_list=base)
    started = perf_counter()
    dataset = make_dataset(list(tables.values()), load_products(), is_sample=True)
    content = Xlsx().export_data(dataset)
    results = [Result(f"Export of {len(dataset):,} rows as XLSX", perf_counter() - started, "s")]
    admin = User.objects.filter(role=User.Role.ADMIN).order_by("pk")[0]
    day = timezone.localdate() + timedelta(days=400)
    upload = upload_prices(
        content=content,
        file_name="bench.xlsx",
        based_on=base,
        name="Bench, imported",
        effective_on=day,
        task=tasks.check_price_file,
        by=admin,
        now=timezone.now(),
    )
    bare = [time_bare_reading(content) for _round in range(READINGS)]
    idle, idle_busy, _peak = run_nothing()
    seconds, busy, peak = run_worker()
    # Before and after: the machine may be busier at one of the two.
    bare += [time_bare_reading(content) for _round in range(READINGS)]
    wall, processor = (median(times) for times in zip(*bare, strict=True))
    upload = PriceImport.objects.get(pk=upload.pk)
    if upload.row_count != len(dataset) or upload.error_count:
        raise RuntimeError(f"The file was not read: {upload.check_batch and upload.check_batch.message}")
    goal = GOAL_SECONDS if rows == ROWS else None
    results += [
        Result(f"Import of {len(dataset):,} rows: preview", seconds, "s", at_most=goal),
        Result("  of this the processor was at it", busy, "s"),
        Result("  the worker's peak memory", peak, "MB", at_most=GOAL_MB),
        Result("  bare reading of the file", wall, "s"),
        Result("Import of prices, preview : bare reading", (seconds - idle) / wall, "x", at_most=GOAL_RATIO),
        Result("  the same in processor time", (busy - idle_busy) / processor, "x"),
    ]
    confirm_import(
        upload=upload,
        name=upload.name,
        effective_on=day,
        task=tasks.write_imported_draft,
        by=admin,
        now=timezone.now(),
    )
    seconds, busy, peak = run_worker()
    draft = PriceImport.objects.get(pk=upload.pk).draft
    if draft is None or load_tables(price_list=draft) != tables:
        raise RuntimeError("What was imported is not what was exported.")
    results += [
        Result(f"Import of {len(dataset):,} rows: confirm", seconds, "s", at_most=goal),
        Result("  of this the processor was at it", busy, "s"),
        Result("  the worker's peak memory", peak, "MB", at_most=GOAL_MB),
    ]
    return results


def make_list(rows: int) -> Any:
    """A draft of so many ranks, eight for each product."""
    from licensing.models import Product, Programme
    from pricing.models import PriceList, PriceRank, PriceTable

    programme = Programme.objects.order_by("pk")[0]
    price_list = PriceList.objects.create(name="Bench, to import", effective_on="2098-01-01", is_sample=True)
    products = Product.objects.bulk_create(
        Product(code=f"BENCH-{number:05}", name=f"測定用の製品 {number}", programme=programme)
        for number in range(rows // RANKS)
    )
    tables = PriceTable.objects.bulk_create(
        PriceTable(price_list=price_list, product=product, minimum_quantity=5) for product in products
    )
    PriceRank.objects.bulk_create(
        PriceRank(
            price_table=table,
            rank="ABCDEFGH"[position],
            from_quantity=5 * 3**position,
            renewal_price=3000 - 200 * position + number % 97,
            addition_price=6000 - 400 * position,
        )
        for number, table in enumerate(tables)
        for position in range(RANKS)
    )
    return price_list


def time_bare_reading(content: bytes) -> tuple[float, float]:
    """Seconds on the wall and of the processor for python-calamine alone, and nothing done with what it gives."""
    import io

    from python_calamine import CalamineWorkbook

    started, busy = perf_counter(), process_time()
    CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return perf_counter() - started, process_time() - busy


@cache
def run_nothing() -> tuple[float, float, float]:
    """What a worker needs to start: it runs all day, so that is nobody's waiting."""
    return run_worker("--queue-name", "nobody")


def run_worker(*options: str) -> tuple[float, float, float]:
    """Let a worker do what waits: seconds on the wall and of processor time, and its peak memory in MB."""
    command = [
        sys.executable,
        "manage.py",
        "worker",
        "--skip-checks",
        "--batch",
        "--no-startup-delay",
        "--verbosity",
        "0",
        *options,
    ]
    started = perf_counter()
    with subprocess.Popen(command) as process:
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"The worker ended with {process.returncode}.")
    return perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
