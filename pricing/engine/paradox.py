"""Where fewer licenses cost more: the quantities of a table at which it is cheaper to keep up to a higher rank (R12).

Amounts are those of one holding that stands alone (R10), in yen, tax excluded; for a programme that is ranked by
its largest product (R6), a holding that decides the rank itself.
"""

from dataclasses import dataclass

from .rules.r10_renewal_amount import renewal_amount
from .values import LEAST_YEARS, MOST_YEARS, PriceRank, PriceTable, Product, Yen

YEARS = tuple(range(LEAST_YEARS, MOST_YEARS + 1))
"""For how many years a renewal can be (R1)."""


@dataclass(frozen=True, slots=True)
class Band:
    """The quantities that can be renewed at one rank, both ends inclusive."""

    rank: PriceRank
    first: int
    last: int | None
    """None: the band has no end."""


@dataclass(frozen=True, slots=True)
class Paradox:
    """Quantities of one rank, each of which costs more than a larger quantity at a higher rank."""

    rank: PriceRank
    first: int
    """From here on it is cheaper to keep up to `kept_quantity`."""
    last: int
    """The rank's last quantity: the paradox holds until the next rank begins."""
    first_amount: Yen
    last_amount: Yen
    kept_rank: PriceRank
    kept_quantity: int
    """The larger quantity that costs least; of those that cost the same, the smallest."""
    kept_amount: Yen


def bands_of(table: PriceTable) -> tuple[Band, ...]:
    """The ranks that a quantity of the product itself can reach, without what the minimum rules out (R5, R8)."""
    ends: list[int | None] = [threshold - 1 for threshold in table.thresholds[1:]]
    return tuple(
        Band(rank, max(rank.from_quantity, table.minimum_quantity), end)
        for rank, end in zip(table.ranks, [*ends, None], strict=False)
        if end is None or end >= table.minimum_quantity
    )


def find_paradoxes(product: Product, table: PriceTable, years: int) -> tuple[Paradox, ...]:
    """The paradox quantities of a table for a number of years, in ascending order; at most one range per rank.

    Within a band the amount never falls with the quantity. So what is kept up to is always a band's first quantity,
    and the paradox reaches from some quantity to the band's last.
    """
    bands = bands_of(table)
    found: list[Paradox] = []
    best: tuple[Yen, Band] | None = None
    for band in reversed(bands):
        if best is not None and band.last is not None:
            amount, kept = best
            first = _first_above(product, table, band, above=amount, years=years)
            if first is not None:
                first_amount = _amount(product, table, band, quantity=first, years=years)
                last_amount = _amount(product, table, band, quantity=band.last, years=years)
                found.append(
                    Paradox(
                        rank=band.rank,
                        first=first,
                        last=band.last,
                        first_amount=first_amount,
                        last_amount=last_amount,
                        kept_rank=kept.rank,
                        kept_quantity=kept.first,
                        kept_amount=amount,
                    )
                )
        amount = _amount(product, table, band, quantity=band.first, years=years)
        if best is None or amount <= best[0]:
            best = amount, band
    return tuple(reversed(found))


def _amount(product: Product, table: PriceTable, band: Band, *, quantity: int, years: int) -> Yen:
    return renewal_amount(product=product, table=table, rank=band.rank, quantity=quantity, years=years).amount


def _first_above(product: Product, table: PriceTable, band: Band, *, above: Yen, years: int) -> int | None:
    """The band's first quantity that costs more than the amount; None where none does.

    An amount is whole yen rounded down. It is above another from the first quantity at which the unrounded one reaches
    the next whole yen: a division, however long the band.
    """
    percent = table.multi_year_discounts.get(years) if product.is_multi_year_discountable else None
    numerator, denominator = (100 - percent).as_integer_ratio() if percent is not None else (100, 1)
    per_license = band.rank.renewal_price * years * numerator  # in hundredths of a yen over the denominator
    if per_license <= 0:
        return None
    first = max(band.first, -(-(above + 1) * 100 * denominator // per_license))
    return first if band.last is not None and first <= band.last else None
