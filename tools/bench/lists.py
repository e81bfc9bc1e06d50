"""(g) The lists of one reseller at two sizes: a page is to take as long with a hundred times as many rows behind it.

Rows come in by COPY, quotes without lines and PDF: lists show neither. Names are put together of few parts, so that a
search finds some of many, and a code finds one. In process, logged in as staff, each page in turns with the others.
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from .measure import time_in_turns, typical
from .portal import Desk
from .results import Result

SIZES = ((2_000, 2_000), (200_000, 20_000))
"""Holdings and quotes, small and large."""
FEWER_HOLDINGS, FEWER_QUOTES = 100, 10
"""How many times as many the larger has."""
QUICK = ((200, 10), (400, 20))
GOAL_RATIO = 1.5
ROUNDS = 40
HOLDINGS_EACH, IDS_EACH, QUOTES_EACH = 5, 4, 5
"""Holdings of a license ID, license IDs of a customer, and quotes of a customer that has any."""
FIRST = 10_000_000
FAMILIES = "高崎 青葉 水影 森本 白川 大沢 西野 石橋 小松 長谷 黒田 北見 若狭 東雲 桜井 島村 谷口 富士 横山 成田".split()
TRADES = "製作所 商事 物流 工業 電機 印刷 建設 食品 化学 運輸 精機 通信 倉庫 薬品 繊維 設計 興業 水産 観光 産業".split()
STATES = ("issued", "ordered", "ordered", "lost", "superseded", "ordered", "issued")
PAGES = {
    "customers": "/customers/",
    "customers, last page": "/customers/?page=9999999",
    "customers, a name": "/customers/?q=高崎物流00040",
    "customers, of two words": "/customers/?q=高崎 物流",
    "customers, a license ID": "/customers/?q=LST-0000777",
    "quotes": "/quotes/",
    "quotes, valid": "/quotes/?status=issued",
    "quotes, ordered": "/quotes/?status=ordered",
    "quotes, a number": "/quotes/?q=Q2601-0077",
    "quotes, a name": "/quotes/?q=高崎物流00040",
    "records": "/records/",
    "records, by customer": "/records/?customer=高崎物流00040",
    "records, of a month": "/records/?first_day=2026-01-01&last_day=2026-01-31",
}


def measure(
    desk: Desk, *, rows: int | None = None, sizes: Iterable[tuple[int, int]] = (), rounds: int = ROUNDS
) -> list[Result]:
    """95 of 100 answers took no longer than what is said: of 40 rounds, the slowest but two."""
    seconds = []
    for holdings, quotes in sizes or sizes_to(rows):
        fill(desk.user, holdings=holdings, quotes=quotes)
        seconds.append(time_in_turns(pages_of(desk), rounds=rounds, warm_up=min(2, rounds)))
    first, last = seconds[0], seconds[-1]
    results = []
    for name in PAGES:
        small, large = late(first[name]), late(last[name])
        results += [
            Result(f"List, {name}: small, median", typical(first[name]) * 1000, "ms"),
            Result("  large, median", typical(last[name]) * 1000, "ms"),
            Result("  p95, large : small", large / small, "x", at_most=GOAL_RATIO),
        ]
    return results


def sizes_to(holdings: int | None) -> tuple[tuple[int, int], ...]:
    """With so many holdings in the larger, a tenth as many quotes."""
    if not holdings:
        return SIZES
    quotes = holdings // 10
    return (holdings // FEWER_HOLDINGS, quotes // FEWER_QUOTES), (holdings, quotes)


def late(seconds: list[float]) -> float:
    """The time within which 95 of 100 were there."""
    return sorted(seconds)[ceil(len(seconds) * 0.95) - 1]


def pages_of(desk: Desk) -> dict[str, Any]:
    from django.core.management import call_command
    from django.test import Client

    call_command("collectstatic", interactive=False, verbosity=0)  # whole pages name their files
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(desk.user)

    def opened(address: str) -> Any:
        def work() -> None:
            if client.get(address).status_code != 200:
                raise RuntimeError(f"{address} does not open.")

        return work

    gc.collect()
    gc.freeze()  # as config/wsgi.py does
    return {name: opened(address) for name, address in PAGES.items()}


def fill(user: Any, *, holdings: int, quotes: int) -> None:
    """Add rows until there are so many. Their row numbers begin at FIRST: a second call goes on after the first."""
    from django.db import connection

    from licensing.models import Contact, Customer, Holding, LicenseID, Product
    from quotes.models import Quote, QuotePart, QuoteStatus

    each = HOLDINGS_EACH * IDS_EACH
    there = Holding.objects.filter(pk__gte=FIRST).count()
    companies, ids = range(there // each, holdings // each), range(there // HOLDINGS_EACH, holdings // HOLDINGS_EACH)
    issued = range(Quote.objects.filter(pk__gte=FIRST).count(), quotes)
    products = list(Product.objects.order_by("pk").values_list("pk", flat=True)[:HOLDINGS_EACH])
    today = date.today()
    _copy(Customer, (_customer(n, user.reseller_id) for n in companies))
    _copy(Contact, (_contact(n) for n in companies))
    _copy(LicenseID, (_license_id(n) for n in ids))
    _copy(
        Holding,
        (
            {
                "id": FIRST + n * HOLDINGS_EACH + place, "licenseid_id": FIRST + n, "product_id": product,
                "quantity": 1 + n % 300, "support_expires_on": today + timedelta(n % 700 - 100),
            }
            for n in ids
            for place, product in enumerate(products)
        ),
    )  # fmt: skip
    _copy(Quote, _quotes(user, issued, today, customers=holdings // each))
    _copy(QuotePart, (_part(n) for n in issued))
    _copy(QuoteStatus, (_status(user, n, today) for n in issued))
    with closing(connection.cursor()) as cursor:
        cursor.execute("DELETE FROM renewals_deskmark")
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _name(n: int) -> str:
    return f"{FAMILIES[n % 20]}{TRADES[n // 20 % 20]}{n:05}"


def _customer(n: int, reseller: int) -> dict[str, Any]:
    kana, person = f"ソクテイ{n * 7919 % 99991:05}", f"{FAMILIES[n // 7 % 20]}{n}"
    return {
        "id": FIRST + n, "reseller_id": reseller, "name": f"{_name(n)}株式会社", "kana": kana,
        "search_key": f"{_name(n)} {kana}", "person": person, "contact_key": person, "department": "",
        "postal_code": "", "address": "", "language": "ja", "segment": "",
    }  # fmt: skip


def _contact(n: int) -> dict[str, Any]:
    name = f"{FAMILIES[n // 3 % 20]}{n}"
    return {
        "id": FIRST + n, "customer_id": FIRST + n, "name": name, "kana": "", "department": "",
        "email": f"it{n}@example.jp", "phone": "", "language": "ja", "for_quotes": True, "for_technical": False,
        "for_billing": False, "is_gone": False, "search_key": f"{name}  it{n}@example.jp",
    }  # fmt: skip


def _license_id(n: int) -> dict[str, Any]:
    code = f"LST-{n:07}"
    key = code.lower().replace("-", "")
    return {"id": FIRST + n, "customer_id": FIRST + n // IDS_EACH, "code": code, "search_key": key, "note": ""}


def _quotes(user: Any, issued: range, today: date, *, customers: int) -> Iterator[dict[str, Any]]:
    """As many of each of 2,000 days, today the last, and of each customer."""
    from django.utils import timezone

    from pricing.models import PriceList

    price_list = PriceList.objects.order_by("pk").values_list("pk", flat=True)[0]
    for n in issued:
        place = n // QUOTES_EACH % customers
        day, name = _day_of(n, today), _name(place)
        month = f"{day:%y%m}"
        yield {
            "id": FIRST + n, "key": UUID(int=n + (1 << 100)), "reseller_id": user.reseller_id,
            "customer_id": FIRST + place, "price_list_id": price_list, "issued_by_id": user.pk,
            "month": month, "sequence": FIRST + n, "revision": 0, "number": f"Q{month}-{n:06}-00",
            "issued_at": timezone.make_aware(datetime(day.year, day.month, day.day, 10, n % 60, n // 60 % 60)),
            "issued_on": day, "valid_until": day + timedelta(30), "retain_until": day + timedelta(4000),
            "customer_name": f"{name}株式会社", "license_codes": f"LST-{n:07}", "issued_by_name": user.name,
            "subject": "更新", "is_sample": True, "subtotal": 10_000 + n, "tax": 1_000, "total": 11_000 + n,
            "asked": "{}", "document": "{}", "acknowledged": "[]", "trace": "{}",
            "search_key": f"q{month}{n:06}00 {name} lst{n:07} 更新",
        }  # fmt: skip


def _part(n: int) -> dict[str, Any]:
    return {
        "id": FIRST + n, "quote_id": FIRST + n, "position": 1, "licenseid_id": FIRST + n // QUOTES_EACH,
        "license_code": f"LST-{n:07}", "years": 1, "is_reduced": False, "subtotal": 10_000 + n,
    }  # fmt: skip


def _status(user: Any, n: int, today: date) -> dict[str, Any]:
    from django.utils import timezone

    day, now = _day_of(n, today), timezone.now()
    state, is_answered = STATES[n % len(STATES)], n % 700 == 0
    return {
        "quote_id": FIRST + n, "reseller_id": user.reseller_id, "month": f"{day:%y%m}", "sequence": FIRST + n,
        "state": state,
        "reason": "価格" if state == "lost" else "", "order_number": "", "order_key": "",
        "ordered_on": day if state == "ordered" else None, "carried_out": 0, "changed_at": now,
        "changed_by_id": user.pk, "answer": "order" if is_answered else "", "answered_at": now if is_answered else None,
    }  # fmt: skip


def _day_of(n: int, today: date) -> date:
    return today - timedelta(n * 7919 % 2000)


def _copy(kind: Any, rows: Iterable[dict[str, Any]]) -> None:
    from django.db import connection

    table, rows = kind._meta.db_table, iter(rows)
    first = next(rows, None)
    if first is None:
        return
    columns = ", ".join(first)
    with closing(connection.cursor()) as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write_row(list(first.values()))
                for row in rows:
                    copy.write_row(list(row.values()))
        else:
            marks = ", ".join(["%s"] * len(first))
            every = [tuple(_plain(value) for value in row.values()) for row in (first, *rows)]
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", every)


def _plain(value: Any) -> Any:
    """As Django keeps it on SQLite."""
    return value.hex if isinstance(value, UUID) else str(value) if isinstance(value, date) else value
