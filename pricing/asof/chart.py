"""A chart of prices over days: one line of steps for each rank, drawn as SVG by a template."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.formats import date_format

from ..engine.values import PriceRank
from .operations import Period

WIDTH, HEIGHT = 880, 260
LEFT, RIGHT, TOP, BOTTOM = 64, 44, 16, 28
BETWEEN_DAYS = 76
"""Pixels that two days below the chart need between them."""
BETWEEN_RANKS = 12
"""Pixels that two ranks beside the chart need between them."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One list's price of a rank, with the step to the next list's."""

    path: str
    is_draft: bool


@dataclass(slots=True)
class RankCurve:
    rank: str
    segments: list[Segment] = field(default_factory=list)
    label_y: float = 0


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the template draws, in pixels from the upper left corner."""

    lines: list[RankCurve]
    yen: list[tuple[float, int]]
    days: list[tuple[float, str]]
    marker: float
    """Where the day asked about stands."""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM

    @property
    def label_x(self) -> int:
        return self.right + 6


def draw_chart(
    periods: Sequence[Period], *, ranks: Sequence[str], price: Callable[[PriceRank], int | None], on: date
) -> Chart | None:
    """The price of each rank over the periods, the day marked. None where there is nothing to draw."""
    prices = [
        {rank.rank: yen for rank in period.table.ranks if (yen := price(rank)) is not None} if period.table else {}
        for period in periods
    ]
    if not any(prices):
        return None
    first = min(periods[0].first, on)
    last_change = max(periods[-1].first, on)
    last = last_change + timedelta(days=max(90, (last_change - first).days // 6))
    span = (last - first).days
    most = nice_above(max(max(row.values()) for row in prices if row))

    def x(day: date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / span, 1)

    def y(yen: int) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * yen / most, 1)

    lines = []
    for rank in ranks:
        line = RankCurve(rank)
        for position, (period, row) in enumerate(zip(periods, prices, strict=True)):
            if rank not in row:
                continue
            following = prices[position + 1].get(rank) if position + 1 < len(periods) else None
            end = last if period.until is None else period.until + timedelta(days=1)
            path = f"M{x(period.first)} {y(row[rank])}H{x(end)}" + (f"V{y(following)}" if following is not None else "")
            line.segments.append(Segment(path, not period.price_list.is_published))
            line.label_y = y(row[rank])
        if line.segments:
            lines.append(line)
    spread(lines)
    return Chart(
        lines,
        yen=[(y(most * part // 4), most * part // 4) for part in range(5)],
        days=days_below(periods, x),
        marker=x(on),
    )


def nice_above(yen: int) -> int:
    """A round number that is not below the price and that four parts it evenly."""
    step = 4
    while step * 14 < yen:
        step *= 10
    return next(step * part for part in range(1, 15) if step * part >= yen)


def days_below(periods: Sequence[Period], x: Callable[[date], float]) -> list[tuple[float, str]]:
    """The first days of lists, as far as there is room."""
    shown: list[tuple[float, str]] = []
    for period in periods:
        at = x(period.first)
        if not shown or at - shown[-1][0] >= BETWEEN_DAYS:
            shown.append((at, date_format(period.first, "SHORT_DATE_FORMAT")))
    return shown


def spread(lines: Sequence[RankCurve]) -> None:
    """Move the ranks' names apart where their prices are close, from the lowest up, then down again from the top."""
    above = float(HEIGHT)
    for line in sorted(reversed(lines), key=lambda line: -line.label_y):
        line.label_y = above = min(line.label_y, above - BETWEEN_RANKS)
    below = float(TOP) - BETWEEN_RANKS
    for line in sorted(lines, key=lambda line: line.label_y):
        line.label_y = below = max(line.label_y, below + BETWEEN_RANKS)
