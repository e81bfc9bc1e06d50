"""Start an impact, and the work that the background does for it: in chunks, so that a dead worker costs one chunk."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django_tasks.base import Task

from foundation.jobs.models import Batch
from foundation.jobs.operations import BatchFailed, Beat, start_batch
from foundation.transactions import one_transaction
from licensing.models import User
from pricing.engine.values import RANK_COLUMNS, TABLE_COLUMNS, PriceTable, PriceTables, Product, columns_of
from pricing.loader import load_ends, load_prices, load_tables, published_tables
from pricing.models import PriceList
from pricing.queries import list_before

from ..models import ImpactFile, ImpactRow, ImpactRun
from . import subjects
from .compare import compare_subject
from .totals import merge, sum_up
from .workbook import draw_workbook

CHUNK = 500
"""How many license IDs or quotes are one item of the work."""
MOST_KEPT = 3
"""How many finished runs of one draft are kept."""
MOST_DAYS = 730


class ImpactRefused(Exception):
    """The impact of this price list cannot be calculated. The text says why to a person."""


def draft_fingerprint(tables: Mapping[str, PriceTable], *, effective_on: date) -> str:
    """The same for the same prices from the same day, whatever their rows are called. Hexadecimal SHA-256."""
    content = [
        effective_on.isoformat(),
        [
            [
                code,
                *columns_of(table, TABLE_COLUMNS).values(),
                [[rank.rank, *columns_of(rank, RANK_COLUMNS).values()] for rank in table.ranks],
                [[years, f"{percent:.2f}"] for years, percent in sorted(table.multi_year_discounts.items())],
            ]
            for code, table in sorted(tables.items())
        ],
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


class _AtWork(Exception):
    """The very same is being calculated already."""

    def __init__(self, run: ImpactRun) -> None:
        super().__init__(str(run))
        self.run = run


def start_impact(*, price_list: PriceList, days: int, task: Task, by: User, on: date, now: datetime) -> ImpactRun:
    """Queue the calculation for a list to come, or find the one that is at work for the very same prices already.

    `days`: renewals of support that ends on the day `on` or so many days later. Only the last runs of a draft are kept.
    Raises ImpactRefused; then nothing was written.
    """
    try:
        return _start(price_list, days, task, by, on, now)
    except _AtWork as found:  # what was queued for nothing went with its transaction
        return found.run


@one_transaction
def _start(price_list: PriceList, days: int, task: Task, by: User, on: date, now: datetime) -> ImpactRun:
    """The background work first: whoever locks a price list locks no batch after it. Raises _AtWork, ImpactRefused."""
    batch = start_batch(task=task, parameters={"price_list": price_list.pk}, by=by, now=now)
    price_list = PriceList.objects.select_for_update(no_key=True).get(pk=price_list.pk)
    if price_list.is_published and price_list.effective_on <= on:
        raise ImpactRefused(_("%(name)s is in force already.") % {"name": price_list.name})
    tables = load_tables(price_list=price_list)
    if not tables:
        raise ImpactRefused(_("It has no price tables. Add at least one product's prices."))
    fingerprint = draft_fingerprint(tables, effective_on=price_list.effective_on)
    runs = ImpactRun.objects.filter(price_list=price_list).select_related("batch")
    for run in runs:
        if not run.batch.is_finished and (run.fingerprint, run.days) == (fingerprint, days):
            raise _AtWork(run)
    finished = [run.pk for run in runs if run.batch.is_finished]
    ImpactRun.objects.filter(pk__in=finished[MOST_KEPT - 1 :]).delete()
    ImpactRun.objects.filter(price_list=None, batch__finished_at__isnull=False).delete()
    compared_with = list_before(price_list)
    return ImpactRun.objects.create(
        price_list=price_list,
        price_list_name=price_list.name,
        compared_with=compared_with,
        compared_with_name=compared_with.name if compared_with else "",
        fingerprint=fingerprint,
        priced_on=price_list.effective_on,
        on=on,
        days=days,
        batch=batch,
    )


def latest_impact(price_list: PriceList) -> tuple[ImpactRun | None, bool]:
    """The last run for a draft, and whether the draft is another one since."""
    run = price_list.impact_runs.select_related("batch").order_by("-pk").first()
    if run is None:
        return None, False
    fingerprint = draft_fingerprint(load_tables(price_list=price_list), effective_on=price_list.effective_on)
    return run, run.fingerprint != fingerprint


class ImpactWork:
    """One run, as long as one worker is at it. Products and prices are read once, and kept from chunk to chunk."""

    def __init__(self) -> None:
        self.products: dict[int, Product] = {}
        self.prices: tuple[PriceTables, PriceTables] | None = None

    def count_items(self, batch: Batch) -> int:
        """The chunks are fixed now, by row numbers: whatever changes meanwhile, nothing is looked at twice."""
        run = run_of(batch)
        renewals = subjects.expiring_license_id_numbers(on=run.on, days=run.days)
        quotes = subjects.open_quotes(on=run.on).order_by("pk").values_list("pk", flat=True)
        run.chunks = [
            *cut("renewal", renewals),
            *cut("quote", quotes),
        ]
        run.save(update_fields=["chunks"])
        return len(run.chunks) + 1

    def do_item(self, batch: Batch, position: int, beat: Beat) -> Callable[[], None]:
        run = run_of(batch)
        if position == len(run.chunks):
            content = draw_workbook(run=run, beat=beat)

            def write_file() -> None:
                ImpactFile.objects.create(run=run, content=content)

            return write_file
        beat(doing="pricing")
        old, new = self.read_prices(run)
        kind, first, last = run.chunks[position]
        find = subjects.renewals if kind == ImpactRow.Kind.RENEWAL else subjects.quotes
        found = find(run=run, first=first, last=last, products=self.products)
        rows = [compare_subject(run_pk=run.pk, subject=subject, old=old, new=new) for subject in found]
        totals = sum_up(rows)

        def write() -> None:
            ImpactRow.objects.bulk_create(rows)
            locked = ImpactRun.objects.select_for_update(no_key=True).get(pk=run.pk)
            locked.totals = merge(locked.totals, totals)
            locked.save(update_fields=["totals"])

        return write

    def finish(self, batch: Batch) -> dict[str, Any]:
        return {"run": run_of(batch).pk}

    def read_prices(self, run: ImpactRun) -> tuple[PriceTables, PriceTables]:
        """What would be in force without the list, and with it. Raises BatchFailed where the list is another now."""
        if self.prices is None:
            price_list = run.price_list
            tables = load_tables(price_list=price_list) if price_list else {}
            if not price_list or draft_fingerprint(tables, effective_on=price_list.effective_on) != run.fingerprint:
                raise BatchFailed(_("The draft was changed while its impact was calculated. Start again."))
            if list_before(price_list) != run.compared_with:
                raise BatchFailed(_("Another price list was published meanwhile. Start again."))
            self.products = subjects.load_products()
            self.prices = prices_around(price_list) if price_list.is_published else draft_prices(run, tables)
        return self.prices


def prices_around(price_list: PriceList) -> tuple[PriceTables, PriceTables]:
    """What is in force on the day before a published list's first day, and on that day."""
    day = price_list.effective_on
    return load_prices(on=day - timedelta(days=1)).tables, load_prices(on=day).tables


def draft_prices(run: ImpactRun, tables: Mapping[str, PriceTable]) -> tuple[PriceTables, PriceTables]:
    """What is in force on a draft's first day without it, and with it."""
    prices = load_prices(on=run.priced_on).tables
    ended = load_ends(price_list=run.price_list) if run.price_list else {}
    name_en = run.price_list.name_en if run.price_list else ""
    return prices, PriceTables(run.price_list_name, tables, prices.tax_rates, ended, price_list_en=name_en)


def is_current(run: ImpactRun, price_list: PriceList) -> bool:
    """Whether a run still says what a published list changes: its prices, and those before it, are the same."""
    fingerprint = draft_fingerprint(published_tables(price_list), effective_on=price_list.effective_on)
    before = list_before(price_list)
    return run.fingerprint == fingerprint and run.compared_with_id == (before and before.pk)


def run_of(batch: Batch) -> ImpactRun:
    """Raises BatchFailed where the run was deleted."""
    run = ImpactRun.objects.select_related("price_list", "compared_with").filter(batch=batch).first()
    if run is None:
        raise BatchFailed(_("This calculation was deleted."))
    return run


def cut(kind: str, numbers: Iterable[int]) -> list[tuple[str, int, int]]:
    """Row numbers in ascending order as `(kind, first, last)`, so many at a time."""
    listed = list(numbers)
    return [
        (kind, listed[start], listed[min(start + CHUNK, len(listed)) - 1]) for start in range(0, len(listed), CHUNK)
    ]
