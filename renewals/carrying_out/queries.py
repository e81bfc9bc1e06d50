"""What has been carried out of an ordered quote, and what is still to be."""

from collections.abc import Sequence
from dataclasses import dataclass

from quotes.models import Quote, QuotePart

from ..models import CarryingOut
from .plan import Plan, plans_of


@dataclass(frozen=True, slots=True)
class PartStanding:
    """One license ID of an ordered quote: carried out, or what carrying it out would do."""

    part: QuotePart
    done: CarryingOut | None
    plan: Plan | None


def standing_of_parts(quotes: Sequence[Quote]) -> dict[int, list[PartStanding]]:
    """By quote: each of its license IDs in order. As many queries for one quote as for many."""
    parts = list(
        QuotePart.objects.filter(quote__in=quotes).select_related("quote", "licenseid__customer").order_by("position")
    )
    rows = CarryingOut.objects.filter(part__in=parts, undone_at=None).select_related("by", "part__quote")
    done = {one.part_id: one for one in rows}
    plans = {plan.part.pk: plan for plan in plans_of([part for part in parts if part.pk not in done])}
    found: dict[int, list[PartStanding]] = {quote.pk: [] for quote in quotes}
    for part in parts:
        found[part.quote_id].append(PartStanding(part, done.get(part.pk), plans.get(part.pk)))
    return found
