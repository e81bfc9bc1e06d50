"""From which quantity to which each rank holds: what does not fit is told at the cell that is wrong.

The quantities from which ranks hold are looked at as the file has them, before anything is derived from their order: a
wrong one would else be told at its neighbours.
"""

from collections.abc import Sequence
from itertools import pairwise

from django.utils.translation import gettext as _

from ...engine.rank import in_code_order
from .found import ReadPrices
from .resource import PriceRow

MOST_COMPARED = 60
"""Ranks of a product up to which every combination is weighed; beyond it they are taken one after the other."""


def check_beginnings(rows: Sequence[PriceRow], found: ReadPrices) -> None:
    """Ranks ascend with the quantity. Which of them are out of place, the others tell."""
    own = [row for row in rows if row.rank and row.from_quantity]
    own.sort(key=lambda row: (in_code_order(row.rank), row.from_quantity))
    if all((lower.from_quantity or 0) < (higher.from_quantity or 0) for lower, higher in pairwise(own)):
        return
    kept = _fitting(own)
    for place, row in enumerate(own):
        if row in kept:
            continue
        begins = row.from_quantity or 0
        same = next((other for other in kept if other.from_quantity == begins), None)
        lower = own[place - 1] if place else None
        if same is not None:
            reason = _("The product has a rank from this quantity in row %(row)s already.") % {"row": same.number}
        elif lower in kept and lower is not None and lower.to_quantity is not None:
            reason = _("Rank %(rank)s (row %(row)s) ends at %(ends)s, so this one begins at %(begins)s.") % {
                "rank": lower.rank,
                "row": lower.number,
                "ends": f"{lower.to_quantity:,}",
                "begins": f"{lower.to_quantity + 1:,}",
            }
        else:
            reason = _say_swapped(row, own, kept)
        found.error(row, "from_quantity", begins, reason)


def _fitting(rows: Sequence[PriceRow]) -> list[PriceRow]:
    """The most rows, in the order of their ranks, whose quantities ascend; of equally many those that their ends
    speak for, then those that stand first in the file."""
    if len(rows) > MOST_COMPARED:
        kept: list[PriceRow] = []
        for row in rows:
            if not kept or (row.from_quantity or 0) > (kept[-1].from_quantity or 0):
                kept.append(row)
        return kept
    best: list[tuple[int, int, tuple[int, ...]]] = []
    chains: list[list[PriceRow]] = []
    for place, row in enumerate(rows):
        worth: tuple[int, int, tuple[int, ...]] = (0, 0, ())
        chain: list[PriceRow] = []
        for before in range(place):
            if (rows[before].from_quantity or 0) < (row.from_quantity or 0) and best[before] > worth:
                worth, chain = best[before], chains[before]
        speaks = _spoken_for(row, rows[place - 1] if place else None)
        best.append((worth[0] + 1, worth[1] + speaks, (*worth[2], -row.number)))
        chains.append([*chain, row])
    return max(zip(best, chains, strict=True), key=lambda pair: pair[0])[1] if rows else []


def _spoken_for(row: PriceRow, lower: PriceRow | None) -> int:
    """Whether the ends of the rank and of the one below it speak for where it begins."""
    begins, speaks = row.from_quantity or 0, 0
    if row.to_quantity is not None and row.to_quantity < begins:
        speaks -= 1
    if lower is not None and lower.to_quantity is not None:
        speaks += 1 if lower.to_quantity + 1 == begins else -1
    return speaks


def _say_swapped(row: PriceRow, rows: Sequence[PriceRow], kept: Sequence[PriceRow]) -> str:
    """Two ranks of which the higher begins at the lower quantity; one of them is the row's."""
    place, begins = rows.index(row), row.from_quantity or 0
    for other in kept:
        is_lower = rows.index(other) < place
        if is_lower == ((other.from_quantity or 0) > begins):
            lower, higher = (other, row) if is_lower else (row, other)
            return _("Rank %(other)s begins at a lower quantity than rank %(rank)s. Look for swapped quantities.") % {
                "rank": lower.rank,
                "other": higher.rank,
            }
    return _("The quantity does not fit those of the other ranks.")


def check_ends(rows: Sequence[PriceRow], found: ReadPrices) -> None:
    """Each rank ends where the next begins. The rows ascend."""
    for lower, higher in pairwise(rows):
        begins = higher.from_quantity or 0
        if lower.to_quantity is not None and lower.to_quantity != begins - 1:
            reason = _("The next rank (%(rank)s, row %(row)s) begins at %(begins)s, so this one ends at %(ends)s.")
            values = {"rank": higher.rank, "row": higher.number, "begins": f"{begins:,}", "ends": f"{begins - 1:,}"}
            found.error(lower, "to_quantity", lower.to_quantity, reason % values)
    last = rows[-1]
    if last.to_quantity is not None:
        if last.to_quantity < (last.from_quantity or 0):
            found.error(last, "to_quantity", last.to_quantity, _("The rank ends before it begins."))
        else:
            reason = _("The last rank holds for any larger quantity, too: the portal knows no upper end.")
            found.notice(last, "to_quantity", last.to_quantity, reason)
