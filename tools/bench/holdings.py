"""(f) A list of what is held: checked and confirmed by a worker, beside the least that this can be.

The least is reading the same file with python-calamine, nothing more, and PostgreSQL's COPY of what stood in it into a
table without keys and constraints. What a worker needs to start is left out: it runs all day.
"""

import io
import random
from datetime import date, timedelta
from time import perf_counter
from typing import Any

from .imports import run_nothing, run_worker
from .portal import Desk
from .results import Result

ROWS = 20_000
"""By default; the goals hold for 100,000 (`--rows 100000`)."""
GOAL_RATIO = 4
GOAL_MB = 500
HEAD = (
    *("顧客名", "部署", "ご担当者", "メールアドレス", "電話番号", "住所", "ライセンスID", "型番", "製品名"),
    *("保有数量", "契約開始日", "サポート満了日", "備考"),
)
HOLDINGS_EACH, IDS_EACH = 5, 4


def measure(desk: Desk, *, rows: int = ROWS) -> list[Result]:
    from django.utils import timezone, translation

    from licensing.holdings import tasks
    from licensing.holdings.operations import choose_columns, confirm_list, keep_list, look_at_list, names_key
    from licensing.models import HeldImport, Holding, Product, User

    translation.activate("ja")
    products = list(Product.objects.order_by("code").values_list("code", "name"))[:HOLDINGS_EACH]
    content = make_file(rows, products, first=timezone.localdate() + timedelta(days=90))
    before_it = time_the_least(content)
    manager = User.objects.filter(role=User.Role.MANAGER).select_related("reseller").order_by("pk")[0]
    if manager.reseller is None:
        raise RuntimeError("The sample has no manager of a reseller.")
    now = timezone.now()
    upload = keep_list(content=content, file_name="bench.xlsx", reseller=manager.reseller, by=manager, now=now)
    look, fields = look_at_list(upload=upload)
    choose_columns(
        upload=upload, sheet=look.layout.sheet.position, fields=fields, names_key=names_key(look.layout),
        is_whole=False, task=tasks.check_held_list, by=manager, now=now,
    )  # fmt: skip
    before = Holding.objects.count()
    idle = run_nothing()
    checked = time_of(upload.pk, "check_batch")
    upload = HeldImport.objects.get(pk=upload.pk)
    if upload.error_count or upload.counts.get("holding new") != rows:
        raise RuntimeError(f"The list was not read: {upload.counts} {upload.problems.first()}")
    confirm_list(
        upload=upload, removes_gone=False, leaves_wrong=False, task=tasks.write_held_list, by=manager, now=now
    )  # fmt: skip
    written = time_of(upload.pk, "confirm_batch")
    if Holding.objects.count() - before != rows or Holding.history.count() < rows:
        raise RuntimeError("Not all holdings were written.")
    # Before and after: the machine may be busier at one of the two.
    reading, copying = (sum(both) / 2 for both in zip(before_it, time_the_least(content), strict=True))
    least = reading + copying
    results = [
        Result(f"List of {rows:,} holdings: bare reading", reading, "s"),
        Result("  COPY of its rows", copying, "s"),
    ]
    for name, (seconds, busy, peak) in (("preview", checked), ("confirm", written)):
        results += [
            Result(f"List of {rows:,} holdings: {name}", seconds - idle[0], "s"),
            Result("  processor time of the worker", busy - idle[1], "s"),
            Result(
                f"List of holdings, {name} : bare reading and COPY",
                (seconds - idle[0]) / least,
                "x",
                at_most=GOAL_RATIO,
            ),
            Result("  the worker's peak memory", peak, "MB", at_most=GOAL_MB),
        ]
    return results


def make_file(rows: int, products: list[tuple[str, str]], *, first: date) -> bytes:
    """A workbook as vendors write them: five products on each license ID, four license IDs of each customer."""
    from openpyxl import Workbook

    dice = random.Random(1)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("保有一覧")
    sheet.append(HEAD)
    for number in range(rows):
        one = number // HOLDINGS_EACH
        customer = one // IDS_EACH
        code, name = products[number % HOLDINGS_EACH]
        day = first + timedelta(days=one % 365)
        sheet.append(
            [
                f"株式会社測定{customer:05}商事", "情報システム部", f"測定 {customer:05}", f"it{customer}@example.jp",
                f"03-{customer // 10_000:04}-{customer % 10_000:04}",
                f"東京都千代田区見本町{customer % 90 + 1}-{customer}",
                f"BENCH-{one:07}", code, name, dice.randint(1, 900), day - timedelta(days=364), day, "",
            ]
        )  # fmt: skip
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def time_the_least(content: bytes) -> tuple[float, float]:
    """Seconds of the bare reading, and of writing the rows."""
    from django.db import connection
    from python_calamine import CalamineWorkbook

    started = perf_counter()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    reading = perf_counter() - started
    columns = ", ".join(f"c{number} text" for number in range(len(HEAD)))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bare ({columns})")
        started = perf_counter()
        if connection.vendor == "postgresql":
            with cursor.copy("COPY bare FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(HEAD))
            cursor.executemany(f"INSERT INTO bare VALUES ({marks})", [tuple(map(str, row)) for row in rows])
        copying = perf_counter() - started
        cursor.execute("DROP TABLE bare")
    return reading, copying


def time_of(pk: int, name: str) -> tuple[float, float, float]:
    from licensing.models import HeldImport

    figures = run_worker()
    batch: Any = getattr(HeldImport.objects.select_related(name).get(pk=pk), name)
    if batch.state != batch.State.DONE:
        raise RuntimeError(f"The work was not done: {batch.state} {batch.message}")
    return figures
