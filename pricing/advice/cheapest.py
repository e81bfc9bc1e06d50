"""The cheapest quantities at or above those that are needed: as if every quantity had been priced.

Why a few points are enough. Once it is settled which product decides each rank, at which band, and whether additions
are summed (R7), the price never falls when a quantity grows: every line is price x quantity (R10, R11), rounded down.
So in the cheapest quote every product has as little as it may, but for at most one in each group that shares a rank:
that one is at the beginning of a band, or just large enough to decide. All of these are priced, and the cheapest taken.
"""

from collections.abc import Collection, Iterator

from ..engine.pricing import RenewalPricing
from ..engine.problems import Problem
from .surface import Group, Quantities, Subject, Surface

EVERYWHERE = "everywhere"
"""The group of a refusal that is about no product: of the years, or of the quote."""


def find_cheapest(
    surface: Surface, needed: Quantities, *, years: int | None = None, among: Collection[str] | None = None
) -> dict[str, int] | None:
    """The quantities that cost least, none below what is needed; of those that cost the same, the fewest licenses.

    `among`: the products that may have more than is needed, all without it. None where every quantity is refused.
    """
    raisable = [subject for subject in surface.subjects if among is None or subject.code in among]
    best: tuple[tuple[int, int, tuple[int, ...]], dict[str, int]] | None = None
    for start in _starts(needed, raisable):
        found = _Search(surface, start, raisable, years).cheapest()
        if found is None:
            continue
        cost = _cost(surface, found, years)
        if cost is not None and (best is None or cost < best[0]):
            best = cost, found
    return best[1] if best else None


def _cost(surface: Surface, quantities: Quantities, years: int | None) -> tuple[int, int, tuple[int, ...]] | None:
    subtotal = surface.subtotal(quantities, years=years)
    if subtotal is None:
        return None
    return subtotal, sum(quantities.values()), tuple(quantities[code] for code in sorted(quantities))


def _starts(needed: Quantities, raisable: Collection[Subject]) -> Iterator[dict[str, int]]:
    """The least quantities that may be: as needed, and with one more product or holding renewed than that.

    What is renewed besides may let additions be summed, or keep them from it (R7). Where nothing is needed, one is
    quoted all the same (R3).
    """
    least = dict(needed)
    for subject in raisable:
        least[subject.code] = _least(subject, needed[subject.code])
    yield least
    for subject in raisable:
        for further in {1, subject.open_until + 1}:
            if needed[subject.code] < further <= max(subject.held, 1):
                yield {**least, subject.code: max(least[subject.code], _least(subject, further))}


def _least(subject: Subject, quantity: int) -> int:
    """So many, or the product's minimum where that is more (R8): nothing between nothing and it can be renewed."""
    if not quantity or not subject.held or subject.table is None:
        return quantity
    return max(quantity, subject.table.minimum_quantity)


class _Search:
    """From the least quantities on, with additions summed, or not, as they are there (R7)."""

    def __init__(
        self, surface: Surface, start: dict[str, int], raisable: Collection[Subject], years: int | None
    ) -> None:
        self.surface = surface
        self.start = start
        self.years = years
        self.raisable = raisable
        self.is_summed = surface.at(start, years=years).addition_sum.is_summed

    def cheapest(self) -> dict[str, int] | None:
        """The groups cost each by itself, so the best of each is the best of all."""
        possible = {}
        for group, options in self._options().items():
            possible[group] = [option for option in options if self._can_be(group, option)]
            if not possible[group]:
                return None
        first = {code: quantity for options in possible.values() for code, quantity in options[0].items()}
        best = {**self.start, **first}
        for options in possible.values():
            costs = [(_cost(self.surface, {**best, **option}, self.years), option) for option in options]
            priced = [(cost, option) for cost, option in costs if cost is not None]
            if not priced:
                return None
            best |= min(priced, key=lambda pair: pair[0])[1]
        return best

    def _options(self) -> dict[Group, list[dict[str, int]]]:
        """By group: every product as it starts, or one of them with more."""
        start = self.start
        moves: dict[Group, list[tuple[str, int]]] = {
            group: [] for subject in self.surface.subjects for group in self._groups_of(subject)
        }
        for subject in self.raisable:
            group, now = self._groups_of(subject)[-1], start[subject.code]
            is_beyond = now > subject.held
            for quantity in self.surface.turning_points(subject, start):
                # What is added without being summed lifts no rank: nothing is gained by it.
                if quantity > now and (self.is_summed or is_beyond or quantity <= subject.held):
                    moves[group].append((subject.code, quantity))
        options = {}
        for group, found in moves.items():
            resting = {code: start[code] for code, _quantity in found}
            options[group] = [resting, *({**resting, code: quantity} for code, quantity in found)]
        return options

    def _groups_of(self, subject: Subject) -> list[Group]:
        """What its price hangs on: its rank's group, and its addition by itself where that is ranked alone."""
        is_alone = not self.is_summed and self.start[subject.code] > subject.held
        return [subject.group, f"alone {subject.code}"] if is_alone else [subject.group]

    def _can_be(self, group: Group, option: dict[str, int]) -> bool:
        """Whether nothing of the group is refused, and additions are summed or not, as they were."""
        pricing = self.surface.at({**self.start, **option}, years=self.years)
        if option and pricing.addition_sum.is_summed != self.is_summed:
            return False
        refused = {name for problem in pricing.refusals for name in self._groups_at(problem, pricing)}
        return not refused & {group, EVERYWHERE}

    def _groups_at(self, problem: Problem, pricing: RenewalPricing) -> Iterator[Group]:
        """Which groups a refusal is about: an addition's only where no holding is named."""
        request = pricing.request
        held = {f"holding:{one.holding.key}": one.holding.product for one in request.holdings}
        added = {f"addition:{one.key}": one.product for one in request.additions}
        products = [held[place] for place in problem.places if place in held]
        for product in products:
            yield f"programme {product.programme.code}"
            yield f"product {product.code}"
        for place in problem.places:
            if not products and place in added:
                subject = self.surface.subject_of[added[place].code]
                yield self._groups_of(subject)[-1]
            elif place not in held and place not in added:
                yield EVERYWHERE
