"""Margins of a reseller's quotes, summed by month, by customer and one by one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from licensing.models import User

from ..models import Quote, QuoteMargin
from ..record.margins import Figures, Stage, standing_margins, sum_rows, visible_margins
from ..record.queries import visible_quotes

MONTHS = 12
"""Shown at a time."""
ROWS = ("subtotal", "covered", "cost", "uncovered_lines")


@dataclass(frozen=True, slots=True)
class Month:
    """All quotes of a month, by stage; a stage that no quote reached in it is not there."""

    first: date
    stages: dict[str, Figures] = field(default_factory=dict)

    @property
    def shown(self) -> list[tuple[str, Figures | None]]:
        """Every stage in its order."""
        return [(stage, self.stages.get(stage)) for stage in Stage.values]


@dataclass(frozen=True, slots=True)
class QuoteMargins:
    """A quote that reached a stage in a month, with what is known of it at every stage."""

    quote: Quote
    stages: dict[str, Figures]

    @property
    def shown(self) -> list[tuple[str, Figures | None]]:
        """Every stage in its order."""
        return [(stage, self.stages.get(stage)) for stage in Stage.values]


@dataclass(frozen=True, slots=True)
class CustomerMargins:
    """All quotes of a customer, by the name on them."""

    name: str
    quotes: int
    stages: dict[str, Figures]

    @property
    def shown(self) -> list[tuple[str, Figures | None]]:
        """Every stage in its order."""
        return [(stage, self.stages.get(stage)) for stage in Stage.values]


def month_after(first: date, count: int = 1) -> date:
    """The first day of a month so many months later; earlier below 0."""
    months = first.year * 12 + first.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def months_until(user: User, last: date) -> list[Month]:
    """Twelve months, of which `last` is the first day of the last one. One query."""
    first = month_after(last, 1 - MONTHS)
    rows = (
        standing_margins(user)
        .filter(rates_on__gte=first, rates_on__lt=month_after(last))
        .order_by()
        .annotate(month=TruncMonth("rates_on"))
        .values_list("month", "stage")
        .annotate(*(Sum(name) for name in ROWS))
    )
    found: dict[date, dict[str, Figures]] = defaultdict(dict)
    for month, stage, *sums in rows:
        found[month][stage] = Figures(*sums)
    return [Month(one, found.get(one, {})) for one in (month_after(first, place) for place in range(MONTHS))]


def quotes_between(user: User, first: date, after: date, *, most: int | None = None) -> list[QuoteMargins]:
    """The quotes that reached a stage from the first day until before the second one, the newest first. Three queries
    at most, however many there are.
    """
    reached = standing_margins(user).filter(rates_on__gte=first, rates_on__lt=after).order_by()
    quotes = visible_quotes(user).select_related("customer").filter(pk__in=reached.values("quote"))
    chosen = list(quotes.order_by("-issued_at", "-pk")[:most])
    by_quote = stages_by_quote(user, chosen)
    return [QuoteMargins(quote, by_quote.get(quote.pk, {})) for quote in chosen]


def count_between(user: User, first: date, after: date) -> int:
    """How many they are."""
    reached = standing_margins(user).filter(rates_on__gte=first, rates_on__lt=after)
    return reached.order_by().values("quote").distinct().count()


def stages_by_quote(user: User, quotes: Sequence[Quote]) -> dict[int, dict[str, Figures]]:
    """What is known of each quote, by the number of its row and by stage. One query; none for whoever sees nothing."""
    rows: dict[tuple[int, str], list[QuoteMargin]] = defaultdict(list)
    numbers = [quote.pk for quote in quotes]
    for row in visible_margins(user).filter(quote__in=numbers).defer("lines").order_by("pk") if numbers else ():
        rows[row.quote_id, row.stage].append(row)
    found: dict[int, dict[str, Figures]] = defaultdict(dict)
    for (quote, stage), its in rows.items():
        found[quote][stage] = sum_rows(its)
    return found


def by_customer(rows: Iterable[QuoteMargins]) -> list[CustomerMargins]:
    """Put together by the customer's name on the quote, by name."""
    of: dict[str, list[QuoteMargins]] = defaultdict(list)
    for row in rows:
        of[row.quote.customer_name].append(row)
    return [CustomerMargins(name, len(its), _together(its)) for name, its in sorted(of.items())]


def _together(rows: Iterable[QuoteMargins]) -> dict[str, Figures]:
    sums: dict[str, list[Figures]] = defaultdict(list)
    for row in rows:
        for stage, figures in row.stages.items():
            sums[stage].append(figures)
    return {
        stage: Figures(
            sum(one.subtotal for one in its),
            sum(one.covered for one in its),
            sum(one.paid for one in its),
            sum(one.uncovered_lines for one in its),
        )
        for stage, its in sums.items()
    }
