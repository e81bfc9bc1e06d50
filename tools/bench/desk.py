"""(h) The list of renewals at two sizes: one reseller, license IDs with one holding each; and how fast rows come about.

The same pages are asked for in process at the smaller and at the larger size. What counts is the ratio of the 95th
percentiles: a list that is as fast at any size has 1.
"""

import multiprocessing
import os
import random
from datetime import date, timedelta
from time import perf_counter
from typing import Any

from .portal import Desk
from .results import Result

SIZES = (200, 1_000)
SPREAD = 100
"""With a number of rows given, the smaller size is this part of it."""
TIMES = 40
AT_ONCE = 60_000
"""License IDs that are put in at once: a million at once would take gigabytes of values."""
SHARED_FROM = 50_000
"""From so many on, as many workers as there are cores share the making of rows, as in production (PostgreSQL): to start
one takes as long as it makes some thousand.
"""
GOAL_RATIO = 1.5
PAGES = {
    "next 90 days": "/",
    "all": "/?due=all",
    "all, by amount": "/?due=all&sort=-amount",
    "all, after half of it": "/?due=all&after={half}&passed=1",
    "all, by amount, after half of it": "/?due=all&sort=-amount&after={costly}&passed=1",
    "own, by customer": "/?due=all&owner=mine&sort=customer",
    "one stage": "/?due=all&stage=open",
    "a month": "/?due={month}",
    "one found": "/?q=GROWN-0000042",
    "a customer found": "/?q=見本0000042",
    "nothing found": "/?q=GROWN-ZZZ",
    "many found": "/?q=分社",
}


def measure(desk: Desk, *, sizes: tuple[int, int] = SIZES, rounds: int = TIMES) -> list[Result]:
    small, large = sizes
    grow(desk, 0, small)
    before = time_pages(desk, rounds)
    seconds = grow(desk, small, large)
    after = time_pages(desk, rounds)
    workers = workers_for(large - small)
    together = f", {workers} workers" if workers > 1 else ""
    results = [Result(f"Desk: license IDs whose rows are made anew{together}", (large - small) / seconds, "per s")]
    for name in PAGES:
        results.append(Result(f"Desk, {name}: p95 at {small:,}", before[name] * 1000, "ms"))
        results.append(Result(f"Desk, {name}: p95 at {large:,}", after[name] * 1000, "ms"))
        ratio = after[name] / before[name]
        results.append(Result(f"Desk, {name}: {large:,} : {small:,}", ratio, "x", at_most=GOAL_RATIO))
    return results


def grow(desk: Desk, first: int, last: int) -> float:
    """License IDs of these numbers, over three years from now; their rows made. Returns the seconds of the latter."""
    from django.utils import timezone

    from renewals.desk.refresh import compact_counts

    for at in range(first, last, AT_ONCE):
        put_in(desk, at, min(at + AT_ONCE, last))
    analyze()
    seconds = make_rows(on=timezone.localdate(), workers=workers_for(last - first))
    compact_counts()
    analyze()
    return seconds


def put_in(desk: Desk, first: int, last: int) -> None:
    """Customers with three license IDs each, with one holding each."""
    from django.utils import timezone

    from foundation.integrity.bulk import create_kept
    from licensing.models import Customer, Holding, LicenseID, Product

    dice, now, on = random.Random(first), timezone.now(), timezone.localdate()
    products = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    by = {"by": desk.user, "at": now}
    names = ["reseller_id", "name", "kana", "department", "person", "postal_code", "address", "language", "segment",
             "owner_id", "search_key", "contact_key"]  # fmt: skip
    people = list(type(desk.user).objects.filter(reseller=desk.user.reseller_id).values_list("pk", flat=True))

    def customer(at: int) -> tuple[Any, ...]:
        name = f"見本{at:07}分社"
        rest = ("", "", "", "", "ja", "")
        return desk.user.reseller_id, name, f"ミホン{at:07}", *rest, dice.choice([*people, None]), name, ""

    customers = create_kept(Customer, names, [customer(at) for at in range(first, last, 3)], **by)
    codes = [(f"GROWN-{at:07}", dice.choice(customers), "", f"grown{at:07}") for at in range(first, last)]
    numbers = create_kept(LicenseID, ["code", "customer_id", "note", "search_key"], codes, **by)
    held = [(number, dice.choice(products), dice.randint(5, 900), on + timedelta(days=dice.randint(1, 1090)))
            for number in numbers]  # fmt: skip
    create_kept(Holding, ["licenseid_id", "product_id", "quantity", "support_expires_on"], held, **by)


def workers_for(license_ids: int) -> int:
    from django.db import connection

    is_shared = license_ids >= SHARED_FROM and connection.vendor == "postgresql"
    return (os.cpu_count() or 1) if is_shared else 1


def make_rows(*, on: date, workers: int) -> float:
    """Seconds until every row is there."""
    from renewals.desk.refresh import refresh, spread_marks

    new = multiprocessing.get_context("spawn")
    others = [new.Process(target=_make_some, args=(on,)) for _ in range(workers - 1)]
    began = perf_counter()
    spread_marks()
    for other in others:
        other.start()
    while refresh(on=on):
        pass
    for other in others:
        other.join()
        if other.exitcode:
            raise RuntimeError("A worker that makes rows failed.")
    while refresh(on=on):  # what another one was at when there was nothing else
        pass
    return perf_counter() - began


def _make_some(on: date) -> None:
    """The same in a process of its own; settings and database stand in the environment."""
    import django

    django.setup()
    from renewals.desk.refresh import refresh

    while refresh(on=on):
        pass


def analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def time_pages(desk: Desk, rounds: int) -> dict[str, float]:
    """The 95th percentile of the seconds of each page, by name; they take turns."""
    from django.conf import settings
    from django.test import Client, override_settings
    from django.utils import timezone

    from renewals.models import DeskRow

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # nothing is collected here
    client = Client()
    client.force_login(desk.user)
    month = (timezone.localdate() + timedelta(days=200)).strftime("%Y-%m")
    own = DeskRow.objects.filter(reseller=desk.user.reseller_id)
    half = {"half": own.order_by("expires_on", "pk"), "costly": own.exclude(amount=None).order_by("amount", "pk")}
    where = {name: rows.values_list("pk", flat=True)[rows.count() // 2] for name, rows in half.items()}
    taken: dict[str, list[float]] = {name: [] for name in PAGES}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        for turn in range(rounds + 1):
            for name, address in PAGES.items():
                began = perf_counter()
                answer = client.get(address.format(month=month, **where), secure=True, headers={"host": "127.0.0.1"})
                seconds = perf_counter() - began
                if answer.status_code != 200:
                    raise RuntimeError(f"{address}: {answer.status_code}")
                if turn:
                    taken[name].append(seconds)
    return {name: sorted(seconds)[round(0.95 * (len(seconds) - 1))] for name, seconds in taken.items()}
