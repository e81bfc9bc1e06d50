"""The coming months in yen by stage, as shapes for an SVG: drawn by the server, so it needs no script."""

from collections.abc import Sequence
from dataclasses import dataclass

from .queries import Month

WIDTH, HEIGHT, BASE = 960, 132, 104
"""Of the picture, and the line on which the bars stand, in its own units."""
GAP = 14
GROUPS = {
    "open": ("open", "asked", "answered", "chosen", "drafted"),
    "quoted": ("quoted", "sent", "seen"),
    "won": ("wished", "ordered", "done"),
    "gone": ("lost", "declined", "lapsed"),
}
"""The stages in four colours: still to be quoted, with the customer, coming in, not coming."""


@dataclass(frozen=True, slots=True)
class Piece:
    group: str
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One month."""

    month: Month
    x: int
    width: int
    pieces: list[Piece]
    sums: dict[str, int]
    """Yen by group."""

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def top(self) -> int:
        return min((piece.y for piece in self.pieces), default=BASE)


def bars_of(months: Sequence[Month]) -> list[Bar]:
    """A bar for each month, as high as its yen; the highest fills the picture."""
    most = max((month.yen for month in months), default=0) or 1
    step = WIDTH // max(len(months), 1)
    bars = []
    for at, month in enumerate(months):
        sums = {group: sum(month.stages.get(stage, (0, 0))[1] for stage in stages) for group, stages in GROUPS.items()}
        pieces, y = [], BASE
        for group, yen in sums.items():
            height = round(yen * (BASE - 16) / most) or (1 if yen else 0)
            if height:
                y -= height
                pieces.append(Piece(group, y, height))
        bars.append(Bar(month, at * step + GAP // 2, step - GAP, pieces, sums))
    return bars
