"""`explain`: the steps that lead to every amount, each naming its rule. It only reads decisions."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache, partial
from typing import NamedTuple

from .english import with_days, with_plurals
from .pricing import Line, LineKind, RenewalPricing
from .rank import RankQuantity, SumDecision
from .wording import RANK_PARTS, RANK_REASONS, STEP_WORDS, Language


class Step(NamedTuple):
    """One step that a person can check."""

    line: str | None
    """The key of the line it belongs to; None: the quote as a whole."""
    rule: str
    step: str
    """Stable name of the kind of step."""
    facts: tuple[object, ...]
    """The numbers put in, by position, as the words use them."""

    def text(self, language: Language) -> str:
        """What was decided, and from what."""
        words = STEP_WORDS[self.step][0][language]
        return self._say(words, language)

    @property
    def result(self) -> str:
        """What came out, in figures; empty where the text says it all."""
        return self._say(STEP_WORDS[self.step][1], "ja")

    def result_in(self, language: Language) -> str:
        """What came out, as a page in that language shows it: with the unit of years, and days in its form."""
        words = _RESULTS[language].get(self.step) or STEP_WORDS[self.step][1]
        return self._say(words, language)

    def _say(self, words: str, language: Language) -> str:
        facts = [fact[language] if isinstance(fact, Mapping) else fact for fact in self.facts]
        return with_plurals(with_days(words).format(*facts)) if language == "en" else words.format(*facts)


_RESULTS: Mapping[Language, Mapping[str, str]] = {"en": {"years": "{0} year(s)"}, "ja": {"years": "{0}年"}}
"""The results that are not the same in both languages."""


_Row = tuple[str | None, str, str, tuple[object, ...]]
"""A step before it is one: line, rule, step, facts."""

_as_step: Callable[[_Row], Step] = partial(tuple.__new__, Step)
"""What `Step._make` does at a third of its cost; a license ID has dozens of steps."""

_ADDITION = LineKind.ADDITION


def explain(pricing: RenewalPricing) -> tuple[Step, ...]:
    """The steps of a priced renewal, line by line, then the totals. A refused one has none."""
    if pricing.is_refused:
        return ()
    rows: list[_Row] = []
    for line in pricing.lines:
        rows += _addition(line, pricing) if line.kind is _ADDITION else _renewal(line, pricing)
    rows += _totals(pricing)
    return tuple(map(_as_step, rows))


def rank_reason(line: Line, language: Language) -> str:
    """What decided a line's rank, in one short sentence."""
    rank = line.rank
    words = {"R5": "own", "R6": "largest", "R7": "alone"}[rank.rule]
    return RANK_REASONS[words][language].format(
        product=rank.basis_product,
        quantity=rank.basis_quantity,
        unit=rank.basis_product.counted_in(language),
        made_of=_made_of(rank.counted, language),
        rank=rank.rank.rank,
    )


def _made_of(counted: RankQuantity | None, language: Language) -> str:
    """What a rank quantity is the sum of, in brackets; empty where it is all renewed, or all added."""
    if counted is None or not (counted.left_out or (counted.renewed and counted.added)):
        return ""
    told = [
        RANK_PARTS[part][language].format(quantity)
        for part, quantity in (
            ("renewed", counted.renewed),
            ("left-out", counted.left_out),
            ("added", counted.added),
        )
        if quantity
    ]
    return RANK_PARTS["all"][language].format(("＋" if language == "ja" else " + ").join(told))


def _renewal(line: Line, pricing: RenewalPricing) -> list[_Row]:
    key, held, quantity = line.key, line.held_quantity, line.quantity
    rank, term, amount = line.rank, line.term, line.amount
    price = amount.renewal_price
    rows: list[_Row] = [
        (key, "R3", "kept", (quantity,)) if quantity == held else (key, "R3", "reduced", (held, quantity)),
        *_rank(line),
        (key, "R8", "minimum", (line.minimum_quantity, line.minimum_reached)),
        (key, "R2", "term", (term.follows, term.years, term.term_from, term.term_until)),
        (key, "R10", "renewal-price", (pricing.told_list, line.product, rank.rank.rank, price)),
        (key, "R10", "renewal-amount", (price, quantity, amount.years, amount.before_discount)),
    ]
    if amount.discount_percent is not None:
        rows.append(_discount(line, amount.discount_percent, "R10"))
    return rows


def _addition(line: Line, pricing: RenewalPricing) -> list[_Row]:
    key, product, term, amount = line.key, line.product, line.term, line.amount
    code, first, price = line.rank.rank.rank, amount.addition_price, amount.renewal_price
    further = amount.further_years
    rows: list[_Row] = [
        (key, "R3", "added", (product, line.quantity)),
        _sum(key, pricing.addition_sum),
        *_rank(line),
        (
            key,
            "R11",
            "term-of-addition" if term.follows else "term-from-quote",
            (term.follows, term.years, term.term_from, term.term_until),
        ),
        (key, "R11", "addition-price", (pricing.told_list, product, code, first)),
    ]
    if further:
        rows.append((key, "R11", "renewal-price", (pricing.told_list, product, code, price)))
    name = "addition-amount" if further else "addition-amount-one-year"
    rows.append((key, "R11", name, (price, amount.quantity, amount.years, amount.before_discount, first, further)))
    if amount.discount_percent is not None:
        rows.append(_discount(line, amount.discount_percent, "R11"))
    return rows


def _sum(key: str, decided: SumDecision) -> _Row:
    if decided.earliest_expiry is None:
        return key, "R7", "addition-without-renewal", ()
    name = "addition-summed" if decided.is_summed else "addition-after-expiry"
    return key, "R7", name, (decided.earliest_expiry,)


def _rank(line: Line) -> tuple[_Row, ...]:
    """What counted, where the product's own quantity counts, and the rank that was reached."""
    key, counted, rank = line.key, line.rank_quantity, line.rank
    name = "rank-own" if rank.rule == "R5" else "rank-largest" if rank.rule == "R6" else "rank-alone"
    reached = (rank.basis_product, rank.basis_quantity, rank.rank.rank, rank.reached_from)
    if counted is None:
        return ((key, rank.rule, name, reached),)
    return (
        (
            key,
            "R4",
            _RANK_QUANTITY[counted.left_out > 0, counted.added > 0],
            (counted.product, counted.total, counted.renewed, counted.left_out, counted.added),
        ),
        (key, rank.rule, name, reached),
    )


_RANK_QUANTITY = {
    # (something is left out, something is added)
    (False, False): "rank-quantity",
    (False, True): "rank-quantity-added",
    (True, False): "rank-quantity-left-out",
    (True, True): "rank-quantity-both",
}


def _discount(line: Line, percent: Decimal, rule: str) -> _Row:
    amount = line.amount
    return line.key, rule, "discount", (amount.before_discount, amount.years, _plain(percent), amount.amount)


def _totals(pricing: RenewalPricing) -> list[_Row]:
    request = pricing.request
    rows: list[_Row] = [
        (None, "R1", "years", (request.years,)),
        (None, "R13", "price-list", (request.on, pricing.told_list)),
    ]
    if comparison := pricing.comparison:
        rows.append((None, "R12", "kept-total", (comparison.kept, f"{comparison.difference:+,}")))
    rows.append((None, "R10", "subtotal", (pricing.subtotal,)))
    name = f"tax-{request.tax_rounding.value}"
    for total in pricing.tax_totals:
        rows.append((None, "R14", name, (_plain(total.percent), total.subtotal, total.tax)))
    rows.append((None, "R14", "total", (pricing.total,)))
    return rows


@lru_cache(maxsize=256)
def _plain(percent: Decimal) -> str:
    """A percentage without idle zeros: a database hands 8 % over as 8.00."""
    return f"{percent.normalize():f}"
