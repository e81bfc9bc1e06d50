"""The total price of one product over the quantity, as a drawing and as the figures beside it.

Each rank takes the same width and prices stand on a logarithmic scale: otherwise the last rank would hide all others.
"""

from dataclasses import dataclass
from math import log10

from ...engine.paradox import Band, Paradox, bands_of, find_paradoxes
from ...engine.rules.r10_renewal_amount import renewal_amount
from ...engine.values import PriceTable, Product, Yen

WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 92, 16, 16, 44
STEPS = 16
"""Points per rank; between them the line is straight."""
FEWEST_DECADES = 0.5
"""A plot of a single price would have no height."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One rank in figures."""

    rank: str
    first: int
    last: int | None
    price: Yen
    first_amount: Yen
    last_amount: Yen | None
    paradox: Paradox | None


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark at an axis."""

    at: float
    label: str
    rank: str = ""


@dataclass(frozen=True, slots=True)
class Shade:
    """A range of quantities that cost more than a larger one."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Plot:
    """The drawing, in its own units."""

    lines: list[str]
    """One per rank: the points of its line."""
    drops: list[tuple[float, float, float]]
    """Where a rank ends and the next begins: x, and y before and after."""
    shades: list[Shade]
    thresholds: list[Tick]
    amounts: list[Tick]
    figures: list[Figures]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM
    inner_height: int = HEIGHT - BOTTOM - TOP
    label_left: int = LEFT - 8
    label_top: int = HEIGHT - BOTTOM + 18
    label_bottom: int = HEIGHT - BOTTOM + 34


def draw_plot(product: Product, table: PriceTable, years: int) -> Plot | None:
    """Total price over quantity for a number of years; None where no quantity can be renewed."""
    bands = bands_of(table)
    if not bands:
        return None

    def amount(band: Band, quantity: int) -> Yen:
        return renewal_amount(product=product, table=table, rank=band.rank, quantity=quantity, years=years).amount

    paradoxes = {paradox.rank.rank: paradox for paradox in find_paradoxes(product, table, years)}
    ends = [band.first * 2 if band.last is None else band.last for band in bands]
    all_amounts = [amount(band, n) for band, end in zip(bands, ends, strict=True) for n in (band.first, end)]
    low, high = log10(max(1, min(all_amounts))), log10(max(1, *all_amounts))
    middle, decades = (low + high) / 2, max(high - low, FEWEST_DECADES) * 1.08
    width = (WIDTH - LEFT - RIGHT) / len(bands)

    def y(yen: Yen) -> float:
        share = (log10(max(1, yen)) - middle) / decades + 0.5
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    def x(place: int, quantity: int) -> float:
        band, end = bands[place], ends[place]
        return round(LEFT + width * (place + (quantity - band.first) / (end + 1 - band.first)), 1)

    lines, drops, shades, thresholds, figures = [], [], [], [], []
    for place, (band, end) in enumerate(zip(bands, ends, strict=True)):
        quantities = sorted({band.first + (end - band.first) * step // STEPS for step in range(STEPS + 1)})
        right = round(LEFT + width * (place + 1), 1)
        points = [(x(place, n), y(amount(band, n))) for n in quantities] + [(right, y(amount(band, end)))]
        lines.append(" ".join(f"{across},{down}" for across, down in points))
        if place + 1 < len(bands):
            drops.append((right, y(amount(band, end)), y(amount(bands[place + 1], bands[place + 1].first))))
        paradox = paradoxes.get(band.rank.rank)
        if paradox is not None:
            begin = x(place, paradox.first)
            shades.append(Shade(begin, round(max(right - begin, 2), 1)))
        thresholds.append(Tick(round(LEFT + width * place, 1), f"{band.first:,}", band.rank.rank))
        last_amount = None if band.last is None else amount(band, band.last)
        first_amount = amount(band, band.first)
        figures.append(
            Figures(band.rank.rank, band.first, band.last, band.rank.renewal_price, first_amount, last_amount, paradox)
        )
    amounts = [Tick(y(yen), f"¥{yen:,}") for yen in round_amounts(middle - decades / 2, middle + decades / 2)]
    return Plot(lines, drops, shades, thresholds, amounts, figures)


def round_amounts(low: float, high: float) -> list[Yen]:
    """Round numbers of yen between two powers of ten, about as many as an axis has room for."""
    steps = (1, 2, 5) if high - low < 2.2 else (1, 3) if high - low < 4 else (1,)
    found = [step * 10**power for power in range(int(low), int(high) + 1) for step in steps]
    return [yen for yen in found if low <= log10(yen) <= high]
