"""(h) The list of renewals at two sizes: one reseller, license IDs with one holding each; and how fast rows come about.

The same pages are asked for in process at the smaller and at the larger size. What counts is the ratio of the 95th
percentiles: a list that is as fast at any size has 1.
"""

import random
from datetime import timedelta
from time import perf_counter
from typing import Any

from .portal import Desk
from .results import Result

SIZES = (200, 1_000)
SPREAD = 20
"""With a number of rows given, the smaller size is this part of it."""
TIMES = 9
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
    results = [Result("Desk: license IDs whose rows are made anew", (large - small) / seconds, "per s")]
    for name in PAGES:
        results.append(Result(f"Desk, {name}: p95 at {small:,}", before[name] * 1000, "ms"))
        results.append(Result(f"Desk, {name}: p95 at {large:,}", after[name] * 1000, "ms"))
        ratio = after[name] / before[name]
        results.append(Result(f"Desk, {name}: {large:,} : {small:,}", ratio, "x", at_most=GOAL_RATIO))
    return results


def grow(desk: Desk, first: int, last: int) -> float:
    """License IDs of these numbers, over three years from now; their rows made. Returns the seconds of the latter."""
    from django.db import connection
    from django.utils import timezone

    from foundation.integrity.bulk import create_kept
    from licensing.models import Customer, Holding, LicenseID, Product
    from renewals.desk.refresh import compact_counts, refresh, spread_marks

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
    began = perf_counter()
    spread_marks()
    while refresh(on=on):
        pass
    seconds = perf_counter() - began
    compact_counts()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return seconds


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
