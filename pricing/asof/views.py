"""What a product cost on a day and what it will; any license ID priced on any day with one list or two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.administration.frame import ask_permission
from foundation.text.language import reader_language
from licensing.models import LicenseID, Product

from ..engine.difference import StepPair, compare_steps
from ..engine.pricing import RenewalPricing
from ..engine.rank import in_code_order
from ..engine.rulebook import rule_name
from ..engine.values import PRICES, PriceRank
from ..golden.operations import golden_result
from ..models import PriceList
from ..models import PriceRank as PriceRankRow
from ..queries import price_lists_around
from ..results import Cell, compare_results
from ..views import show_list_page
from ..wording import what_to_do
from .chart import draw_chart
from .forms import LicenseDayForm, ProductDayForm
from .operations import Period, price_license_id, product_periods


@dataclass(frozen=True, slots=True)
class RankCell:
    """One rank in one list, with how its prices differ from the list before."""

    rank: PriceRank | None
    prices: list[Cell]
    """As of `PRICES`."""


@dataclass(frozen=True, slots=True)
class PeriodRow:
    period: Period
    state: PriceList.State
    is_asked: bool
    """Whether the day asked about lies in it."""
    cells: list[RankCell]
    discounts: list[str]


# --- A product -------------------------------------------------------------------------------------------------------


def prices(request: HttpRequest) -> HttpResponse:
    """What did this product cost on that day, and what will it?"""
    ask_permission(request, "pricing.view_pricelist")
    form = ProductDayForm(request.GET if request.GET else None)
    context: dict[str, Any] = {"form": form, "products": Product.objects.order_by("code").only("code", "name")}
    if form.is_bound and form.is_valid():
        today = timezone.localdate()
        on = form.cleaned_data["on"] or today
        context |= answer_for(form.cleaned_data["product"], on, today, form.cleaned_data["with_drafts"])
    status = 422 if form.errors else 200
    return show_list_page(request, "prices.html", _("Prices over time"), status=status, **context)


def answer_for(product: Product, on: date, today: date, with_drafts: bool) -> dict[str, Any]:
    periods = product_periods(product=product, with_drafts=with_drafts)
    ranks = sorted({rank.rank for period in periods if period.table for rank in period.table.ranks}, key=in_code_order)
    rows = period_rows(periods, ranks, on, today)
    asked = next((row for row in rows if row.is_asked), None)
    labels = [label_for_field(name, PriceRankRow) for name in PRICES]
    charts = [draw_chart(periods, ranks=ranks, price=attrgetter(name), on=on) for name in PRICES]
    return {
        "product": product,
        "on": on,
        "ranks": ranks,
        "rows": rows,
        "asked": asked,
        "following": next((row for row in rows if row.period.first > on), None),
        "labels": labels,
        "charts": [(label, chart) for label, chart in zip(labels, charts, strict=True) if chart],
    }


def period_rows(periods: Sequence[Period], ranks: Sequence[str], on: date, today: date) -> list[PeriodRow]:
    rows: list[PeriodRow] = []
    before: dict[str, PriceRank] = {}
    for period in periods:
        table = period.table
        now = dict(table.rank_by_code) if table else {}
        cells = []
        for code in ranks:
            old, new = before.get(code), now.get(code)
            cells.append(RankCell(new, [Cell(getattr(old, name, None), getattr(new, name, None)) for name in PRICES]))
        discounts = sorted(table.multi_year_discounts.items()) if table else []
        told = [f"{years}: {percent.normalize():f}\N{NO-BREAK SPACE}%" for years, percent in discounts]
        rows.append(PeriodRow(period, state_of(period, today), period.holds(on), cells, told))
        before = now
    return rows


def state_of(period: Period, today: date) -> PriceList.State:
    if not period.price_list.is_published:
        return PriceList.State.DRAFT
    if period.first > today:
        return PriceList.State.WAITING
    return PriceList.State.IN_FORCE if period.holds(today) else PriceList.State.SUPERSEDED


# --- A license ID ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step under both lists, in the reader's language."""

    rule: str
    name: str
    old: tuple[str, str] | None
    new: tuple[str, str] | None
    """What was decided, and the result."""
    is_changed: bool


def license_id(request: HttpRequest) -> HttpResponse:
    """Any license ID, priced on any day with any list, and where two lists differ."""
    ask_permission(request, "pricing.view_pricelist")
    price_lists = list(PriceList.objects.order_by("-effective_on", "-pk"))
    form = LicenseDayForm(request.GET if request.GET else None, price_lists=price_lists)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        cleaned = form.cleaned_data
        on = cleaned["on"] or timezone.localdate()
        by_number = {row.pk: row for row in price_lists}
        first = by_number[cleaned["first"]] if cleaned["first"] else price_lists_around(on=on)[0]
        if first is None:
            form.add_error("on", _("No price list is in force on this day. Choose a list."))
        else:
            second = by_number[cleaned["second"]] if cleaned["second"] else None
            context |= price_with(cleaned["license_id"], on, cleaned["years"] or 1, first, second)
    status = 422 if form.errors else 200
    return show_list_page(request, "license_id.html", _("Price a license ID"), status=status, **context)


def price_with(
    licenseid: LicenseID, on: date, years: int, first: PriceList, second: PriceList | None
) -> dict[str, Any]:
    """The license ID under one list or two; with two, the first is the old one."""
    lists = [first, second] if second and second != first else [first]
    pricings = [price_license_id(licenseid=licenseid, price_list=row, on=on, years=years) for row in lists]
    old, new = pricings[0], pricings[-1]
    pairs = compare_steps(old, new)
    parts = [(title, [step_row(pair) for pair in pairs if pair.line == key]) for key, title in titles(old, new).items()]
    results = [golden_result(pricing) for pricing in pricings]
    return {
        "licenseid": licenseid,
        "on": on,
        "years": years,
        "first": first,
        "second": lists[1] if len(lists) > 1 else None,
        "comparison": compare_results(results[0], results[-1]),
        "problems": [(row, problems_of(pricing)) for row, pricing in zip(lists, pricings, strict=True)],
        "parts": [(title, rows, sum(row.is_changed for row in rows)) for title, rows in parts if rows],
        "changed_count": sum(pair.is_changed for pair in pairs),
    }


def titles(*pricings: RenewalPricing) -> dict[str | None, Any]:
    """What each line is called, then the totals."""
    found: dict[str | None, Any] = {}
    for pricing in pricings:
        for line in pricing.lines:
            found.setdefault(line.key, f"{line.product.code} × {line.quantity:,}")
    return {**found, None: _("Totals")}


def step_row(pair: StepPair) -> StepRow:
    language = reader_language()
    old, new = ((step.text(language), step.result) if step else None for step in (pair.old, pair.new))
    return StepRow(pair.rule, rule_name(pair.rule, language), old, new, pair.is_changed)


def problems_of(pricing: RenewalPricing) -> list[tuple[bool, str, str]]:
    """Whether it refuses, what is wrong, what to do."""
    language = reader_language()
    return [(row.is_refusal, row.what(language), what_to_do(row)) for row in pricing.problems]
