"""`explain`: the steps that lead to every amount, each naming its rule. It only reads decisions."""

from typing import NamedTuple

from .pricing import Line, LineKind, RenewalPricing
from .wording import RANK_REASONS, STEP_WORDS, Language


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
        return STEP_WORDS[self.step][0][language].format(*self.facts)

    @property
    def result(self) -> str:
        """What came out; the same in both languages; empty where the text says it all."""
        return STEP_WORDS[self.step][1].format(*self.facts)


def explain(pricing: RenewalPricing) -> tuple[Step, ...]:
    """The steps of a priced renewal, line by line, then the totals. A refused one has none."""
    if pricing.is_refused:
        return ()
    steps: list[Step] = []
    for line in pricing.lines:
        if line.kind is LineKind.ADDITION:
            _explain_addition(line, pricing, steps)
        else:
            _explain_renewal(line, pricing, steps)
    _explain_totals(pricing, steps)
    return tuple(steps)


def rank_reason(line: Line, language: Language, unit: str = "") -> str:
    """What decided a line's rank, in one short sentence; `unit` is the deciding product's (本, クライアント …)."""
    rank = line.rank
    words = {"R5": "own", "R6": "largest", "R7": "alone"}[rank.rule]
    return RANK_REASONS[words][language].format(
        product=rank.basis_product, quantity=rank.basis_quantity, unit=unit, rank=rank.rank.rank
    )


def _explain_renewal(line: Line, pricing: RenewalPricing, steps: list[Step]) -> None:
    key, amount = line.key, line.amount
    if line.quantity == line.held_quantity:
        steps.append(Step(key, "R3", "kept", (line.quantity,)))
    else:
        steps.append(Step(key, "R3", "reduced", (line.held_quantity, line.quantity)))
    _explain_rank(line, steps)
    steps.append(Step(key, "R8", "minimum", (line.minimum_quantity, line.minimum_reached)))
    _explain_term(line, "R2", steps)
    price = (pricing.price_list, line.product, line.rank.rank.rank, amount.renewal_price)
    steps.append(Step(key, "R10", "renewal-price", price))
    steps.append(
        Step(
            key,
            "R10",
            "renewal-amount",
            (amount.renewal_price, amount.quantity, amount.years, amount.before_discount),
        )
    )
    _explain_discount(line, "R10", steps)


def _explain_addition(line: Line, pricing: RenewalPricing, steps: list[Step]) -> None:
    key, amount = line.key, line.amount
    steps.append(Step(key, "R3", "added", (line.product, line.quantity)))
    decision = pricing.addition_sum
    if decision.earliest_expiry is None:
        steps.append(Step(key, "R7", "addition-without-renewal", ()))
    else:
        name = "addition-summed" if decision.is_summed else "addition-after-expiry"
        steps.append(Step(key, "R7", name, (decision.earliest_expiry,)))
    _explain_rank(line, steps)
    _explain_term(line, "R11", steps)
    code = line.rank.rank.rank
    steps.append(Step(key, "R11", "addition-price", (pricing.price_list, line.product, code, amount.addition_price)))
    further = amount.years - 1
    if further:
        steps.append(Step(key, "R11", "renewal-price", (pricing.price_list, line.product, code, amount.renewal_price)))
    steps.append(
        Step(
            key,
            "R11",
            "addition-amount" if further else "addition-amount-one-year",
            (
                amount.renewal_price,
                amount.quantity,
                amount.years,
                amount.before_discount,
                amount.addition_price,
                further,
            ),
        )
    )
    _explain_discount(line, "R11", steps)


def _explain_rank(line: Line, steps: list[Step]) -> None:
    counted, rank = line.rank_quantity, line.rank
    if counted is not None:
        name = "rank-quantity"
        if counted.left_out:
            name = "rank-quantity-both" if counted.added else "rank-quantity-left-out"
        elif counted.added:
            name = "rank-quantity-added"
        facts = (counted.product, counted.total, counted.renewed, counted.left_out, counted.added)
        steps.append(Step(line.key, "R4", name, facts))
    name = "rank-own" if rank.rule == "R5" else "rank-largest" if rank.rule == "R6" else "rank-alone"
    reached = (rank.basis_product, rank.basis_quantity, rank.rank.rank, rank.reached_from)
    steps.append(Step(line.key, rank.rule, name, reached))


def _explain_term(line: Line, rule: str, steps: list[Step]) -> None:
    term = line.term
    name = "term" if rule == "R2" else "term-of-addition" if term.follows else "term-from-quote"
    steps.append(Step(line.key, rule, name, (term.follows, term.years, term.term_from, term.term_until)))


def _explain_discount(line: Line, rule: str, steps: list[Step]) -> None:
    amount = line.amount
    if amount.discount_percent is not None:
        facts = (amount.before_discount, amount.years, amount.discount_percent, amount.amount)
        steps.append(Step(line.key, rule, "discount", facts))


def _explain_totals(pricing: RenewalPricing, steps: list[Step]) -> None:
    request = pricing.request
    steps.append(Step(None, "R1", "years", (request.years,)))
    steps.append(Step(None, "R13", "price-list", (request.on, pricing.price_list)))
    if comparison := pricing.comparison:
        steps.append(Step(None, "R12", "kept-total", (comparison.kept, f"{comparison.difference:+,}")))
    steps.append(Step(None, "R10", "subtotal", (pricing.subtotal,)))
    for total in pricing.tax_totals:
        facts = (f"{total.percent.normalize():f}", total.subtotal, total.tax)
        steps.append(Step(None, "R14", f"tax-{request.tax_rounding.value}", facts))
    steps.append(Step(None, "R14", "total", (pricing.total,)))
