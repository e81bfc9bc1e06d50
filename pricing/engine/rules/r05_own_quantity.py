"""R5: a product takes the rank that its own quantity reaches in its own table."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from ..problems import Problem
from ..rank import RankDecision, RankKind
from ..step import StepKind
from ..values import PriceRank, PriceTable, PriceTables, Product
from ..wording import Rule, both
from .r03_quoted import Quoted
from .r04_rank_quantity import RankQuantity
from .r09_no_price import below_first_rank

R5 = Rule("R5", both("Rank by own quantity", "製品ごとのランク"))

BY_OWN_QUANTITY = RankKind(
    R5,
    StepKind(
        R5,
        "rank-own",
        both(
            "{basis_product} {basis_quantity:,} reaches rank {rank.rank} (from {reached_from:,})",
            "{basis_product} {basis_quantity:,} によりランク{rank.rank}（{reached_from:,}から）",
        ),
        result="{rank.rank}",
        about="rank",
    ),
    reason=both(
        "{basis_product} {basis_quantity:,}{made_of}: rank {rank.rank}",
        "{basis_product} {basis_quantity:,}{basis_product.unit}{made_of}によりランク{rank.rank}",
    ),
)


def reached_rank(table: PriceTable, quantity: int) -> PriceRank | None:
    """The rank whose band the quantity falls into; None below the first (R9)."""
    index = bisect_right(table.thresholds, quantity)
    return table.ranks[index - 1] if index else None


def decide_by_own_quantity(
    products: Sequence[Product],
    *,
    quoted: Quoted,
    counted: Mapping[str, RankQuantity],
    price_tables: PriceTables,
) -> tuple[dict[str, RankDecision], list[Problem]]:
    """The rank of each of the products, by its code, and why some have none. What has no table was refused already."""
    decided: dict[str, RankDecision] = {}
    problems: list[Problem] = []
    for product in products:
        table = price_tables.tables.get(product.code)
        if table is None:
            continue
        own = counted[product.code]
        reached = reached_rank(table, own.total)
        if reached is None:
            problems.append(below_first_rank(product, own.total, table, quoted.places_of(product)))
            continue
        decided[product.code] = RankDecision(BY_OWN_QUANTITY, reached, own, reached.from_quantity)
    return decided, problems
