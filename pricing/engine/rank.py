"""What the rules that decide ranks have in common (R5, R6, R7), and the order of rank codes."""

import re
import unicodedata
from dataclasses import dataclass

from .decision import decision
from .rules.r04_rank_quantity import RankQuantity
from .step import StepKind
from .values import PriceRank, Product
from .wording import WORDS, Language, Rule, Text, both


@dataclass(frozen=True, slots=True)
class RankKind:
    """A way in which a rank is decided."""

    rule: Rule
    step: StepKind
    reason: Text
    """For the quote itself, in one short sentence."""
    is_shared: bool = False
    """Whether all products of the programme have the rank."""


@decision
class RankDecision:
    """The rank of one product, and what decided it."""

    kind: RankKind
    rank: PriceRank
    """The product's own prices at the rank."""
    basis_product: Product
    basis_quantity: int
    reached_from: int
    """From which quantity the basis product's table gives the rank."""
    counted: RankQuantity | None
    """What the basis quantity is made of; None for an addition that is ranked alone."""

    @property
    def rule(self) -> str:
        """`R5` own quantity, `R6` largest product, `R7` an addition alone."""
        return self.kind.rule.number

    @property
    def made_of(self) -> Text:
        """What the basis quantity is the sum of, where that says something."""
        return both("", "") if self.counted is None else self.counted.made_of

    def reason(self, language: Language) -> str:
        """What decided the rank, in one short sentence."""
        return WORDS[language].say(self.kind.reason, self)


def in_code_order(rank: str) -> list[tuple[int, int, str]]:
    """Sorts rank codes as people do: A, B, C; 9 before 10; A and Ａ alike."""
    parts = re.findall(r"\d+|\D+", unicodedata.normalize("NFKC", rank).casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
