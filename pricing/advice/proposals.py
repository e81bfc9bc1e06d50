"""Which quantities are worth looking at: what is held, what is asked for, bounds of ranks nearby, the cheapest."""

from dataclasses import dataclass, field
from enum import Enum

from .cheapest import find_cheapest
from .findings import rank_of
from .surface import Quantities, Subject, Surface

MOST_BOUNDS = 5
"""Proposals at bounds of ranks, the nearest ones first."""
NEARBY = 0.75
"""How far they may be from what is asked for, as a part of it."""


class Reason(Enum):
    """Why quantities are proposed."""

    KEPT = "kept"
    ASKED = "asked"
    RANK_BOUND = "rank-bound"
    CHEAPEST = "cheapest"
    TYPED = "typed"


@dataclass(slots=True)
class Proposal:
    """Quantities of all products, and all reasons to look at them."""

    quantities: Quantities
    reasons: list[Reason] = field(default_factory=list)


def propose(surface: Surface, typed: list[Quantities], *, is_searched: bool = True) -> list[Proposal]:
    """From the fewest licenses to the most, none twice. `typed`: quantities that somebody wants to see.

    `is_searched`: bounds and the cheapest are looked for; not where there are very many products.
    """
    wanted: list[tuple[Quantities, Reason]] = [(surface.kept, Reason.KEPT), (surface.asked, Reason.ASKED)]
    wanted += [(quantities, Reason.TYPED) for quantities in typed]
    if is_searched:
        if cheapest := find_cheapest(surface, surface.asked):
            is_cheaper = surface.subtotal(cheapest) != surface.subtotal(surface.asked)
            wanted.append((cheapest if is_cheaper else surface.asked, Reason.CHEAPEST))
        wanted += [(quantities, Reason.RANK_BOUND) for quantities in _bounds(surface)]
    found: dict[tuple[int, ...], Proposal] = {}
    for quantities, reason in wanted:
        point = tuple(quantities[subject.code] for subject in surface.subjects)
        proposal = found.setdefault(point, Proposal(quantities))
        if reason not in proposal.reasons:
            proposal.reasons.append(reason)
    return [found[point] for point in sorted(found, key=lambda point: (sum(point), point))]


def _bounds(surface: Surface) -> list[Quantities]:
    """For each product: the least quantity that still has its rank, and the least of the next rank up and down; as far
    as they are near.
    """
    near: list[tuple[float, Quantities]] = []
    for subject in surface.subjects:
        for quantity in _bounds_of(surface, subject):
            distance = abs(quantity - surface.asked[subject.code]) / max(surface.asked[subject.code], 1)
            if distance <= NEARBY:
                near.append((distance, {**surface.asked, subject.code: quantity}))
    near.sort(key=lambda pair: pair[0])
    return [quantities for _distance, quantities in near[:MOST_BOUNDS]]


def _bounds_of(surface: Surface, subject: Subject) -> list[int]:
    """Nothing where the product is not asked for. Those that cannot be quoted are none."""
    asked = surface.asked
    points = surface.turning_points(subject, asked)
    now = asked[subject.code]
    if not now:
        return []
    ranks = {}
    for quantity in {*points, now}:
        pricing = surface.at({**asked, subject.code: quantity})
        if not pricing.is_refused:
            ranks[quantity] = rank_of(pricing, subject.code)
    if now not in ranks:
        return sorted(ranks)[:1]
    ascending = sorted(ranks)
    begins = [
        quantity
        for place, quantity in enumerate(ascending)
        if not place or ranks[quantity] != ranks[ascending[place - 1]]
    ]
    below = [quantity for quantity in begins if quantity < now][-2:]
    above = [quantity for quantity in begins if quantity > now][:1]
    if below and below[0] == ascending[0] and subject.is_shared and ranks[below[0]] == ranks[now]:
        below = below[1:]  # others decide the rank: it begins nowhere here
    return [*below, *above]
