"""Keep the standing lines of a reseller, all of them at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from foundation.transactions import one_transaction
from licensing.models import Reseller

from ..models import StandingLine


@dataclass(frozen=True, slots=True)
class Standing:
    """One line as a manager wants it. Yen, tax excluded."""

    description: str
    unit: str
    price: int
    tax_category: str
    unit_cost: int | None = None
    """What one costs the reseller itself; None: not known."""


@one_transaction
def save_standing_lines(
    *, reseller: Reseller, lines: Sequence[Standing], look: Callable[[Reseller], None] = lambda _reseller: None
) -> None:
    """These and no others, each description once; one that stays keeps its row, so that an open form finds it.

    One saves after the other; `look` may raise before anything is written.
    """
    look(Reseller.objects.select_for_update(no_key=True).get(pk=reseller.pk))
    rows = StandingLine.objects.filter(reseller=reseller)
    rows.exclude(description__in=[line.description for line in lines]).delete()
    StandingLine.objects.bulk_create(
        [
            StandingLine(
                reseller=reseller,
                description=line.description,
                unit=line.unit,
                price=line.price,
                tax_category=line.tax_category,
                unit_cost=line.unit_cost,
            )
            for line in lines
        ],
        update_conflicts=True,
        unique_fields=["reseller", "description"],
        update_fields=["unit", "price", "tax_category", "unit_cost"],
    )
