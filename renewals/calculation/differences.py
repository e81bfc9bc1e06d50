"""What a renewal as it is priced today changes against an issued quote, line by line. Reads only."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from licensing.models import Holding
from pricing.engine.pricing import Line
from pricing.engine.quote import QuotePricing
from quotes.models import Quote, QuoteLine

from ..asked import Asked, AskedFreeLine, from_json


@dataclass(frozen=True, slots=True)
class Side:
    """One line, as it was quoted or as it is priced now. Yen, tax excluded."""

    license_id: str
    """Its code. Lines of two license IDs are never the same (R16)."""
    product_code: str
    is_addition: bool
    held_quantity: int | None
    support_expires_on: date | None
    quantity: int
    rank: str
    renewal_price: int
    addition_price: int | None
    years: int
    amount: int
    term_from: date
    term_until: date


@dataclass(frozen=True, slots=True)
class LineDifference:
    """A line of the quote and the line of today that stands for the same; None on one side: added or removed."""

    old: Side | None
    new: Side | None

    @property
    def kind(self) -> str:
        """`added`, `removed`, `changed` or `same`."""
        if self.old is None:
            return "added"
        if self.new is None:
            return "removed"
        return "same" if _shown(self.old) == _shown(self.new) else "changed"


@dataclass(frozen=True, slots=True)
class Differences:
    """All lines of today in their order, then those of the quote that are gone."""

    lines: tuple[LineDifference, ...]
    old_total: int
    """Yen with tax."""
    new_total: int


@dataclass(frozen=True, slots=True)
class Held:
    """What became of the holdings since a quote was issued, as far as the quote is concerned."""

    gone: tuple[str, ...]
    """Names of the products, as the quote has them, that it renews and that are no longer held."""
    changed: tuple[tuple[Holding, int], ...]
    """Holdings with the quantity that was held then."""
    new: tuple[Holding, ...]


def compare_with_quote(*, lines: Iterable[QuoteLine], total: int, pricing: QuotePricing) -> Differences:
    """The lines of an issued quote, loaded with their parts, beside those of a renewal that was priced, not refused.

    Where the same product is held or added several times, lines belong together that agree in most: in expiry, held
    and quoted quantity, then in the expiry, then in the held quantity, then in nothing but the product.
    """
    codes = {line.key: part.request.license_id for part in pricing.parts for line in part.lines}
    expiries = {
        choice.holding.key: choice.holding.support_expires_on
        for part in pricing.parts
        for choice in part.request.holdings
    }
    old = [_side_of_record(line) for line in lines]
    new = [_side_of_pricing(line, codes[line.key], expiries.get(line.key)) for line in pricing.lines]
    return Differences(compare_sides(old, new), total, pricing.total)


def compare_documents(old: Mapping[str, Any], new: Mapping[str, Any]) -> Differences:
    """The same of two documents (`quotes.paper.document.Document`): what was approved beside what would be issued."""
    sides = ([_side_of_document(line) for line in document["lines"]] for document in (old, new))
    return Differences(compare_sides(*sides), old["total"], new["total"])


def compare_sides(old: Sequence[Side], new: Sequence[Side]) -> tuple[LineDifference, ...]:
    """All new ones in their order, then the old ones that are gone."""
    partner = _match(old, new)
    found = [
        LineDifference(old[partner[position]] if position in partner else None, side)
        for position, side in enumerate(new)
    ]
    taken = set(partner.values())
    return (*found, *(LineDifference(side, None) for position, side in enumerate(old) if position not in taken))


def free_differences(*, quote: Quote, asked: Asked) -> list[tuple[AskedFreeLine | None, AskedFreeLine | None]]:
    """The free lines of a quote beside those that are asked for: in the order of today, then those that are gone.

    Lines of one description belong together, first those that are alike in everything.
    """
    before, found = list(from_json(quote.asked).free_lines), list[tuple[AskedFreeLine | None, AskedFreeLine | None]]()
    alike = {line for line in asked.free_lines if line in before}
    for line in asked.free_lines:
        named = [one for one in before if one.description == line.description and (one == line or one not in alike)]
        old = line if line in before else next(iter(named), None)
        if old is not None:
            before.remove(old)
        found.append((old, line))
    return found + [(line, None) for line in before]


def holding_changes(*, quote: Quote, lines: Iterable[QuoteLine], holdings: Sequence[Holding]) -> Held:
    """What became of the holdings since the quote was issued."""
    before = {row.holding: row for part in from_json(quote.asked).parts for row in part.holdings}
    now = {holding.pk for holding in holdings}
    names = {line.product_code: line.product_name for line in lines}
    return Held(
        gone=tuple(
            names.get(row.product, row.product)
            for row in before.values()
            if row.renewal_quantity and row.holding not in now
        ),
        changed=tuple(
            (holding, before[holding.pk].quantity)
            for holding in holdings
            if holding.pk in before and before[holding.pk].quantity != holding.quantity
        ),
        new=tuple(holding for holding in holdings if holding.pk not in before),
    )


def _side_of_record(line: QuoteLine) -> Side:
    return Side(
        license_id=line.part.license_code,
        product_code=line.product.code,  # as it is now
        is_addition=line.kind == QuoteLine.Kind.ADDITION,
        held_quantity=line.held_quantity,
        support_expires_on=line.support_expires_on,
        quantity=line.quantity,
        rank=line.rank,
        renewal_price=line.renewal_price,
        addition_price=line.addition_price,
        years=line.years,
        amount=line.amount,
        term_from=line.term_from,
        term_until=line.term_until,
    )


def _side_of_document(line: Mapping[str, Any]) -> Side:
    expires = line["support_expires_on"]
    return Side(
        license_id=line["license_id"],
        product_code=line["product_code"],
        is_addition=line["held_quantity"] is None,
        held_quantity=line["held_quantity"],
        support_expires_on=date.fromisoformat(expires) if expires else None,
        quantity=line["quantity"],
        rank=line["rank"],
        renewal_price=line["renewal_price"],
        addition_price=line["addition_price"],
        years=line["years"],
        amount=line["amount"],
        term_from=date.fromisoformat(line["term_from"]),
        term_until=date.fromisoformat(line["term_until"]),
    )


def _side_of_pricing(line: Line, license_id: str, expires_on: date | None) -> Side:
    return Side(
        license_id=license_id,
        product_code=line.product.code,
        is_addition=line.held_quantity is None,
        held_quantity=line.held_quantity,
        support_expires_on=expires_on,
        quantity=line.quantity,
        rank=line.rank.rank.rank,
        renewal_price=line.amount.renewal_price,
        addition_price=line.amount.addition_price,
        years=line.amount.years,
        amount=line.offered,
        term_from=line.term.term_from,
        term_until=line.term.term_until,
    )


def _shown(side: Side) -> tuple[Any, ...]:
    """What the page shows of a side: where this agrees, nothing changed."""
    return (
        side.quantity, side.rank, side.renewal_price, side.addition_price, side.years, side.amount,
        side.term_from, side.term_until,
    )  # fmt: skip


AGREEMENTS: tuple[Callable[[Side], Any], ...] = (
    lambda side: (side.support_expires_on, side.held_quantity, side.quantity),
    lambda side: side.support_expires_on,
    lambda side: side.held_quantity,
    lambda side: None,
)
"""In what lines of the same product may agree, the most first."""


def _match(old: Sequence[Side], new: Sequence[Side]) -> dict[int, int]:
    """By position among the new lines: the position of the old line that belongs to it."""
    found: dict[int, int] = {}
    free = set(range(len(old)))
    for agreement in AGREEMENTS:
        waiting: dict[Any, list[int]] = {}
        for position in sorted(free):
            side = old[position]
            waiting.setdefault((side.license_id, side.product_code, side.is_addition, agreement(side)), []).append(
                position
            )
        for position, side in enumerate(new):
            if position in found:
                continue
            if partners := waiting.get((side.license_id, side.product_code, side.is_addition, agreement(side))):
                found[position] = partners.pop(0)
                free.discard(found[position])
    return found
