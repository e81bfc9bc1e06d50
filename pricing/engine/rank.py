"""What the rules that decide ranks have in common (R5, R6, R7), and the order of rank codes."""

import re
import unicodedata
from dataclasses import dataclass

from .decision import decision
from .rules.r04_rank_quantity import RankQuantity
from .step import StepKind
from .values import PriceRank, Product
from .wording import WORDS, Language, Rule, Text


@dataclass(frozen=True, slots=True)
class RankKind:
    """A way in which a rank is decided."""

    rule: Rule
    step: StepKind
    reason: Text
    """For the quote itself, in one short sentence."""
    is_shared: bool = False
    """Whether all products of the programme have the rank."""
    is_alone: bool = False
    """Whether nothing but the addition itself counts (R7)."""


@decision
class RankDecision:
    """The rank of one product, and what decided it."""

    kind: RankKind
    rank: PriceRank
    """The product's own prices at the rank."""
    basis: RankQuantity
    """The quantity that decided it, and of which product."""
    reached_from: int
    """From which quantity the basis product's table gives the rank."""

    @property
    def rule(self) -> str:
        """`R5` own quantity, `R6` largest product, `R7` an addition alone."""
        return self.kind.rule.number

    @property
    def basis_product(self) -> Product:
        return self.basis.product

    @property
    def basis_quantity(self) -> int:
        return self.basis.total

    @property
    def made_of(self) -> Text:
        """What the basis quantity is the sum of, where that says something."""
        return self.basis.made_of

    @property
    def counted(self) -> RankQuantity | None:
        """What counted of all that the license ID holds; None for an addition that is ranked alone."""
        return None if self.kind.is_alone else self.basis

    def reason(self, language: Language) -> str:
        """What decided the rank, in one short sentence."""
        return WORDS[language].say(self.kind.reason, self)


def in_code_order(rank: str) -> list[tuple[int, int, str]]:
    """Sorts rank codes as people do: A, B, C; 9 before 10; A and Ａ alike."""
    parts = re.findall(r"\d+|\D+", unicodedata.normalize("NFKC", rank).casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
