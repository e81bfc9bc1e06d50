"""Which prices are in force on a day, and whether a worker lives."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, Value, When

from foundation.kept_query import KeptQuery

from .models import PriceList


def price_lists_around(*, on: date) -> tuple[PriceList | None, PriceList | None]:
    """The price list in force on the day, and the one that takes effect next; None where there is none.

    In force is the latest published list that is effective (R13). Drafts never count.
    """
    return lists_around(published_lists(), on=on)


def published_lists() -> list[PriceList]:
    """All of them, in the order in which they take effect."""
    names, found = _columns(), []
    for *values, renamings in _PUBLISHED.rows():
        found.append(PriceList.from_db(DEFAULT_DB_ALIAS, names, values))
        found[-1].__dict__["renamings"] = renamings
    return sorted(found, key=lambda row: row.effective_on)


def _published() -> QuerySet[Any, Any]:
    renamed = last_changes_of_products().values("history_id")[:1]
    rows = PriceList.objects.filter(published_at__isnull=False).annotate(renamings=Subquery(renamed)).order_by()
    return rows.values_list(*_columns(), "renamings")


def _columns() -> list[str]:
    return [field.attname for field in PriceList._meta.concrete_fields]


_PUBLISHED = KeptQuery(_published)


def lists_around(published: Iterable[PriceList], *, on: date) -> tuple[PriceList | None, PriceList | None]:
    """Of `published_lists`, as above."""
    in_force = following = None
    for price_list in published:
        if price_list.effective_on <= on:
            in_force = price_list
        else:
            following = price_list
            break
    return in_force, following


def list_before(price_list: PriceList) -> PriceList | None:
    """The list that would be in force on a list's first day without it; None where there is none."""
    others = [one for one in published_lists() if one.pk != price_list.pk]
    return lists_around(others, on=price_list.effective_on)[0]


def coming_lists(*, on: date) -> list[PriceList]:
    """The published lists that take effect after the day, the next one first."""
    return [one for one in published_lists() if one.effective_on > on]


def last_changes_of_products() -> QuerySet[Any]:
    """The history of all products, the last first: nothing leaves it, so its numbers only grow."""
    history: Any = apps.get_model("licensing", "HistoricalProduct")  # `Product.history` makes a class at each call
    rows: QuerySet[Any] = history.objects.order_by("-history_id")
    return rows


def renamings_of(price_list: PriceList) -> int:
    """Of a list from above: grows whenever a product gets another code, by which its prices are found."""
    return price_list.__dict__["renamings"] or 0


def is_sample_in_use() -> bool:
    """Whether any published price list holds sample prices."""
    return PriceList.objects.filter(published_at__isnull=False, is_sample=True).exists()


def with_state(rows: QuerySet[PriceList], *, on: date) -> QuerySet[PriceList]:
    """The lists with their `state` on the day, and `until_before`, the next published list's first day.

    Nothing is stored, so lists change their state at midnight by themselves.
    """
    following = PriceList.objects.filter(published_at__isnull=False, effective_on__gt=OuterRef("effective_on"))
    state = PriceList.State
    return rows.annotate(
        until_before=Subquery(following.order_by("effective_on").values("effective_on")[:1]),
        state=Case(
            When(published_at__isnull=True, then=Value(state.DRAFT)),
            When(effective_on__gt=on, then=Value(state.WAITING)),
            When(until_before__lte=on, then=Value(state.SUPERSEDED)),
            default=Value(state.IN_FORCE),
            output_field=CharField(),
        ),
    )
