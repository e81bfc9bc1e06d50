"""R7: whether an addition is summed with the renewal, or ranked alone."""

from collections.abc import Collection
from datetime import date

from ..decision import decision
from ..problems import Problem
from ..rank import RankDecision, RankKind
from ..step import StepKind
from ..values import Addition, PriceTables
from ..wording import Rule, both
from .r04_rank_quantity import RankQuantity
from .r05_own_quantity import reached_rank
from .r09_no_price import below_first_rank

R7 = Rule("R7", both("Additions at renewal", "更新時の追加"))

ALONE = RankKind(
    R7,
    StepKind(
        R7,
        "rank-alone",
        both(
            "The addition is ranked alone: "
            "{basis_product} {basis_quantity:,} reaches rank {rank.rank} (from {reached_from:,})",
            "追加だけの数量でランクを決定："
            "{basis_product} {basis_quantity:,} によりランク{rank.rank}（{reached_from:,}から）",
        ),
        result="{rank.rank}",
        about="rank",
    ),
    reason=both(
        "{basis_product} {basis_quantity:,} added: rank {rank.rank}",
        "追加 {basis_product} {basis_quantity:,}{basis_product.unit}によりランク{rank.rank}",
    ),
    is_alone=True,
)

SUMMED = StepKind(
    R7,
    "addition-summed",
    both(
        "Ordered by the expiry on {earliest_expiry:day}: the addition is summed with the renewal",
        "満了日 {earliest_expiry:day} までの追加のため、更新と合算",
    ),
    about="sum",
)
AFTER_EXPIRY = StepKind(
    R7,
    "addition-after-expiry",
    both(
        "After the expiry on {earliest_expiry:day}: the addition is not summed with the renewal",
        "満了日 {earliest_expiry:day} を過ぎた追加のため、更新と合算しない",
    ),
    about="sum",
)
WITHOUT_RENEWAL = StepKind(
    R7, "addition-without-renewal", both("Nothing is renewed with the addition", "更新を伴わない追加"), about="sum"
)


@decision
class SumDecision:
    """Whether additions are summed into the rank quantity, and why."""

    is_summed: bool
    earliest_expiry: date | None
    """The earliest support expiry among the renewed holdings; None: nothing is renewed."""

    @property
    def step(self) -> StepKind:
        if self.earliest_expiry is None:
            return WITHOUT_RENEWAL
        return SUMMED if self.is_summed else AFTER_EXPIRY


def decide_sum(*, on: date, expiries: Collection[date]) -> SumDecision:
    """Additions are summed until the earliest expiry among the renewed holdings, that day included."""
    earliest = min(expiries, default=None)
    return SumDecision(earliest is not None and on <= earliest, earliest)


def decide_alone(addition: Addition, price_tables: PriceTables) -> tuple[RankDecision | None, list[Problem]]:
    """The rank of an addition that is not summed: by its own quantity in its own table, or why it has none."""
    table = price_tables.tables.get(addition.product.code)
    if table is None:
        return None, []  # refused already
    reached = reached_rank(table, addition.quantity)
    if reached is None:
        places = (f"addition:{addition.key}",)
        return None, [below_first_rank(addition.product, addition.quantity, table, places)]
    own = RankQuantity(addition.product, 0, 0, addition.quantity)
    return RankDecision(ALONE, reached, own, reached.from_quantity), []
