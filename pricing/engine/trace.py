"""`explain`: the steps that lead to every amount, each naming its rule. It only reads decisions."""

from .pricing import Line, RenewalPricing
from .rules.r01_term import YEARS
from .rules.r02_support_period import TERM
from .rules.r03_quoted import ADDED, KEPT, REDUCED
from .rules.r08_minimum import MINIMUM
from .rules.r10_renewal_amount import DISCOUNT, RENEWAL_AMOUNT, RENEWAL_PRICE, SUBTOTAL
from .rules.r11_addition_amount import TERM_FROM_QUOTE, TERM_OF_ADDITION, steps_of_amount
from .rules.r12_reduction import KEPT_TOTAL
from .rules.r13_date import PRICE_LIST
from .rules.r14_tax import TAX, TOTAL
from .rules.r18_several_license_ids import PART_SUBTOTAL
from .step import Step
from .wording import Language


def explain(pricing: RenewalPricing) -> tuple[Step, ...]:
    """The steps of a priced renewal, line by line, then the totals. A refused one has none."""
    if pricing.is_refused:
        return ()
    steps = [*_lines(pricing), *_basis(pricing), Step(None, SUBTOTAL, pricing)]
    for total in pricing.tax_totals:
        steps.append(Step(None, TAX[pricing.request.tax_rounding], total))
    return (*steps, Step(None, TOTAL, pricing))


def explain_lines(pricing: RenewalPricing) -> tuple[Step, ...]:
    """The same up to the sum of the lines."""
    return (*_lines(pricing), *_basis(pricing), Step(None, SUBTOTAL, pricing))


def explain_part(pricing: RenewalPricing) -> tuple[Step, ...]:
    """The steps of one license ID of a quote over several: its lines and its subtotal. Tax is on the whole (R18)."""
    return (*_lines(pricing), *_basis(pricing), Step(None, PART_SUBTOTAL, pricing))


def rank_reason(line: Line, language: Language) -> str:
    """What decided a line's rank, in one short sentence."""
    return line.rank.reason(language)


def _lines(pricing: RenewalPricing) -> list[Step]:
    steps: list[Step] = []
    for line in pricing.lines:
        steps += _renewal(line) if line.held_quantity is not None else _addition(line, pricing)
        if line.offer is not None:
            steps.append(Step(line.key, line.offer.step, line.offer))
    return steps


def _renewal(line: Line) -> list[Step]:
    key, amount = line.key, line.amount
    steps = [
        Step(key, KEPT if line.quantity == line.held_quantity else REDUCED, line),
        *_rank(line),
        Step(key, MINIMUM, line),
        Step(key, TERM, line.term),
        Step(key, RENEWAL_PRICE, amount),
        Step(key, RENEWAL_AMOUNT, amount),
    ]
    if amount.discount_percent is not None:
        steps.append(Step(key, DISCOUNT, amount))
    return steps


def _addition(line: Line, pricing: RenewalPricing) -> list[Step]:
    key, term, amount = line.key, line.term, line.amount
    steps = [
        Step(key, ADDED, line),
        Step(key, pricing.addition_sum.step, pricing.addition_sum),
        *_rank(line),
        Step(key, TERM_OF_ADDITION if term.follows else TERM_FROM_QUOTE, term),
    ]
    for kind in steps_of_amount(amount):
        steps.append(Step(key, kind, amount))
    return steps


def _rank(line: Line) -> list[Step]:
    """What counted, where the product's own quantity counts, and the rank that was reached."""
    key, counted, rank = line.key, line.rank_quantity, line.rank
    reached = Step(key, rank.kind.step, rank)
    return [reached] if counted is None else [Step(key, counted.step, counted), reached]


def _basis(pricing: RenewalPricing) -> list[Step]:
    steps = [Step(None, YEARS, pricing), Step(None, PRICE_LIST, pricing)]
    if pricing.comparison is not None:
        steps.append(Step(None, KEPT_TOTAL, pricing.comparison))
    return steps
