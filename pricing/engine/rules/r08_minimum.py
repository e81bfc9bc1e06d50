"""R8: the minimum purchase quantity at renewal (更新時の最低購入本数)."""

from collections.abc import Mapping

from ..problems import Problem, refusal
from ..step import StepKind
from ..values import PriceTables
from ..wording import Rule, both
from .r03_quoted import Quoted
from .r04_rank_quantity import RankQuantity

R8 = Rule("R8", both("Minimum", "最低購入本数"))

BELOW_MINIMUM = refusal(
    R8,
    "below-minimum",
    en="{product}: {quantity:,} is below the minimum of {minimum:,} at renewal.",
    ja="{product}：数量 {quantity:,} は更新時の最低購入本数 {minimum:,} を下回ります。",
)

MINIMUM = StepKind(
    R8,
    "minimum",
    both(
        "Minimum at renewal {minimum:,}: {reached:,} is enough",
        "更新時の最低購入本数 {minimum:,}：{reached:,} で満たす",
    ),
)


def check_minimums(quoted: Quoted, counted: Mapping[str, RankQuantity], price_tables: PriceTables) -> list[Problem]:
    """What is renewed of a product, with the addition that is summed with it, must reach its minimum."""
    problems = []
    for code, product in quoted.renewed_products.items():
        table, reached = price_tables.tables.get(code), counted[code].quoted
        if table is not None and reached < table.minimum_quantity:
            facts = {"product": product, "quantity": reached, "minimum": table.minimum_quantity}
            problems.append(Problem(BELOW_MINIMUM, quoted.places_of(product), facts))
    return problems
