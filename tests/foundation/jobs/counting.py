"""Background work for tests: it counts, slowly if asked, and writes what it counted into the tax rates."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from django_tasks import task

from foundation.jobs.models import Batch
from foundation.jobs.operations import BatchFailed, Beat, work_off
from pricing.models import TaxRate


class Counting:
    """Writes one tax rate per item; `begun` in the parameters: a file that gets a line whenever an item begins."""

    def count_items(self, batch: Batch) -> int:
        return int(batch.parameters["items"])

    def do_item(self, batch: Batch, position: int, beat: Beat) -> Callable[[], None]:
        parameters = batch.parameters
        if begun := parameters.get("begun"):
            with Path(begun).open("a", encoding="utf-8") as file:
                file.write(f"{position}\n")
        if position == parameters.get("refuses"):
            raise BatchFailed("Row 3 is wrong.")
        if position == parameters.get("breaks"):
            raise ZeroDivisionError
        for step in range(10):
            beat(step, 10, "counting")
            time.sleep(parameters.get("seconds", 0) / 10)

        def write() -> None:
            category = parameters.get("category", "counted")
            TaxRate.objects.create(category=category, percent=1, effective_on=date(2026, 1, 1) + timedelta(position))
            if position == parameters.get("breaks_writing"):
                raise ZeroDivisionError

        return write

    def finish(self, batch: Batch) -> dict[str, Any]:
        return {"counted": TaxRate.objects.filter(category="counted").count()}


@task()
def count(batch_pk: int) -> None:
    work_off(batch_pk=batch_pk, work=Counting(), clock=timezone.now)
