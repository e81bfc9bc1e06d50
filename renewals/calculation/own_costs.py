"""What a reseller's own lines of a quote cost itself (R23): never part of what is asked for as it is stored, so that no
record, paper, file or page for others can have it.

Known is what those who see margins said in the form (kept with the draft), else what was known of the quote that it was
made from, else what the standing line of the same description says. Whoever does not see margins makes quotes all the
same: their lines get these costs here, and pages do not show them.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from quotes.record.margins import own_costs_of

from ..asked import Asked
from ..models import QuoteDraft, StandingLine


@dataclass(frozen=True, slots=True)
class KnownCosts:
    """Costs by description, each in the order of its lines: what was said, and what is known besides."""

    said: Mapping[str, list[int | None]]
    """None: somebody said that it is not known."""
    else_known: Mapping[str, int]

    def of(self, descriptions: Iterable[str]) -> list[int | None]:
        """Of lines with these descriptions, in their order. Of two alike each has its own."""
        counts: dict[str, int] = defaultdict(int)
        found: list[int | None] = []
        for description in descriptions:
            said = self.said.get(description)
            if said:
                found.append(said[min(counts[description], len(said) - 1)])
            else:
                found.append(self.else_known.get(description))
            counts[description] += 1
        return found


def with_own_costs(asked: Asked, *, key: uuid.UUID | None, reseller: int) -> Asked:
    """The same with what its free lines cost, as far as it is known; `key`: of its draft. Three queries at most, none
    where there is no such line, or the costs are said.
    """
    if not asked.free_lines or asked.says_costs:
        return asked
    draft = QuoteDraft.objects.filter(key=key).order_by().first() if key else None
    return with_costs(asked, known_costs(draft, standing_costs(reseller)))


def with_costs(asked: Asked, known: KnownCosts) -> Asked:
    """The same with these, where nobody has said any."""
    if not asked.free_lines or asked.says_costs:
        return asked
    costs = known.of(line.description for line in asked.free_lines)
    lines = (replace(line, unit_cost=cost) for line, cost in zip(asked.free_lines, costs, strict=True))
    return replace(asked, free_lines=tuple(lines), says_costs=True)


def known_costs(draft: QuoteDraft | None, standing: Mapping[str, int]) -> KnownCosts:
    """Of a draft; one or two queries where it was made from a quote."""
    said: dict[str, list[int | None]] = defaultdict(list)
    for description, cost in draft.own_costs if draft else ():
        said[description].append(cost)
    before = dict(own_costs_of(draft.basis_id)) if draft and draft.basis_id else {}
    return KnownCosts(said, {**standing, **before})


def standing_costs(reseller: int) -> dict[str, int]:
    """Of the reseller's standing lines, by description. One query."""
    rows = StandingLine.objects.filter(reseller=reseller, unit_cost__isnull=False).order_by()
    return {one.description: one.unit_cost for one in rows if one.unit_cost is not None}


def said_costs(asked: Asked) -> list[list[str | int | None]]:
    """As a draft keeps them."""
    return [[line.description, line.unit_cost] for line in asked.free_lines]
