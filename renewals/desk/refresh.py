"""Bring the rows of the desk up to what is known: for the license IDs that the database has marked (`DeskMark`).

Marks are taken under a lock, others skip them; then the facts are read: a change that comes later has a mark that is
still there. Rows are written by whoever holds the marks of their license ID: all of them, so by nobody else.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import DateTimeField

from foundation.among import among
from foundation.integrity.bulk import delete_rows, insert_rows, set_columns
from foundation.jobs.memory import without_collector
from foundation.transactions import one_transaction

from ..models import DeskCount, DeskMark, DeskRow
from .rows import COLUMNS, Row, values_of

AT_ONCE = 1_000
"""License IDs that are done in one transaction: each costs less the more there are, and SQLite’s other writers wait."""
Group = tuple[int, int | None, date, str]


def refresh(*, on: date, reseller: int | None = None, most: int = AT_ONCE) -> int:
    """Bring up to date what is marked, and what changes by itself by this day; of one reseller, or of all.

    Returns how many license IDs that were, at most `most`; 0: all is up to date, or somebody else is at the rest.
    """
    done = 0
    while done < most:
        count = _refresh_some(on=on, reseller=reseller, most=min(AT_ONCE, most - done))
        if not count and not _mark_what_alters(on=on, reseller=reseller):
            break
        done += count
    return done


def count_stale(*, reseller: int | None, most: int) -> int:
    """License IDs that are still to be brought up to date; as many as `most` are counted."""
    marks = DeskMark.objects.exclude(licenseid=None)
    if reseller is not None:
        marks = marks.filter(reseller=reseller)
    return len(marks.order_by().values("licenseid").distinct()[:most])


def is_current(*, reseller: int, on: date) -> bool:
    """Whether nothing of a reseller's rows is still to be brought up to the day."""
    due = DeskRow.objects.filter(reseller=reseller, alters_on__lte=on)
    return not count_stale(reseller=reseller, most=1) and not due.exists()


@one_transaction
def _refresh_some(*, on: date, reseller: int | None, most: int) -> int:
    marks = DeskMark.objects.exclude(licenseid=None)
    if reseller is not None:
        marks = marks.filter(reseller=reseller)
    taken = marks.select_for_update(skip_locked=True, no_key=True).order_by("pk").values_list("licenseid", flat=True)
    numbers = set(sorted({number for number in taken[: 4 * most] if number})[:most])
    if not numbers:
        return 0
    of_them = DeskMark.objects.filter(licenseid__in=among(numbers))
    held = dict(of_them.select_for_update(skip_locked=True, no_key=True).order_by("pk").values_list("pk", "licenseid"))
    elsewhere = of_them.exclude(pk__in=among(held)).values_list("licenseid", flat=True)  # somebody else is at them
    numbers -= {number for number in elsewhere if number}
    with without_collector():
        write_rows(numbers, values_of(sorted(numbers), on=on))
    delete_rows(DeskMark, [pk for pk, number in held.items() if number in numbers])
    return len(numbers)


def write_rows(numbers: Collection[int], rows: Iterable[Row]) -> None:
    """Make the rows of these license IDs those, and add to the counts what that changes, in one transaction."""
    kept = DeskRow.objects.filter(licenseid__in=among(numbers)).values_list("pk", *COLUMNS)
    there = {(row.licenseid_id, row.expires_on): (pk, row) for pk, *values in kept for row in [Row._make(values)]}
    rows_by, yen_by = Counter[Group](), Counter[Group]()

    def count(row: Row, sign: int) -> None:
        group = row.reseller_id, row.owner_id, row.expires_on, row.stage
        rows_by[group] += sign
        yen_by[group] += sign * (row.amount or 0)

    new, changed = [], []
    for row in rows:
        pk, old = there.pop((row.licenseid_id, row.expires_on), (None, None))
        if old is None:
            new.append(_stored(row))
        elif old != row:
            changed.append((pk, *_stored(row)))
            count(old, -1)
        else:
            continue
        count(row, 1)
    for _pk, gone in there.values():
        count(gone, -1)
    if there:
        DeskRow.objects.filter(pk__in=among(pk for pk, _gone in there.values())).delete()
    set_columns(DeskRow, COLUMNS, changed)
    if new:
        insert_rows(DeskRow, COLUMNS, new)
    counts = [(*group, number, yen_by[group]) for group, number in rows_by.items() if number or yen_by[group]]
    if counts:
        insert_rows(DeskCount, _COUNTED, counts)


_COUNTED = ("reseller", "owner", "expires_on", "stage", "rows", "yen")
_MOMENTS = {at for at, name in enumerate(COLUMNS) if isinstance(DeskRow._meta.get_field(name), DateTimeField)}


def _stored(values: Sequence[Any]) -> Sequence[Any]:
    """As the database takes them: of all that a row holds only moments are kept in another way (SQLite)."""
    adapt = connection.ops.adapt_datetimefield_value
    return [adapt(value) if at in _MOMENTS and value else value for at, value in enumerate(values)]


def _mark_what_alters(*, on: date, reseller: int | None) -> int:
    """Rows that change by themselves: marked like all others. Returns how many."""
    rows = DeskRow.objects.filter(alters_on__lte=on)
    if reseller is not None:
        rows = rows.filter(reseller=reseller)
    found = rows.order_by().values_list("licenseid", "reseller").distinct()[:AT_ONCE]
    marked = set(
        DeskMark.objects.filter(licenseid__in=among(number for number, _own in found)).values_list(
            "licenseid", flat=True
        )
    )
    new = [DeskMark(licenseid=number, reseller=own) for number, own in found if number not in marked]
    DeskMark.objects.bulk_create(new)
    return len(new)


@one_transaction
def spread_marks() -> int:
    """What concerns many, as a price list does, becomes marks of license IDs. Returns how many of such there were."""
    wide = list(DeskMark.objects.filter(licenseid=None).select_for_update(skip_locked=True, no_key=True).order_by("pk"))
    first = min((mark.expires_from for mark in wide if mark.expires_from), default=None)
    if first is not None:
        _mark("SELECT DISTINCT licenseid_id, reseller_id FROM renewals_deskrow WHERE expires_on >= %s", [first])
    for mark in wide:
        if mark.product or mark.programme:
            where, number = (
                ("product_id", mark.product) if mark.product else ("licensing_product.programme_id", mark.programme)
            )
            _mark(_HOLDING + where + " = %s", [number])
    DeskMark.objects.filter(pk__in=[mark.pk for mark in wide]).delete()
    return len(wide)


_EACH = (
    "SELECT licensing_licenseid.id, licensing_customer.reseller_id FROM licensing_licenseid "
    "JOIN licensing_customer ON licensing_customer.id = licensing_licenseid.customer_id"
)
_HOLDING = (
    "SELECT DISTINCT licenseid_id, licensing_customer.reseller_id FROM licensing_holding "
    "JOIN licensing_product ON licensing_product.id = licensing_holding.product_id "
    "JOIN licensing_licenseid ON licensing_licenseid.id = licensing_holding.licenseid_id "
    "JOIN licensing_customer ON licensing_customer.id = licensing_licenseid.customer_id WHERE "
)


@one_transaction
def mark_all() -> None:
    """Every license ID, and every row whose license ID is gone."""
    _mark(_EACH)
    _mark("SELECT licenseid_id, reseller_id FROM renewals_deskrow "
          "WHERE licenseid_id NOT IN (SELECT id FROM licensing_licenseid)")  # fmt: skip


def _mark(select: str, parameters: Sequence[Any] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO renewals_deskmark (licenseid, reseller) {select}", parameters)


_SUMS = "SELECT reseller, owner, expires_on, stage, SUM(rows), SUM(yen) FROM {table} GROUP BY 1, 2, 3, 4"
_ADD = "INSERT INTO renewals_deskcount (reseller, owner, expires_on, stage, rows, yen) "


@one_transaction
def compact_counts() -> None:
    """Put together what belongs together; whoever reads meanwhile sees the same sums."""
    last = DeskCount.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    sums = _SUMS + " HAVING SUM(rows) <> 0 OR SUM(yen) <> 0"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            gone = "WITH gone AS (DELETE FROM renewals_deskcount WHERE id <= %s RETURNING *) "
            cursor.execute(gone + _ADD + sums.format(table="gone"), [last])
        else:
            cursor.execute(_ADD + sums.format(table="renewals_deskcount"))
            cursor.execute("DELETE FROM renewals_deskcount WHERE id <= %s", [last])


@one_transaction
def recount() -> None:
    """The counts anew from the rows, as they are at one moment: nobody adds to them meanwhile."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("LOCK TABLE renewals_deskcount IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM renewals_deskcount")
        cursor.execute(
            _ADD + "SELECT reseller_id, owner_id, expires_on, stage, COUNT(*), COALESCE(SUM(amount), 0) "
            "FROM renewals_deskrow GROUP BY 1, 2, 3, 4"
        )
