"""(d) The impact of a draft price list: license IDs with four holdings, each priced under two lists and written down.

One worker in one process, as `manage.py worker` does it, with the workbook at the end. Growth is linear when a row of
the largest run takes no more processor time than a row of the smallest: what else the machine does is left out of that.
"""

import random
from datetime import timedelta
from time import perf_counter, process_time
from typing import Any

from .portal import Desk
from .results import Result

SIZES = (10_000, 30_000, 100_000)
GOAL_SECONDS = 60
GOAL_GROWTH = 1.3
GOAL_RATIO = 4
KINDS = (
    ("SMP-CC", "SMP-CS", "SMP-SW", "SMP-IM"),
    ("SMP-BS", "SMP-DS", "SMP-WM", "SMP-SL"),
    ("SMP-CC", "SMP-IM", "SMP-BS", "SMP-WM"),
)
FIRST_DAY = 3000
"""So many days from now the first of them expires: nothing of the sample does."""


def measure(desk: Desk, *, sizes: tuple[int, ...] = SIZES) -> list[Result]:
    make_license_ids(desk, sizes)
    draft = make_draft(desk)
    results: list[Result] = []
    by_row = []
    workbook = busy = engine = 0.0
    for number, size in enumerate(sizes):
        began = process_time()
        seconds, workbook, run = run_impact(desk, draft, size, days=number)
        busy = process_time() - began
        engine = time_engine(run) if number == len(sizes) - 1 else 0.0
        by_row.append(busy / size)
        goal = GOAL_SECONDS if size == SIZES[-1] else None
        results.append(Result(f"Impact of {size:,} renewals", seconds, "s", at_most=goal))
    results.append(Result("  of this the workbook", workbook, "s"))
    results.append(Result("  processor time of all", busy, "s"))
    results.append(Result("  processor time of the engine alone, on the same requests", engine, "s"))
    results.append(Result("Impact with its workbook : engine alone, processor time", busy / engine, "x",
                          at_most=GOAL_RATIO))  # fmt: skip
    results.append(Result("Impact: processor time of a row, largest : smallest", by_row[-1] / by_row[0], "x",
                          at_most=GOAL_GROWTH))  # fmt: skip
    return results


def make_license_ids(desk: Desk, sizes: tuple[int, ...]) -> None:
    """So many that a run over n + 1 days finds the n-th size: the first expire on the first day, more on the next."""
    from django.utils import timezone

    from licensing.models import Customer, Holding, LicenseID, Product

    dice = random.Random(1)
    products = {product.code: product for product in Product.objects.all()}
    customers = list(Customer.objects.order_by("pk"))
    first = timezone.localdate() + timedelta(days=FIRST_DAY)
    begun = 0
    for number, size in enumerate(sizes):
        for start in range(begun, size, 5000):
            rows = LicenseID.objects.bulk_create(
                LicenseID(code=f"IMPACT-{position:06}", customer=dice.choice(customers))
                for position in range(start, min(start + 5000, size))
            )
            Holding.objects.bulk_create(
                Holding(
                    licenseid=row,
                    product=products[code],
                    quantity=dice.randint(30, 900),
                    support_expires_on=first + timedelta(days=number),
                )
                for row in rows
                for code in dice.choice(KINDS)
            )
        begun = size


def make_draft(desk: Desk) -> Any:
    """The list in force with other prices and thresholds."""
    from django.utils import timezone

    from pricing.lists.operations.copy import copy_price_list
    from pricing.models import PriceRank
    from pricing.queries import price_lists_around

    now = timezone.now()
    in_force, _following = price_lists_around(on=timezone.localdate(now))
    if in_force is None:
        raise RuntimeError("The sample has no price list in force.")
    day = timezone.localdate(now) + timedelta(days=20)
    draft = copy_price_list(price_list=in_force, effective_on=day, by=desk.user, now=now, name="Bench")
    ranks = list(PriceRank.objects.filter(price_table__price_list=draft).select_related("price_table__product"))
    for number, rank in enumerate(ranks):
        rank.renewal_price = rank.renewal_price * (95 + number % 20) // 100
        if rank.from_quantity > 50:
            rank.from_quantity += 5
    PriceRank.objects.bulk_update(ranks, ["renewal_price", "from_quantity"])
    return draft


def time_engine(run: Any) -> float:
    """Processor time of pricing all of a run's renewals under both lists, which are read before."""
    from pricing.engine.quote import price_quote
    from renewals.impact import subjects
    from renewals.impact.run import ImpactWork

    work = ImpactWork()
    old, new = work.read_prices(run)
    spent = 0.0
    for kind, first, last in run.chunks:
        if kind == "renewal":
            found = list(subjects.renewals(run=run, first=first, last=last, products=work.products))
            began = process_time()
            for subject in found:
                price_quote(subject.requests, old)
                price_quote(subject.requests, new)
            spent += process_time() - began
    return spent


def run_impact(desk: Desk, draft: Any, size: int, *, days: int) -> tuple[float, float, Any]:
    """Seconds for all of it, and of these for the workbook; the run."""
    from django.utils import timezone

    from foundation.jobs.operations import work_off
    from renewals.impact import ImpactWork, start_impact
    from renewals.impact.tasks import calculate_impact
    from renewals.models import ImpactRun

    class Timed(ImpactWork):
        seconds = 0.0

        def do_item(self, batch: Any, position: int, beat: Any) -> Any:
            started = perf_counter()
            write = super().do_item(batch, position, beat)
            self.seconds = perf_counter() - started  # the last item is the workbook
            return write

    now = timezone.now()
    on = timezone.localdate(now) + timedelta(days=FIRST_DAY)
    run = start_impact(price_list=draft, days=days, task=calculate_impact, by=desk.user, on=on, now=now)
    work = Timed()
    started = perf_counter()
    work_off(batch_pk=run.batch_id, work=work, clock=timezone.now)
    seconds = perf_counter() - started
    run = ImpactRun.objects.select_related("batch", "price_list", "compared_with").get(pk=run.pk)
    if run.batch.state != "done" or run.rows.filter(kind="renewal").count() != size:
        raise RuntimeError(f"The run is not done: {run.batch.state} {run.batch.message}")
    return seconds, work.seconds, run
