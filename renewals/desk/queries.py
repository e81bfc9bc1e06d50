"""The rows that somebody may see, found, sorted and counted: at any size at the same cost. Reads only."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Count, F, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, TruncMonth

from foundation.text.search import search_words
from licensing.models import User
from licensing.queries import few_with

from ..models import STAGES, DeskCount, DeskRow
from .filters import MINE, NOBODY, SORTS, Filter, sum_of
from .rows import pairs_of

MOST_COUNTED = 10_000
"""So many rows are counted one by one while somebody waits for the page, and so far one turns pages."""
MOST_LOOKED_UP = 3
"""Words of a search that are looked up among license IDs and customers before."""
NULLS = {"amount", "moved_at", "step_on"}
"""Columns that may be empty: those rows come last, whichever way it is sorted."""


def visible_rows(user: User) -> QuerySet[DeskRow]:
    """Those of the user's reseller; a portal admin sees all, others none."""
    rows = DeskRow.objects.all()
    if user.is_active and user.is_reseller_staff:
        return rows.filter(reseller=user.reseller_id)
    return rows if user.is_active and user.is_portal_admin else rows.none()


ANYWHERE = Q()


def near_of(user: User, wanted: Filter) -> Q:
    """Where the rows are that a search finds, if one of its words is that of few: ANYWHERE if not. A query for a word.

    A row has a word by its license ID, its customer or its products: those are looked up where there is one of each.
    Thousands of rows have each pair of a code's figures.
    """
    for word in search_words(wanted.text)[:MOST_LOOKED_UP]:
        if (few := few_with(word, user)) is not None:
            return Q(licenseid__in=few.license_ids) | Q(customer__in=few.customers)
    return ANYWHERE


def found_rows(user: User, wanted: Filter, *, on: date, by_index: bool = True, near: Q = ANYWHERE) -> QuerySet[DeskRow]:
    """The rows that a filter finds, in no order. `by_index`: words are looked up in the index of pairs; where they find
    very many, reading all rows without looking at each one's pairs is quicker. `near`: as `near_of` says of the filter.
    """
    rows = visible_rows(user).filter(near, _of_days(wanted, on), _of_owner(wanted, user))
    by_index = by_index and near == ANYWHERE
    if wanted.stages:
        rows = rows.filter(stage_place__in=[STAGES.index(stage) for stage in wanted.stages])
    if wanted.programme is not None:
        rows = rows.filter(programmes__contains=f" {wanted.programme} ")
    if wanted.amount_from is not None:
        rows = rows.filter(amount__gte=wanted.amount_from)
    if wanted.amount_to is not None:
        rows = rows.filter(amount__lte=wanted.amount_to)
    for word in search_words(wanted.text):
        rows = rows.filter(search_key__contains=word)
        if by_index and connection.vendor == "postgresql" and (pairs := pairs_of(word)):
            has = "string_to_array(renewals_deskrow.search_pairs, ' ') @> %s::text[]"
            rows = rows.filter(RawSQL(has, [sorted(pairs)], output_field=BooleanField()))  # noqa: S611 - no text of others
    return rows


def sorted_rows(rows: QuerySet[DeskRow], sort: str) -> QuerySet[DeskRow]:
    """In the order of a column; what has nothing there comes last."""
    is_down = sort.startswith("-")
    last = {"nulls_last": True}
    return rows.order_by(
        *(
            (F(name).desc if is_down else F(name).asc)(**(last if name in NULLS else {}))
            for name in SORTS[sort.removeprefix("-")]
        )
    )


@dataclass(frozen=True, slots=True)
class Month:
    """What expires in a month: rows and yen by stage."""

    first: date
    stages: dict[str, tuple[int, int]]

    @property
    def key(self) -> str:
        """As a filter says it."""
        return f"{self.first:%Y-%m}"

    @property
    def rows(self) -> int:
        return sum_of(self.stages, ())[0]

    @property
    def yen(self) -> int:
        return sum_of(self.stages, ())[1]


def count_stages(user: User, wanted: Filter, *, on: date) -> dict[str, tuple[int, int]]:
    """Rows and yen by stage, of the days and the owner that a filter says: from the counts, exact at any size."""
    rows = _counts(user).filter(_of_days(wanted, on), _of_owner(wanted, user))
    summed = rows.order_by().values("stage").annotate(count=Sum("rows"), sum=Sum("yen"))
    return _by_stage(summed)


def count_some_stages(user: User, wanted: Filter, *, on: date, near: Q = ANYWHERE) -> dict[str, tuple[int, int]] | None:
    """What `count_found_stages` says; None where more than MOST_COUNTED are found: that takes its time."""
    rows = found_rows(user, replace(wanted, stages=()), on=on, near=near).order_by()
    is_much = rows[: MOST_COUNTED + 1].count() > MOST_COUNTED
    return None if is_much else count_found_stages(user, wanted, on=on, near=near)


def count_found_stages(
    user: User, wanted: Filter, *, on: date, by_index: bool = True, near: Q = ANYWHERE
) -> dict[str, tuple[int, int]]:
    """The same with text, programme and amount: counted one by one, however many there are."""
    rows = found_rows(user, replace(wanted, stages=()), on=on, by_index=by_index, near=near).order_by()
    return _by_stage(rows.values("stage").annotate(count=Count("pk"), sum=Coalesce(Sum("amount"), 0)))


def _by_stage(summed: Iterable[Any]) -> dict[str, tuple[int, int]]:
    found = {one["stage"]: (one["count"], one["sum"]) for one in summed}
    return {stage: found.get(stage, (0, 0)) for stage in STAGES}


def count_months(user: User, wanted: Filter, *, on: date, months: int = 12) -> list[Month]:
    """What expires from the present month on, month by month, of the owner that a filter says."""
    firsts = [date(on.year + (on.month - 1 + at) // 12, (on.month - 1 + at) % 12 + 1, 1) for at in range(months + 1)]
    rows = _counts(user).filter(_of_owner(wanted, user), expires_on__gte=firsts[0], expires_on__lt=firsts[-1])
    summed = rows.annotate(month=TruncMonth("expires_on")).order_by().values("month", "stage")
    found: dict[date, dict[str, tuple[int, int]]] = defaultdict(dict)
    for one in summed.annotate(count=Sum("rows"), sum=Sum("yen")):
        if one["count"]:
            found[one["month"]][one["stage"]] = one["count"], one["sum"]
    return [Month(first, found[first]) for first in firsts[:-1]]


def people_in_rows(rows: Iterable[DeskRow]) -> dict[int, User]:
    """The owners of some rows, by number."""
    return User.objects.in_bulk({row.owner_id for row in rows if row.owner_id})


def _counts(user: User) -> QuerySet[DeskCount]:
    rows = DeskCount.objects.all()
    if user.is_active and user.is_reseller_staff:
        return rows.filter(reseller=user.reseller_id or 0)
    return rows if user.is_active and user.is_portal_admin else rows.none()


def _of_days(wanted: Filter, on: date) -> Q:
    first, last = wanted.days(on)
    found = Q(expires_on__gte=first) if first else Q()
    return found & Q(expires_on__lte=last) if last else found


def _of_owner(wanted: Filter, user: User) -> Q:
    if wanted.owner == NOBODY:
        return Q(owner__isnull=True)
    if not wanted.owner:
        return Q()
    return Q(owner=user.pk if wanted.owner == MINE else int(wanted.owner))
