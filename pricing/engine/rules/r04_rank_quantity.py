"""R4: which quantity counts for a product's rank."""

from collections.abc import Sequence

from ..decision import decision
from ..step import StepKind
from ..values import Addition, Product
from ..wording import WORDS, Rule, Text, both
from .r03_quoted import Quoted

R4 = Rule("R4", both("Rank quantity", "ランク数量"))

RANK_QUANTITY = StepKind(
    R4,
    "rank-quantity",
    both("Quantity that counts for {product}", "{product} のランク数量"),
    result="{total:,}",
    about="rank-quantity",
)
RANK_QUANTITY_LEFT_OUT = StepKind(
    R4,
    "rank-quantity-left-out",
    both(
        "Quantity that counts for {product}: {renewed:,} in this quote + {left_out:,} still held",
        "{product} のランク数量：今回 {renewed:,} ＋ 見積対象外の保有 {left_out:,}",
    ),
    result="{total:,}",
    about="rank-quantity",
)
RANK_QUANTITY_ADDED = StepKind(
    R4,
    "rank-quantity-added",
    both(
        "Quantity that counts for {product}: {renewed:,} renewed + {added:,} added",
        "{product} のランク数量：更新 {renewed:,} ＋ 追加 {added:,}",
    ),
    result="{total:,}",
    about="rank-quantity",
)
RANK_QUANTITY_BOTH = StepKind(
    R4,
    "rank-quantity-both",
    both(
        "Quantity that counts for {product}: {renewed:,} renewed + {left_out:,} still held + {added:,} added",
        "{product} のランク数量：更新 {renewed:,} ＋ 見積対象外の保有 {left_out:,} ＋ 追加 {added:,}",
    ),
    result="{total:,}",
    about="rank-quantity",
)

RENEWED_PART = both("{renewed:,} renewed", "更新{renewed:,}")
LEFT_OUT_PART = both("{left_out:,} held but not in this quote", "今回の見積に含まない保有{left_out:,}")
ADDED_PART = both("{added:,} added", "追加{added:,}")


@decision
class RankQuantity:
    """The quantity of one product that counts for its rank in one license ID."""

    product: Product
    renewed: int
    """In this quote, over all renewed holdings."""
    left_out: int
    """Held, left out of this quote, support not expired."""
    added: int
    """The addition, where R7 sums it."""

    @property
    def total(self) -> int:
        """What decides the rank."""
        return self.renewed + self.left_out + self.added

    @property
    def quoted(self) -> int:
        """What this quote renews and adds: it counts toward the product's minimum (R8)."""
        return self.renewed + self.added

    def and_also(self, more: "RankQuantity") -> "RankQuantity":
        """With more of the same product."""
        return RankQuantity(
            self.product, self.renewed + more.renewed, self.left_out + more.left_out, self.added + more.added
        )

    @property
    def step(self) -> StepKind:
        """What is said of it: as much as it is made of."""
        if self.left_out > 0:
            return RANK_QUANTITY_BOTH if self.added > 0 else RANK_QUANTITY_LEFT_OUT
        return RANK_QUANTITY_ADDED if self.added > 0 else RANK_QUANTITY

    @property
    def made_of(self) -> Text:
        """For a sentence of the quote itself, what it is the sum of; empty where it is all renewed, or all added."""
        if not (self.left_out or (self.renewed and self.added)):
            return both("", "")
        parts = ((self.renewed, RENEWED_PART), (self.left_out, LEFT_OUT_PART), (self.added, ADDED_PART))
        told = [part for quantity, part in parts if quantity]
        english = WORDS["en"].put(" + ".join(part["en"] for part in told), self)
        japanese = WORDS["ja"].put("＋".join(part["ja"] for part in told), self)
        return both(f" ({english})", f"（{japanese}）")


def count_quantities(quoted: Quoted, summed: Sequence[Addition]) -> dict[str, RankQuantity]:
    """The quantity that counts for each product's rank, by product code. `summed`: the additions that count (R7)."""
    on = quoted.request.on
    parts = []
    for choice in quoted.choices:
        holding, renewed = choice.holding, choice.renewal_quantity
        left_out = holding.quantity if renewed is None and holding.support_expires_on >= on else 0
        parts.append(RankQuantity(holding.product, renewed or 0, left_out, 0))
    parts += [RankQuantity(addition.product, 0, 0, addition.quantity) for addition in summed]
    counted: dict[str, RankQuantity] = {}
    for part in parts:
        code = part.product.code
        counted[code] = counted[code].and_also(part) if code in counted else part
    return counted
