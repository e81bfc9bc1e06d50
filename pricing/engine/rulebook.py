"""The rules put together: what each is called, every code, and which of them decides the ranks of a programme."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from .problems import Problem, ProblemKind
from .rank import RankDecision, RankKind
from .rules import (
    r01_term,
    r02_support_period,
    r03_quoted,
    r04_rank_quantity,
    r05_own_quantity,
    r06_largest_product,
    r07_additions,
    r08_minimum,
    r09_no_price,
    r10_renewal_amount,
    r11_addition_amount,
    r12_reduction,
    r13_date,
    r14_tax,
    r15_validity,
    r18_several_license_ids,
    r19_segment,
    r20_offered_price,
    r22_quoted_twice,
    r23_free_lines,
)
from .rules.r03_quoted import Quoted
from .rules.r04_rank_quantity import RankQuantity
from .step import StepKind
from .values import PriceTables, Product, RankBasis
from .wording import Language, Rule, Text, both

FILES = (
    r01_term,
    r02_support_period,
    r03_quoted,
    r04_rank_quantity,
    r05_own_quantity,
    r06_largest_product,
    r07_additions,
    r08_minimum,
    r09_no_price,
    r10_renewal_amount,
    r11_addition_amount,
    r12_reduction,
    r13_date,
    r14_tax,
    r15_validity,
    r18_several_license_ids,
    r19_segment,
    r20_offered_price,
    r22_quoted_twice,
    r23_free_lines,
)

OUTSIDE = (
    Rule("R16", both("License IDs stand alone", "ライセンスIDごと")),
    Rule("R17", both("Refusals and warnings", "見積不可と警告")),
    Rule("R21", both("After the order", "受注後の反映")),
)
"""Rules that decide nothing about a price, and so have no file here."""


class RankRule(Protocol):
    """Decides the ranks of products whose programmes have its basis, by code, and tells why some have none."""

    def __call__(
        self,
        products: Sequence[Product],
        *,
        quoted: Quoted,
        counted: Mapping[str, RankQuantity],
        price_tables: PriceTables,
    ) -> tuple[dict[str, RankDecision], list[Problem]]: ...


RANK_RULES: tuple[tuple[RankBasis, RankRule], ...] = (
    (RankBasis.OWN_QUANTITY, r05_own_quantity.decide_by_own_quantity),
    (RankBasis.LARGEST_PRODUCT, r06_largest_product.decide_by_largest_product),
)
"""In this order their problems are told."""

T = TypeVar("T")


def _all(kind: type[T]) -> Iterator[T]:
    """All of a kind that the files of the rules name."""
    for file in FILES:
        yield from (value for value in vars(file).values() if isinstance(value, kind))


RULE_NAMES: Mapping[str, Text] = {
    rule.number: rule.name for rule in sorted([*_all(Rule), *OUTSIDE], key=lambda rule: int(rule.number[1:]))
}
"""The headings of docs/pricing-rules.md, in their order."""

PROBLEM_KINDS: Mapping[str, ProblemKind] = {kind.words: kind for kind in _all(ProblemKind)}
"""By the name of their words."""

REFUSAL_RULES: Mapping[str, str] = {kind.code: kind.rule.number for kind in PROBLEM_KINDS.values() if kind.is_refusal}
"""Every code of a refusal and the rule it comes from."""

WARNING_RULES: Mapping[str, str] = {
    kind.code: kind.rule.number for kind in PROBLEM_KINDS.values() if not kind.is_refusal
}
"""Every code of a warning and the rule it comes from."""

RANK_KINDS: tuple[RankKind, ...] = tuple(_all(RankKind))

STEP_KINDS: tuple[StepKind, ...] = (*_all(StepKind), *(kind.step for kind in RANK_KINDS), *r14_tax.TAX.values())
"""Every kind of step."""


def rule_name(rule: str, language: Language) -> str:
    """What the rule is called. A rule that this release does not know keeps its number."""
    name = RULE_NAMES.get(rule)
    return name[language] if name else rule
