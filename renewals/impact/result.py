"""What the page of an impact shows of it: sums, distribution, and the rows that are asked for."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from foundation.text.language import reader_language

from ..models import ImpactRow, ImpactRun
from . import PERCENT_EDGES
from .queries import IMPACT_CHOICES, IMPACT_ORDERS, impact_rows

PER_PAGE = 50
MOST_PARTS = 200
"""So many resellers or products are shown at most; the workbook has all."""
MOST_LINES = 6
"""So many lines of a row are shown at most."""
PART_ORDERS = ("name", "count", "old", "new", "difference", "percent", "rank_changes", "newly_refused")
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column that can be sorted by."""

    label: str
    order: str
    """What a click asks for."""
    sorted: str
    """`ascending`, `descending`, or empty."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the histogram, in units of its drawing."""

    label: str
    count: int
    side: str
    """`cheaper`, `same` or `dearer`."""
    x: int
    y: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + BAR // 2

    @property
    def above(self) -> int:
        return self.y - 6


BAR, GAP, TALLEST, TOP = 56, 8, 140, 24
BASE = TOP + TALLEST


def draw_bars(counts: Sequence[int]) -> list[Bar]:
    """The distribution of the differences in percent, see `impact.totals`."""
    most = max(counts) or 1
    bars = []
    for place, (label, count) in enumerate(zip(ranges(), counts, strict=True)):
        height = max(count * TALLEST // most, 2 if count else 0)
        middle = len(counts) // 2
        side = "same" if place == middle else "cheaper" if place < middle else "dearer"
        bars.append(Bar(label, count, side, GAP + place * (BAR + GAP), BASE - height, height))
    return bars


def ranges() -> list[str]:
    """The names of the places of the distribution, in percent."""
    edges = [f"{MINUS if edge < 0 else '+' if edge else ''}{abs(edge)}" for edge in PERCENT_EDGES]
    between = [f"{lower}…{upper}" for lower, upper in pairwise(edges)]
    between.insert(len(between) // 2, "±0")
    return [f"≤ {edges[0]}", *between, f"≥ {edges[-1]}"]


def result_of(run: ImpactRun, asked: Mapping[str, str]) -> dict[str, Any]:
    """All that the result's page shows, for the kind, the filters and the orders that are asked for."""
    kind = one_of(asked, "kind", ImpactRow.Kind.values)
    only = one_of(asked, "only", IMPACT_CHOICES)
    order = order_of(asked, "order", IMPACT_ORDERS)
    reseller = asked.get("reseller", "")
    rows = impact_rows(
        run=run,
        kind=kind,
        only=only,
        reseller=int(reseller) if re.fullmatch(r"[0-9]{1,18}", reseller, re.ASCII) else None,
        product=asked.get("product", ""),
        text=asked.get("q", ""),
        order=order,
    )
    page = Paginator(rows, PER_PAGE).get_page(asked.get("page"))
    shared = {
        "kind": kind,
        "kinds": [(key, label, run.totals.get(key, {}).get("count", 0)) for key, label in ImpactRow.Kind.choices],
        "only": only,
        "choices": (
            ("all", _("All")),
            ("changed", _("Changed")),
            ("refused", _("Refused")),
            ("ranks", _("Rank changes")),
        ),
        "order": order,
        "heads": row_heads(kind, order),
        "reseller": reseller,
        "product": asked.get("product", ""),
        "text": asked.get("q", ""),
        "page": page,
        "rows": [show_row(row) for row in page],
    }
    whole = run.totals.get(kind)
    if whole is None:
        return shared | {"whole": None}
    outcomes = whole["outcomes"]
    return shared | {
        "whole": with_difference(whole),
        "outcomes": [(key, label, outcomes.get(key, 0)) for key, label in ImpactRow.Outcome.choices],
        "newly_refused": outcomes.get(ImpactRow.Outcome.NEWLY_REFUSED, 0),
        "bars": draw_bars(whole["percents"]) if whole["compared"] else [],
        "base": BASE,
        "groups": [
            group_of("resellers", _("By reseller"), _("reseller"), whole, asked),
            group_of("products", _("By product"), _("product"), whole, asked),
        ],
        "resellers": sorted(((key, part["name"]) for key, part in whole["resellers"].items()), key=lambda row: row[1]),
        "products": sorted(whole["products"]),
    }


def one_of(asked: Mapping[str, str], name: str, choices: Sequence[str]) -> str:
    """What is asked for, if there is such a thing, else the first."""
    return asked[name] if asked.get(name) in choices else choices[0]


def order_of(asked: Mapping[str, str], name: str, choices: Iterable[str]) -> str:
    order = asked.get(name, "")
    return order if order.removeprefix("-") in choices else "-difference"


def head(label: str, name: str, order: str, *, is_text: bool = False) -> Head:
    """Figures are first sorted from the greatest, texts from the beginning; the next click turns that round."""
    direction = "" if order.removeprefix("-") != name else "descending" if order.startswith("-") else "ascending"
    is_descending = direction == "ascending" if direction else not is_text
    return Head(label, f"-{name}" if is_descending else name, direction)


def row_heads(kind: str, order: str) -> list[list[Head]]:
    """By column; some hold two figures."""
    day = _("valid until") if kind == ImpactRow.Kind.QUOTE else _("support expiry")
    return [
        [head(_("license ID"), "license", order, is_text=True)],
        [head(_("customer"), "customer", order, is_text=True), head(_("reseller"), "reseller", order, is_text=True)],
        [head(day, "day", order, is_text=True)],
        [head(pgettext("prices", "before"), "old", order)],
        [head(pgettext("prices", "after"), "new", order)],
        [head(_("difference"), "difference", order), head(_("difference in percent"), "percent", order)],
    ]


def with_difference(part: Mapping[str, Any]) -> dict[str, Any]:
    """A part of the totals with its difference, also in percent."""
    difference = part["new"] - part["old"]
    percent = round(Decimal(100 * difference) / part["old"], 2) if part["old"] else None
    return {**part, "difference": difference, "percent": percent}


def group_of(key: str, title: str, name: str, whole: Mapping[str, Any], asked: Mapping[str, str]) -> dict[str, Any]:
    """The totals by reseller or by product, sorted."""
    order = order_of(asked, key, PART_ORDERS)
    column, is_descending = order.removeprefix("-"), order.startswith("-")
    parts = [with_difference(part) | {"key": number} for number, part in whole[key].items()]
    parts.sort(key=lambda part: part["name"])
    known = [part for part in parts if part[column] is not None]
    known.sort(key=lambda part: part[column], reverse=is_descending)
    parts = known + [part for part in parts if part[column] is None]
    figures = (
        (_("how many"), "count"), (pgettext("prices", "before"), "old"), (pgettext("prices", "after"), "new"),
        (_("difference"), "difference"),
        (_("difference in percent"), "percent"), (_("rank changes"), "rank_changes"),
        (_("newly refused"), "newly_refused"),
    )  # fmt: skip
    return {
        "key": key,
        "title": title,
        "filter": key.removesuffix("s"),
        "heads": [
            head(name, "name", order, is_text=True),
            *(head(label, column, order) for label, column in figures),
        ],
        "parts": parts[:MOST_PARTS],
        "left_out": max(len(parts) - MOST_PARTS, 0),
    }


def show_row(row: ImpactRow) -> dict[str, Any]:
    """A row with its lines and problems as the page shows them."""
    language = reader_language()
    lines = [
        {"code": code, "quantity": quantity, "old": old, "new": new, "is_changed": bool(old and new and old != new)}
        for code, quantity, old, new, _old_amount, _new_amount in row.lines
    ]
    problems = [
        {
            "code": problem["code"],
            "is_refusal": problem["is_refusal"],
            "text": problem[language],
            "list": problem["lists"][0] if len(problem["lists"]) == 1 else "both",
        }
        for problem in row.problems
    ]
    return {
        "row": row,
        "lines": lines[:MOST_LINES],
        "left_out": max(len(lines) - MOST_LINES, 0),
        "problems": problems,
    }
