"""A finding of the linter as a value: its code, how grave it is, and where it is. Its words: `pricing/wording`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum

MOST_NAMED = 3
"""Products in a sentence."""


class Severity(Enum):
    """What a finding asks of the person who publishes."""

    BLOCKS = "blocks"
    """The list cannot be published."""
    TICK = "tick"
    """It may be meant so: published only after its code was ticked as read."""
    INFORMATION = "information"
    """Good to know."""


SEVERITIES: Mapping[str, Severity] = {
    "no-tables": Severity.BLOCKS,
    "no-ranks": Severity.BLOCKS,
    "minimum-below-first-rank": Severity.BLOCKS,
    "renewal-price-missing": Severity.BLOCKS,
    "shared-rank-missing": Severity.BLOCKS,
    "held-product-missing": Severity.BLOCKS,
    "discount-not-allowed": Severity.BLOCKS,
    "tax-rate-missing": Severity.BLOCKS,
    "ended-has-prices": Severity.BLOCKS,
    "successor-without-prices": Severity.BLOCKS,
    "following-product-gone": Severity.TICK,
    "following-goes-back": Severity.TICK,
    "between-product-gone": Severity.TICK,
    "between-goes-back": Severity.TICK,
    "product-gone": Severity.TICK,
    "product-ended": Severity.TICK,
    "product-changed": Severity.TICK,
    "price-rises": Severity.TICK,
    "price-changed": Severity.TICK,
    "ranks-equal": Severity.TICK,
    "rank-gone": Severity.TICK,
    "rank-added": Severity.TICK,
    "rank-moved": Severity.TICK,
    "minimum-changed": Severity.TICK,
    "discount-lost": Severity.TICK,
    "discount-changed": Severity.TICK,
    "discount-added": Severity.TICK,
    "discount-tiny": Severity.TICK,
    "discount-falls": Severity.TICK,
    "addition-price-lost": Severity.TICK,
    "addition-price-added": Severity.TICK,
    "addition-price-zero": Severity.TICK,
    "prices-differ": Severity.INFORMATION,
    "product-added": Severity.INFORMATION,
    "addition-price-partly": Severity.INFORMATION,
    "discount-ends": Severity.INFORMATION,
    "paradox": Severity.INFORMATION,
}
"""Every code, in the order in which findings are told. Stable: a code may be added, never changed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the linter found, and where."""

    code: str
    product_code: str = ""
    """Empty: the list as a whole."""
    ranks: tuple[str, ...] = ()
    """The codes of the ranks concerned; empty: the whole table."""
    years: tuple[int, ...] = ()
    """The numbers of years concerned; empty: it does not depend on them."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """What the words mention, by name."""
    words: str = ""
    """Which words to use where a code has several; empty: those of the code."""
    is_new: bool = True
    """Not found in the compared list at the same place."""

    @property
    def severity(self) -> Severity:
        return SEVERITIES[self.code]

    @property
    def place(self) -> tuple[str, str, tuple[str, ...]]:
        """Kind and place, without figures: by it a finding is known again in another list."""
        return self.words or self.code, self.product_code, self.ranks


def say_years(years: Collection[int]) -> str:
    """Numbers of years for a sentence: `1–6`, `2, 4–6`."""
    runs: list[list[int]] = []
    for number in sorted(years):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def few(codes: list[str], most: int = MOST_NAMED) -> str:
    """The first of them for a sentence, and a sign where there are more."""
    return ", ".join([*codes[:most], *(["…"] if len(codes) > most else [])])
