"""Sums of an impact, as plain JSON: made chunk by chunk and added up. Coming renewals and open quotes stay apart,
because a quote and the renewal of its license ID are the same money.

    {kind: {count, compared, old, new, rank_changes, outcomes: {outcome: count}, percents: [count],
            resellers: {row number: part}, products: {code: part}}}
    part: {name, count, compared, old, new, rank_changes, newly_refused}

`old` and `new` are yen, tax excluded, of what both lists can price (`compared`).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ..models import ImpactRow

PERCENT_EDGES = (-20, -10, -5, -2, 0, 2, 5, 10, 20)
"""Between what differences in percent rows are counted together; what is unchanged has a place of its own."""
UNCHANGED = PERCENT_EDGES.index(0) + 1
PLACES = len(PERCENT_EDGES) + 2
SUMS = ("count", "compared", "old", "new", "rank_changes")
Totals = dict[str, Any]


def place_of(difference: int, percent: Decimal | None) -> int:
    """Which of the PLACES a difference is counted at: edges belong to the side that is farther from 0."""
    if not difference:
        return UNCHANGED
    if percent is None:  # it cost nothing before
        return PLACES - 1
    if difference < 0:
        return min(bisect_left(PERCENT_EDGES, percent), UNCHANGED - 1)
    return bisect_right(PERCENT_EDGES, percent) + 1


def sum_up(rows: Iterable[ImpactRow]) -> Totals:
    """The totals of some rows."""
    totals: Totals = {}
    for row in rows:
        whole = totals.setdefault(str(row.kind), empty_whole())
        difference = row.difference
        is_compared = difference is not None
        add(whole, 1, is_compared, row.old_amount, row.new_amount, row.has_rank_change)
        whole["outcomes"][str(row.outcome)] = whole["outcomes"].get(str(row.outcome), 0) + 1
        if difference is not None:
            whole["percents"][place_of(difference, row.percent)] += 1
        part = whole["resellers"].setdefault(str(row.reseller_id), empty_part(row.reseller_name))
        add(part, 1, is_compared, row.old_amount, row.new_amount, row.has_rank_change)
        is_newly_refused = row.outcome == ImpactRow.Outcome.NEWLY_REFUSED
        part["newly_refused"] += is_newly_refused
        refusing = refusing_products(row) if is_newly_refused else set()
        seen = set()
        for code, _, old_rank, new_rank, old, new in row.lines:
            part = whole["products"].setdefault(code, empty_part(code))
            is_first = code not in seen
            is_changed = is_first and bool(old_rank and new_rank and old_rank != new_rank)
            add(part, is_first, is_compared and is_first, old if is_compared else None, new, is_changed)
            part["newly_refused"] += code in refusing and is_first
            seen.add(code)
    return totals


def refusing_products(row: ImpactRow) -> set[str]:
    """The products because of which the draft refuses the row."""
    return {problem["product"] for problem in row.problems if problem["is_refusal"] and "new" in problem["lists"]}


def add(part: Totals, count: int, compared: int, old: int | None, new: int | None, rank_changes: int) -> None:
    part["count"] += int(count)
    part["compared"] += int(compared)
    part["rank_changes"] += int(rank_changes)
    if old is not None and new is not None:
        part["old"] += old
        part["new"] += new


def merge(totals: Totals, more: Totals) -> Totals:
    """The sum of two totals; the first is changed."""
    for kind, other in more.items():
        whole = totals.setdefault(kind, empty_whole())
        for name in SUMS:
            whole[name] += other[name]
        for outcome, count in other["outcomes"].items():
            whole["outcomes"][outcome] = whole["outcomes"].get(outcome, 0) + count
        whole["percents"] = [one + two for one, two in zip(whole["percents"], other["percents"], strict=True)]
        for group in ("resellers", "products"):
            for key, part in other[group].items():
                sums = whole[group].setdefault(key, empty_part(part["name"]))
                for name in (*SUMS, "newly_refused"):
                    sums[name] += part[name]
    return totals


def empty_whole() -> Totals:
    return dict.fromkeys(SUMS, 0) | {"outcomes": {}, "percents": [0] * PLACES, "resellers": {}, "products": {}}


def empty_part(name: str) -> Totals:
    return dict.fromkeys((*SUMS, "newly_refused"), 0) | {"name": name}
