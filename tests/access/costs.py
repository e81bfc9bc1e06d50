"""What the resellers of the access table pay themselves, and by which figures that would be known in an answer."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from pricing.models import CostRate
from quotes.models import Quote, QuoteMargin
from renewals.models import StandingLine
from tests.access.kinds import Things, kind
from tests.cast import TODAY, Cast

if TYPE_CHECKING:
    from tests.access.world import World

OWN_COSTS = {"aoba": 87_654_321, "minato": 87_654_322}
"""Of a standing line."""
RATES = {"aoba": Decimal("73.31"), "minato": Decimal("61.87")}


def give_cost_rates(cast: Cast) -> None:
    """Of each reseller a rate that stands nowhere else, for what every quote of the world is about."""
    for reseller in (cast.aoba, cast.minato):
        percent, product = RATES[reseller.code], cast.products["SMP-BS"]
        CostRate.objects.create(reseller=reseller, product=product, percent=percent, effective_on=TODAY)
        StandingLine.objects.create(
            reseller=reseller, description="作業", price=1, tax_category="standard", unit_cost=OWN_COSTS[reseller.code]
        )


@kind("cost-rate")
def _cost_rates(world: "World") -> Things:
    return Things(*(CostRate.objects.get(reseller=one) for one in (world.cast.aoba, world.cast.minato)))


def marks_of_margins(world: "World", side: str) -> list[str]:
    """The rate, the cost and what is left, as pages and files write them: read once, whatever requests do is undone."""
    if side not in world.margins:
        world.margins[side] = list(_margins_of(getattr(world.quotes, side)))
    return world.margins[side]


def _margins_of(quote: Quote) -> Iterator[str]:
    row = QuoteMargin.objects.get(quote=quote, stage=QuoteMargin.Stage.QUOTED)
    yield str(RATES[quote.reseller.code])
    for figure in (row.cost, row.covered - row.cost):
        yield from (f"{figure:,}", str(figure))


def marks_of_own_costs(world: "World", side: str) -> Iterator[str]:
    """What a standing line costs the reseller of a side."""
    figure = OWN_COSTS[getattr(world.quotes, side).reseller.code]
    yield from (f"{figure:,}", str(figure))
