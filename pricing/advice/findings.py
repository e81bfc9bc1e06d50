"""What there is to say about a product's quantity, or about all of them: each finding with both totals, in no words.

All totals are yen, tax excluded, of the whole license ID: the other products stay as they are asked for.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ..engine.pricing import RenewalPricing
from ..engine.values import Yen
from .cheapest import find_cheapest
from .surface import Quantities, Subject, Surface


@dataclass(frozen=True, slots=True)
class Piece:
    """Quantities of a product, both ends inclusive, between which no rule changes its mind."""

    first: int
    last: int
    first_total: Yen
    last_total: Yen
    rank: str
    """Of the product; empty where nothing of it is quoted."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """Where renewing less of a product costs less than keeping what is held (R12)."""

    held: int
    kept_total: Yen
    pays_from: int | None
    """The largest smaller quantity that costs less; None: none does."""
    total: Yen
    """At `pays_from`."""
    in_vain: tuple[tuple[int, int], ...]
    """Smaller quantities that cost as much or more, as ranges from the largest down."""


@dataclass(frozen=True, slots=True)
class Cheapest:
    """The quantities at or above those asked for that cost least; as asked for, where nothing costs less."""

    quantities: Quantities
    total: Yen
    asked_total: Yen | None
    """None: what is asked for is refused."""


@dataclass(frozen=True, slots=True)
class NextRank:
    """How many more of a product reach another rank."""

    code: str
    more: int
    quantity: int
    rank: str
    total: Yen
    asked_total: Yen


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the same costs on a later day; None: it is refused then."""

    now: Yen
    then: Yen | None


def find_pieces(
    surface: Surface, subject: Subject, *, first: int, last: int, at: Quantities | None = None
) -> list[Piece]:
    """The prices of a product's quantities from the first to the last, piece by piece; without those refused."""
    others = surface.asked if at is None else at
    starts = sorted({first, *(one for one in surface.turning_points(subject, others) if first < one <= last)})
    pieces = []
    for start, end in zip(starts, [*(one - 1 for one in starts[1:]), last], strict=True):
        begins, ends = (surface.at({**others, subject.code: quantity}) for quantity in (start, end))
        if not begins.is_refused and not ends.is_refused:
            rank = rank_of(begins, subject.code)
            pieces.append(Piece(start, end, begins.subtotal, ends.subtotal, rank))
    return pieces


def rank_of(pricing: RenewalPricing, code: str) -> str:
    """The rank at which a product stands in a quote; empty where it does not."""
    return next((line.rank.rank.rank for line in pricing.lines if line.product.code == code), "")


def find_reduction(surface: Surface, subject: Subject) -> Reduction | None:
    """None where fewer than two are held, or keeping them is refused."""
    kept = surface.subtotal({**surface.asked, subject.code: subject.held})
    if kept is None or subject.held < 2:
        return None
    pays_from, total = None, 0
    in_vain: list[tuple[int, int]] = []
    for piece in reversed(find_pieces(surface, subject, first=1, last=subject.held - 1)):
        last = _last_below(surface, subject, piece, kept)
        if last < piece.last:
            _put(in_vain, last + 1, piece.last)
        if pays_from is None and last >= piece.first:
            pays_from, total = last, surface.at({**surface.asked, subject.code: last}).subtotal
    return Reduction(subject.held, kept, pays_from, total, tuple(in_vain))


def _put(ranges: list[tuple[int, int]], first: int, last: int) -> None:
    """One range more below those there are; put to the one above where they touch."""
    if ranges and ranges[-1][0] == last + 1:
        ranges[-1] = (first, ranges[-1][1])
    else:
        ranges.append((first, last))


def _last_below(surface: Surface, subject: Subject, piece: Piece, kept: Yen) -> int:
    """The piece's last quantity that costs less than `kept`; the one before its first where none does.

    The price never falls within a piece. It rises nearly in a line, so the place is first guessed, then halved.
    """
    low, high = piece.first - 1, piece.last + 1
    if piece.first_total >= kept:
        return low
    if piece.last_total < kept:
        return piece.last
    low, high = piece.first, piece.last
    guess = low + (kept - piece.first_total) * (high - low) // max(piece.last_total - piece.first_total, 1)
    near = [guess, guess - 1, guess + 1]
    while high - low > 1:
        middle = near.pop(0) if near else (low + high) // 2
        if not low < middle < high:
            continue
        if surface.at({**surface.asked, subject.code: middle}).subtotal < kept:
            low = middle
        else:
            high = middle
    return low


def find_best(surface: Surface, *, among: Collection[str] | None = None) -> Cheapest | None:
    """The cheapest of what is at or above what is asked for; None where all of it is refused."""
    asked = surface.asked
    found = find_cheapest(surface, asked, among=among)
    if found is None:
        return None
    total, asked_total = surface.at(found).subtotal, surface.subtotal(asked)
    if total == asked_total:
        found = dict(asked)
    return Cheapest(found, total, asked_total)


def find_next_rank(surface: Surface, subject: Subject) -> NextRank | None:
    """The fewest more that reach another rank than now; None where none does, or what is asked for is refused."""
    asked = surface.asked
    now = surface.at(asked)
    if now.is_refused:
        return None
    before = rank_of(now, subject.code)
    for quantity in surface.turning_points(subject, asked):
        if quantity <= asked[subject.code]:
            continue
        then = surface.at({**asked, subject.code: quantity})
        if then.is_refused:
            continue
        if (rank := rank_of(then, subject.code)) != before and before:
            more = quantity - asked[subject.code]
            return NextRank(subject.code, more, quantity, rank, then.subtotal, now.subtotal)
    return None


def fewest_more(found: Iterable[NextRank]) -> NextRank | None:
    """Of several, the one with the fewest licenses more; then the cheaper one."""
    return min(found, key=lambda one: (one.more, one.total, one.code), default=None)


def find_waiting(now: RenewalPricing, then: RenewalPricing) -> Mapping[str, Waiting]:
    """What each product costs now and with the prices and on the day of `then`; under "" all of it.

    Nothing where it is refused now.
    """
    if now.is_refused:
        return {}
    before, after = _by_product(now), _by_product(then)
    found = {code: Waiting(total, None if then.is_refused else after.get(code, 0)) for code, total in before.items()}
    return {"": Waiting(now.subtotal, None if then.is_refused else then.subtotal), **found}


def _by_product(pricing: RenewalPricing) -> dict[str, Yen]:
    totals: dict[str, Yen] = {}
    for line in pricing.lines:
        totals[line.product.code] = totals.get(line.product.code, 0) + line.amount.amount
    return totals
