"""Refusals and warnings as values, each with a stable code, a place, and words that help (R17)."""

from collections.abc import Mapping
from dataclasses import field, replace

from .decision import decision
from .english import with_days, with_plurals
from .problem_wording import PROBLEM_WORDS
from .values import PriceTables, Product, Programme, RenewalRequest, Segment
from .wording import Language

REFUSAL_RULES: Mapping[str, str] = {
    "term-out-of-range": "R1",
    "quantity-negative": "R3",
    "renewal-exceeds-held": "R3",
    "nothing-to-quote": "R3",
    "addition-repeated": "R3",
    "rank-missing": "R6",
    "below-minimum": "R8",
    "below-first-rank": "R9",
    "no-price-table": "R9",
    "product-discontinued": "R9",
    "no-addition-price": "R11",
    "too-late-to-renew": "R13",
    "no-tax-rate": "R14",
}
"""Every code of a refusal and the rule it comes from."""

WARNING_RULES: Mapping[str, str] = {
    "rank-basis-tie": "R6",
    "mixed-programmes": "R6",
    "reduction-does-not-save": "R12",
    "support-expired": "R13",
    "segment-differs": "R19",
}
"""Every code of a warning and the rule it comes from."""


@decision
class Problem:
    """Something that refuses the quote or that must be read before it is issued."""

    code: str
    """Stable: forms, records and other programs may rely on it."""
    places: tuple[str, ...]
    """Where: `years`, `holding:<key>`, `addition:<key>` or `quote`."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """What the words mention."""
    words: str = ""
    """Which words to use where a code has several; empty: those of the code."""

    @property
    def is_refusal(self) -> bool:
        return self.code in REFUSAL_RULES

    @property
    def rule(self) -> str:
        return REFUSAL_RULES.get(self.code) or WARNING_RULES[self.code]

    def what(self, language: Language, *, with_names: bool = False) -> str:
        """What is wrong, in one or two sentences. Products by their codes, `with_names`: by name and code."""
        return self._say(0, language, with_names)

    def what_to_do(self, language: Language, *, with_names: bool = False) -> str:
        """What the reader can do about it."""
        return self._say(1, language, with_names)

    def _say(self, sentence: int, language: Language, with_names: bool) -> str:
        words = PROBLEM_WORDS[self.words or self.code][sentence][language]
        facts = {name: _as_told(fact, language, with_names) for name, fact in self.facts.items()}
        return with_plurals(with_days(words).format(**facts)) if language == "en" else words.format(**facts)


def _as_told(fact: object, language: Language, with_names: bool) -> object:
    """A fact as the words take it: several are one text, a programme is its name, a product may carry its own."""
    if isinstance(fact, tuple):
        told = [_as_told(one, language, with_names) for one in fact]
        return ", ".join(one.code if isinstance(one, Product) else str(one) for one in told)
    if isinstance(fact, Mapping):
        return fact[language]
    if isinstance(fact, Programme | Segment):
        return (fact.name_en or fact.name) if language == "en" else fact.name
    if isinstance(fact, Product) and with_names:
        name = (fact.name_en or fact.name) if language == "en" else fact.name
        return replace(fact, code=f"{name} ({fact.code})" if language == "en" else f"{name}（{fact.code}）")
    return fact


def places_of(request: RenewalRequest, product_code: str) -> tuple[str, ...]:
    """Where a product stands in the request: its holdings that are renewed, or else all of them, and its additions."""
    holdings = [choice for choice in request.holdings if choice.holding.product.code == product_code]
    renewed = [choice for choice in holdings if choice.renewal_quantity]
    places = [f"holding:{choice.holding.key}" for choice in renewed]
    places += [f"addition:{addition.key}" for addition in request.additions if addition.product.code == product_code]
    return tuple(places or [f"holding:{choice.holding.key}" for choice in holdings] or ["quote"])


def without_prices(product: Product, request: RenewalRequest, price_tables: PriceTables) -> Problem:
    """A product without prices in force on the quote's date, or not sold any more (R9)."""
    places = places_of(request, product.code)
    if ended := price_tables.ended.get(product.code):
        facts = {"product": product, "since": ended.since_on, "successor": ended.successor}
        return Problem("product-discontinued", places, facts, words="product-replaced" if ended.successor else "")
    facts = {"product": product, "price_list": price_tables.told_name, "on": request.on}
    return Problem("no-price-table", places, facts, words="" if price_tables.price_list else "no-price-list")
