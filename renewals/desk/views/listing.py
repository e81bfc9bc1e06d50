"""The list of renewals: the start page of a reseller's people. Others are led to what is theirs."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from licensing.models import Programme, User
from licensing.operations.owners import owners_of
from licensing.queries import customers_without_license_ids, license_ids_without_holdings, visible_license_ids
from licensing.views import for_staff
from licensing.views.pages import explained

from ...models import DeskFilter, DeskRow, DeskTable, Stage
from ..filters import DAYS, MINE, SORTS, Filter, read_filter, sum_of
from ..further import Pages, Start, read_start, rows_from
from ..picture import GROUPS, HEIGHT, WIDTH, bars_of
from ..queries import (
    MOST_COUNTED,
    count_found_stages,
    count_months,
    count_some_stages,
    count_stages,
    found_rows,
    near_of,
    visible_rows,
)
from ..refresh import AT_ONCE, count_stale, refresh
from ..shown import add_margins, shown_rows

REFRESHED_FIRST = 200
"""License IDs that are brought up to date before the page is shown; the worker does the rest."""
COLUMNS = {
    "license": _("License ID"),
    "held": _("Holdings"),
    "amount": _("Amount (estimate)"),
    "margin": _("Margin (estimate)"),
    "owner": _("Owner"),
    "next": _("Next step"),
    "moved": _("Last movement"),
}
"""What may be hidden: days left, customer, stage and the action stay. The margin is there for those who see margins."""
PAGE_SIZES = (20, 50, 100, 200)
FEW_FOUND, LONE_SHOWN = 20, 5
ALL = "all"
UNCOUNTED: dict[str, Any] = {"programme": None, "amount_from": None, "amount_to": None, "text": ""}
"""What a stage lets go of where so much is found that only the counts say how many: they know days and owners."""


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """For a reseller's people and portal admins the list; for a price admin and for customers, pages of their own."""
    user = cast(User, request.user)
    if user.role == User.Role.CUSTOMER:
        return redirect("quotes:received")
    if user.is_price_admin:
        return render(request, "licensing/start_prices.html")
    on = timezone.localdate()
    reseller = None if user.is_portal_admin else user.reseller_id
    refresh(on=on, reseller=reseller, most=REFRESHED_FIRST)
    wanted = read_filter(request.GET)
    table = DeskTable.objects.filter(user=user).first() or DeskTable(user=user, per_page=PAGE_SIZES[0])
    near = near_of(user, wanted)
    counts_all = request.GET.get("count") == ALL
    own = None if wanted.is_counted else _own_counts(user, wanted, on, near, counts_all=counts_all)
    stages = own or count_stages(user, wanted, on=on)
    is_exact = wanted.is_counted or own is not None
    found = found_rows(user, wanted, on=on, near=near)
    count = sum_of(stages, wanted.stages)[0] if is_exact else found.order_by()[: MOST_COUNTED + 1].count()
    page = _page(request, found, wanted, count, table.per_page)
    passed, leads_on = page.paginator.passed, _leads_on(page, count, is_exact=is_exact)
    rows = shown_rows(page.object_list, user=user, on=on, text=wanted.text)
    columns = columns_for(user)
    if "margin" in columns and "margin" not in table.hidden:
        add_margins(rows, user=user)
    context: dict[str, Any] = {
        "on": on,
        "wanted": wanted,
        "text": wanted.text,
        "query": wanted.to_query(),
        "page": page,
        "rows": rows,
        "count": count,
        "is_more": count > MOST_COUNTED and not is_exact,
        "is_cut": leads_on,
        "most": MOST_COUNTED,
        "passed": passed,
        "further": _further(page, wanted) if leads_on and not page.has_next() else "",
        "beginning": _address(wanted),
        "counting": _counting(wanted),
        "several": {pk for pk, times in Counter(one.row.customer_id for one in rows).items() if times > 1},
        "stages": _stages(stages, wanted if is_exact else replace(wanted, **UNCOUNTED)),
        "whole": sum_of(stages, ()),
        "all_stages": _address(wanted if is_exact else replace(wanted, **UNCOUNTED), stages=()),
        "dues": _dues(wanted),
        "owners": owners_of(user.reseller) if user.is_reseller_staff else (),
        "is_mine": wanted.owner == MINE,
        "mine": _address(wanted, owner="" if wanted.owner == MINE else MINE),
        "programmes": Programme.objects.order_by("code"),
        "columns": [(name, words, name not in table.hidden) for name, words in columns.items()],
        "shows": {name: name not in table.hidden for name in columns},
        "heads": _heads(wanted),
        "sorts": _sorts(wanted),
        "page_sizes": PAGE_SIZES,
        "per_page": table.per_page,
        "filters": DeskFilter.objects.filter(user=user),
        "stale": count_stale(reseller=reseller, most=100 * AT_ONCE),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        months = count_months(user, wanted, on=on)
        bars = [(bar, _address(wanted, due=bar.month.key, text="")) for bar in bars_of(months)]
        context |= {"bars": bars, "width": WIDTH, "height": HEIGHT, "groups": _groups()}
        context["has_amounts"] = any(month.yen for month in months)
    if not rows:
        context["holds_none"] = not visible_rows(user).exists() and not visible_license_ids(user).exists()
    if wanted.text and count <= FEW_FOUND:
        context |= _beside(user, wanted)
    whole = not request.htmx  # type: ignore[attr-defined]
    response = render(request, "renewals/desk/list.html" if whole else "renewals/desk/_results.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def columns_for(user: User) -> dict[str, Any]:
    """The columns that somebody may show or hide: name and words."""
    return {name: words for name, words in COLUMNS.items() if name != "margin" or user.sees_margins}


@require_safe
@for_staff
def count(request: HttpRequest) -> HttpResponse:
    """How many renewals a filter finds, exactly, by stage: asked for by the page where that takes its time."""
    user, wanted = cast(User, request.user), read_filter(request.GET)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(f"{reverse('start')}{_counting(wanted)}")
    stages = count_found_stages(user, wanted, on=timezone.localdate(), by_index=False)
    context = {
        "count": sum_of(stages, wanted.stages)[0],
        "wanted": wanted,
        "stages": _stages(stages, wanted),
        "whole": sum_of(stages, ()),
        "all_stages": _address(wanted, stages=()),
    }
    return render(request, "renewals/desk/_counted.html", context)


def _own_counts(
    user: User, wanted: Filter, on: date, near: Q, *, counts_all: bool
) -> dict[str, tuple[int, int]] | None:
    """By stage, of a filter that the kept counts do not know; None where so much is found that it is counted later."""
    if counts_all:
        return count_found_stages(user, wanted, on=on, by_index=False)
    return count_some_stages(user, wanted, on=on, near=near)


def _counting(wanted: Filter) -> str:
    """The address of the list that is counted before it is shown."""
    return "?" + "&".join(part for part in (wanted.to_query(), f"count={ALL}") if part)


def _page(request: HttpRequest, found: QuerySet[DeskRow], wanted: Filter, count: int, per_page: int) -> Any:
    """One page. At a time they go as far as MOST_COUNTED rows: the next ones begin after the last of these."""
    start = read_start(request.GET, cast(User, request.user))
    rows, there = rows_from(found, wanted.sort, start), min(count, MOST_COUNTED)
    if start.row:
        there = rows.order_by()[:MOST_COUNTED].count()
    if start.row and not there:  # nothing comes after it any more
        return Pages(rows_from(found, wanted.sort, Start()), per_page, count=min(count, MOST_COUNTED)).get_page(1)
    return Pages(rows, per_page, count=there, passed=start.passed).get_page(request.GET.get("page"))


def _leads_on(page: Any, count: int, *, is_exact: bool) -> bool:
    """Whether there are rows after the last of these pages."""
    ends = page.paginator.passed + page.paginator.count
    return bool(page.paginator.count) and (count > ends if is_exact else page.paginator.count >= MOST_COUNTED)


def _further(page: Any, wanted: Filter) -> str:
    """The address of the pages that begin after this last one."""
    query = {"after": page.object_list[len(page.object_list) - 1].pk, "passed": page.end_index()}
    return "?" + "&".join(part for part in (wanted.to_query(), urlencode(query)) if part)


def _beside(user: User, wanted: Filter) -> dict[str, Any]:
    """What a search finds and has no row: customers without license IDs, license IDs that hold nothing."""
    lone = list(customers_without_license_ids(user, text=wanted.text).select_related("reseller")[: LONE_SHOWN + 1])
    empty = license_ids_without_holdings(user, text=wanted.text)
    return {
        "lone_customers": explained(lone[:LONE_SHOWN], user, wanted.text),
        "are_more_lone": len(lone) > LONE_SHOWN,
        "empty_license_ids": empty.select_related("customer")[:LONE_SHOWN],
    }


def _address(wanted: Filter, **other: Any) -> str:
    query = replace(wanted, **other).to_query()
    return f"?{query}" if query else "?"


def _stages(stages: dict[str, tuple[int, int]], wanted: Filter) -> list[dict[str, Any]]:
    """The stages that have rows or are chosen, each with the address that chooses it alone or lets it go."""
    names = dict(Stage.choices)
    return [
        {
            "name": names[stage],
            "rows": rows,
            "yen": yen,
            "is_chosen": stage in wanted.stages,
            "url": _address(wanted, stages=() if wanted.stages == (stage,) else (stage,)),
        }
        for stage, (rows, yen) in stages.items()
        if rows or stage in wanted.stages
    ]


def _dues(wanted: Filter) -> list[tuple[str, Any, str]]:
    choices: list[tuple[str, Any]] = [(value, _("%(days)s days") % {"days": days}) for value, days in DAYS.items()]
    choices += [("all", _("All")), ("past", _("Expired"))]
    if wanted.due not in dict(choices):
        choices.append((wanted.due, wanted.due.replace("-", "/")))
    return [(value, words, _address(wanted, due=value)) for value, words in choices]


def _heads(wanted: Filter) -> dict[str, dict[str, str]]:
    """By column: the address that sorts by it, and how it is sorted now as `aria-sort` says it."""
    heads = {}
    for name in SORTS:
        is_up, is_down = wanted.sort == name, wanted.sort == f"-{name}"
        heads[name] = {
            "url": _address(wanted, sort=f"-{name}" if is_up else name),
            "sorted": "ascending" if is_up else "descending" if is_down else "",
        }
    return heads


def _sorts(wanted: Filter) -> list[tuple[str, str, bool]]:
    """Where the columns have no heads, as on a phone: address, words, and whether it is sorted so."""
    columns = {"expiry": _("Days left"), "customer": _("Customer"), "stage": _("Stage"), **COLUMNS}
    found = []
    for name in SORTS:
        up, down = _("%(column)s, ascending"), _("%(column)s, descending")
        for sort, words in ((name, up), (f"-{name}", down)):
            found.append((_address(wanted, sort=sort), words % {"column": columns[name]}, sort == wanted.sort))
    return found


def _groups() -> list[tuple[str, Any]]:
    names = dict(Stage.choices)
    return [(group, " / ".join(str(names[stage]) for stage in stages)) for group, stages in GROUPS.items()]
