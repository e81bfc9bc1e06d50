"""Margins of twelve months at three stages, as shapes for an SVG: drawn by the server, so it needs no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ..record.margins import Stage
from .queries import Month

WIDTH, HEIGHT, TOP, BOTTOM = 960, 150, 18, 126
"""Of the picture, and between which lines bars stand, in its own units."""
GAP = 14


@dataclass(frozen=True, slots=True)
class Piece:
    """A bar of one stage: from the line of ¥0 up, or down where it is a loss."""

    stage: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One month."""

    first: date
    x: int
    width: int
    pieces: list[Piece]
    month: Month

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


def zero_of(months: Sequence[Month]) -> int:
    """Where the line of ¥0 lies."""
    most, least = _bounds(months)
    return TOP + round((BOTTOM - TOP) * most / ((most - least) or 1))


def bars_of(months: Sequence[Month]) -> list[Bar]:
    """For each month a bar of each stage beside the other, as high as its margin; the highest fills the picture."""
    most, least = _bounds(months)
    scale, zero = (BOTTOM - TOP) / ((most - least) or 1), zero_of(months)
    step = WIDTH // max(len(months), 1)
    width = (step - GAP) // len(Stage.values)
    bars = []
    for at, month in enumerate(months):
        x, pieces = at * step + GAP // 2, []
        for place, (stage, figures) in enumerate(month.shown):
            margin = figures.margin if figures and figures.margin is not None else None
            if not margin:
                continue
            height = max(round(abs(margin) * scale), 1)
            pieces.append(Piece(stage, x + place * width, zero - height if margin > 0 else zero, width - 2, height))
        bars.append(Bar(month.first, x, width * len(Stage.values), pieces, month))
    return bars


def _bounds(months: Sequence[Month]) -> tuple[int, int]:
    """The highest and the lowest margin, ¥0 between them."""
    margins = [figures.margin for month in months for figures in month.stages.values() if figures.margin is not None]
    return max([0, *margins]), min([0, *margins])
