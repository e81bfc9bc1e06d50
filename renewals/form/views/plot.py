"""A plot of the total over a product's quantity, with its steps where ranks begin: drawn as SVG by a template."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pricing.advice.findings import Cheapest, NextRank, Piece, find_pieces
from pricing.advice.surface import Subject, Surface
from pricing.asof.chart import nice_above

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 76, 16, 18, 26
BETWEEN = 46
"""Pixels that two quantities below the plot need between them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A quantity that is shown by a sign: what is held, entered, or cheapest."""

    kind: str
    sign: str
    x: float
    y: float
    quantity: int
    total: int


@dataclass(frozen=True, slots=True)
class Plot:
    """All that the template draws, in pixels from the upper left corner."""

    lines: str
    """One path for all pieces."""
    steps: str
    """Between them."""
    ranks: list[tuple[float, float, str]]
    quantities: list[tuple[float, int]]
    yen: list[tuple[float, int]]
    marks: list[Mark]
    pieces: list[Piece]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def draw_plot(surface: Surface, subject: Subject, *, best: Cheapest | None, further: NextRank | None) -> Plot | None:
    """From half of the smaller of what is held and entered to a little beyond all that is spoken of. None where
    nothing there can be quoted.
    """
    known = [one for one in (subject.held, subject.asked) if one]
    if not known:
        return None
    cheapest = best.quantities[subject.code] if best else subject.asked
    near = further.quantity if further and further.quantity <= 2 * max(known) else 0
    first, last = max(min(known) // 2, 1), max(*known, cheapest, near) * 6 // 5 + 1
    pieces = find_pieces(surface, subject, first=first, last=last)
    if not pieces:
        return None
    most = nice_above(max(piece.last_total for piece in pieces) or 1)

    def x(quantity: int) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (quantity - first) / (last - first), 1)

    def y(total: int) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * total / most, 1)

    lines = "".join(f"M{x(one.first)} {y(one.first_total)}L{x(one.last)} {y(one.last_total)}" for one in pieces)
    steps = "".join(
        f"M{x(one.last)} {y(one.last_total)}L{x(after.first)} {y(after.first_total)}"
        for one, after in pairwise(pieces)
        if after.first == one.last + 1
    )
    marks = []
    for kind, sign, quantity in (("held", "▲", subject.held), ("asked", "■", subject.asked), ("best", "●", cheapest)):
        total = surface.subtotal({**surface.asked, subject.code: quantity})
        if total is not None and quantity:
            marks.append(Mark(kind, sign, x(quantity), y(total), quantity, total))
    return Plot(
        lines=lines,
        steps=steps,
        ranks=_names_of_ranks(pieces, x),
        quantities=_below([first, *_beginnings(pieces), last], x),
        yen=[(y(most * part // 4), most * part // 4) for part in range(5)],
        marks=marks,
        pieces=_joined(pieces),
    )


def _beginnings(pieces: list[Piece]) -> list[int]:
    """Where another rank begins."""
    return [after.first for one, after in pairwise(pieces) if after.rank != one.rank]


def _joined(pieces: list[Piece]) -> list[Piece]:
    """One for each stretch of one rank in which the total does not jump down."""
    found: list[Piece] = []
    for piece in pieces:
        before = found[-1] if found else None
        is_same = before and (before.rank, before.last + 1) == (piece.rank, piece.first)
        if before and is_same and before.last_total <= piece.first_total:
            found[-1] = Piece(before.first, piece.last, before.first_total, piece.last_total, piece.rank)
        else:
            found.append(piece)
    return found


def _names_of_ranks(pieces: list[Piece], x: Callable[[int], float]) -> list[tuple[float, float, str]]:
    found = []
    for piece in _joined(pieces):
        begin, end = x(piece.first), x(piece.last)
        if end - begin >= 16:
            found.append(((begin + end) / 2, TOP - 5.0, piece.rank))
    return found


def _below(quantities: Sequence[int], x: Callable[[int], float]) -> list[tuple[float, int]]:
    """As many of the quantities as there is room for, the ends first."""
    first, *between, last = quantities
    found = [(x(first), first), (x(last), last)]
    for quantity in between:
        if all(abs(x(quantity) - at) >= BETWEEN for at, _other in found):
            found.append((x(quantity), quantity))
    return sorted(found)
