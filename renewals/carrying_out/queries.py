"""What has been carried out of an ordered quote, what is still to be, and what rests on holdings as they were."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import prefetch_related_objects

from licensing.models import Holding, User
from quotes.models import Quote, QuotePart
from quotes.record.transitions import has_left

from ..asked import Asked, AskedHolding, from_json
from ..drafts.queries import visible_drafts
from ..models import CarryingOut, QuoteDraft
from .plan import Difference, Plan, find_difference, plans_of


@dataclass(frozen=True, slots=True)
class PartStanding:
    """One license ID of an ordered quote: carried out, or what carrying it out would do; neither where it has left."""

    part: QuotePart
    done: CarryingOut | None
    plan: Plan | None

    @property
    def has_left(self) -> bool:
        """The license ID is another reseller's by now: what it holds is nothing to be seen here."""
        return self.part.licenseid.customer.reseller_id != self.part.quote.reseller_id


def standing_of_parts(quotes: Sequence[Quote]) -> dict[int, list[PartStanding]]:
    """By quote: each of its license IDs in order. As many queries for one quote as for many.

    What another reseller's license ID holds by now is not told.
    """
    parts = list(
        QuotePart.objects.filter(quote__in=quotes)
        .select_related("quote", "licenseid__customer")
        .defer("quote__document", "quote__trace")
        .order_by("position")
    )
    rows = CarryingOut.objects.filter(part__in=parts, undone_at=None).select_related("by")
    done = {one.part_id: one for one in rows}
    rows_of = [PartStanding(part, done.get(part.pk), None) for part in parts]
    open_parts = [one.part for one in rows_of if not one.done and not one.has_left]
    plans = {plan.part.pk: plan for plan in plans_of(open_parts)}
    found: dict[int, list[PartStanding]] = {quote.pk: [] for quote in quotes}
    for one in rows_of:
        found[one.part.quote_id].append(replace(one, plan=plans.get(one.part.pk)))
    return found


def quotes_on_old(numbers: Sequence[int]) -> set[int]:
    """Of the quotes of these numbers, those with a holding to be renewed or ended that is not what it was. Two
    queries, three where a product was renamed.

    What a quote leaves out is not looked at: an order says nothing of it.
    """
    rows = Quote.objects.filter(pk__in=numbers).order_by().values_list("pk", "asked")
    return _on_old((pk, from_json(asked)) for pk, asked in rows)


def drafts_on_old(user: User, quote: Quote) -> list[QuoteDraft]:
    """Drafts of the quote's license IDs that the user sees and that rest on holdings as they were, the last first."""
    drafts = visible_drafts(user).filter(license_ids__in=quote.parts.values("licenseid")).distinct()
    rows = list(drafts.select_related("customer", "saved_by").order_by("-saved_at", "-pk"))
    theirs = quote.parts.filter(licenseid__customer__reseller=quote.reseller_id)
    codes = set(theirs.values_list("licenseid__code", flat=True))
    old = _on_old((draft.pk, _only(from_json(draft.asked), codes)) for draft in rows)
    return [draft for draft in rows if draft.pk in old]


def differences_of(quote: Quote) -> list[Difference]:
    """What of the quoted holdings is otherwise by now. Three queries, and one for names where there is something.

    Nothing where customer or license ID are another reseller's by now: what is held is that one's affair.
    """
    if has_left(quote):
        return []
    [asked] = Quote.objects.filter(pk=quote.pk).values_list("asked", flat=True)
    quoted = _quoted(from_json(asked))
    held = _held(quoted)
    found = [one for row in quoted if (one := find_difference(row, held.get(row.holding), {}))]
    names = dict(quote.lines.values_list("product_code", "product_name")) if found else {}
    return [replace(one, product=names.get(one.product, one.product)) for one in found]


def _on_old(asked: Iterable[tuple[int, Asked]]) -> set[int]:
    quoted = [(pk, row) for pk, one in asked for row in _quoted(one)]
    held = _held([row for _pk, row in quoted])
    return {pk for pk, row in quoted if find_difference(row, held.get(row.holding), {})}


def _only(asked: Asked, codes: set[str]) -> Asked:
    """What is asked for these license IDs: of others nothing is told here."""
    return replace(asked, parts=tuple(part for part in asked.parts if part.license_id in codes))


def _quoted(asked: Asked) -> list[AskedHolding]:
    return [row for part in asked.parts for row in part.holdings if not row.is_left_out]


def _held(quoted: Sequence[AskedHolding]) -> dict[int, Any]:
    """Former codes are fetched for those whose code is not the one that was asked for: hardly ever any."""
    held = Holding.objects.select_related("product").in_bulk([row.holding for row in quoted])
    now = [(row, held[row.holding].product) for row in quoted if row.holding in held]
    prefetch_related_objects([product for row, product in now if product.code != row.product], "former_codes")
    return held
