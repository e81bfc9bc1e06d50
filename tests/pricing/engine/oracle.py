"""The rules once more, written naively straight from docs/pricing-rules.md, to be compared with the engine.

It shares no code with the engine: whole tables instead of steps, fractions instead of whole-number division.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

from pricing.engine.values import (
    ANYBODY,
    PriceRank,
    PriceTables,
    Product,
    RankBasis,
    RenewalRequest,
    TaxRounding,
)

WARNINGS = {
    "rank-basis-tie", "mixed-programmes", "reduction-does-not-save", "support-expired", "segment-differs",
    "already-quoted", "already-ordered",
}  # fmt: skip
ROUND = {
    TaxRounding.DOWN: floor,
    TaxRounding.UP: ceil,
    TaxRounding.HALF_UP: lambda value: floor(value + Fraction(1, 2)),
}


@dataclass
class Answer:
    """What the rules say of one request."""

    codes: set[str] = field(default_factory=set)
    lines: dict[str, tuple[str, int, int, date, date]] = field(default_factory=dict)
    """By key: rank, quantity, amount, first and last day."""
    subtotal: int = 0
    tax: int = 0

    @property
    def is_refused(self) -> bool:
        return bool(self.codes - WARNINGS)


def answer(request: RenewalRequest, prices: PriceTables) -> Answer:
    told = Answer()
    after: dict[str, int | None] = {}  # R3: what each holding has after this quote; None: left out
    for choice in request.holdings:
        typed, held = choice.renewal_quantity, choice.holding.quantity
        if typed is not None and typed < 0:
            told.codes.add("quantity-negative")
        if typed is not None and typed > held:
            told.codes.add("renewal-exceeds-held")
        stands = typed in (None, 0) or (request.is_reduced and 0 <= typed <= held)
        after[choice.holding.key] = typed if stands else held
    if any(addition.quantity < 0 for addition in request.additions):
        told.codes.add("quantity-negative")
    if any(count > 1 for count in Counter(addition.product.code for addition in request.additions).values()):
        told.codes.add("addition-repeated")
    if not any(choice.renewal_quantity for choice in request.holdings) and not any(
        a.quantity for a in request.additions
    ):
        told.codes.add("nothing-to-quote")

    renewed = [choice.holding for choice in request.holdings if after[choice.holding.key]]
    added = [addition for addition in request.additions if addition.quantity > 0]
    is_summed = bool(renewed) and all(request.on <= holding.support_expires_on for holding in renewed)  # R7
    summed = added if is_summed else []

    counts: Counter[str] = Counter()  # R4
    for choice in request.holdings:
        left_out = choice.holding.quantity if choice.holding.support_expires_on >= request.on else 0
        kept = after[choice.holding.key]
        counts[choice.holding.product.code] += left_out if kept is None else kept
    for addition in summed:
        counts[addition.product.code] += addition.quantity

    everything: dict[str, Product] = {c.holding.product.code: c.holding.product for c in request.holdings}
    everything |= {addition.product.code: addition.product for addition in added}
    quoted = {holding.product.code for holding in renewed} | {addition.product.code for addition in added}
    ranked = {holding.product.code for holding in renewed} | {addition.product.code for addition in summed}

    longest = min([6, *(everything[code].programme.most_years for code in quoted)])  # R1
    if not 1 <= request.years <= longest:
        told.codes.add("term-out-of-range")
    for code in quoted:  # R9, R14
        if code in prices.ended:
            told.codes.add("product-discontinued")
        elif code not in prices.tables:
            told.codes.add("no-price-table")
        if everything[code].tax_category not in prices.tax_rates:
            told.codes.add("no-tax-rate")
    for code in {holding.product.code for holding in renewed} & prices.tables.keys():  # R8
        enough = sum(after[holding.key] or 0 for holding in renewed if holding.product.code == code)
        enough += sum(addition.quantity for addition in summed if addition.product.code == code)
        if enough < prices.tables[code].minimum_quantity:
            told.codes.add("below-minimum")

    shared_ranks: dict[str, str | None] = {}  # R6: of each programme whose largest product decides
    for programme in {everything[code].programme for code in ranked}:
        shared = [code for code in counts if everything[code].programme == programme]
        if programme.rank_basis is not RankBasis.LARGEST_PRODUCT:
            continue
        shared_ranks[programme.code] = None
        tied = [code for code in shared if counts[code] == max(counts[other] for other in shared)]
        if without := set(tied) - prices.tables.keys():
            told.codes |= {"product-discontinued" if code in prices.ended else "no-price-table" for code in without}
        else:
            reached = {code: reach(prices, code, counts[code]) for code in tied}
            starts = {code: band.from_quantity if band else 0 for code, band in reached.items()}
            deciding = reached[min(code for code in tied if starts[code] == max(starts.values()))]
            if deciding is None:
                told.codes.add("below-first-rank")
            else:
                shared_ranks[programme.code] = deciding.rank
                if {band and band.rank for band in reached.values()} != {deciding.rank}:
                    told.codes.add("rank-basis-tie")

    def rank_of(code: str, alone: int | None) -> PriceRank | None:  # R5, R6, R7
        if code not in prices.tables:
            return None
        if alone is None and everything[code].programme.code in shared_ranks:
            shared_rank = shared_ranks[everything[code].programme.code]
            same = [band for band in prices.tables[code].ranks if band.rank == shared_rank]
            if shared_rank is not None and not same:
                told.codes.add("rank-missing")
            return same[0] if same else None
        band = reach(prices, code, counts[code] if alone is None else alone)
        if band is None:
            told.codes.add("below-first-rank")
        return band

    ranks = {holding.key: rank_of(holding.product.code, None) for holding in renewed}
    for addition in added:
        ranks[addition.key] = rank_of(addition.product.code, None if is_summed else addition.quantity)
        band = ranks[addition.key]
        if band is not None and band.addition_price is None:  # R11
            told.codes.add("no-addition-price")

    if len({product.programme.code for product in everything.values()}) > 1:  # R6
        told.codes.add("mixed-programmes")
    for holding in renewed:  # R13
        late, possible = request.on - holding.support_expires_on, holding.product.programme.late_renewal_days
        if late > timedelta(days=0):
            is_too_late = possible is not None and late > timedelta(days=possible)
            told.codes.add("too-late-to-renew" if is_too_late else "support-expired")
    if request.customer_segment != ANYBODY and any(  # R19
        everything[code].segment not in (None, request.customer_segment) for code in quoted
    ):
        told.codes.add("segment-differs")
    for choice in request.holdings:  # R22
        if choice.renewal_quantity is None:
            continue
        begins = choice.holding.support_expires_on + timedelta(days=1)
        for other in choice.elsewhere:
            if not other.is_ordered:
                told.codes.add("already-quoted")
            elif begins <= (other.term_until or date.max) and (
                not choice.renewal_quantity
                or not 1 <= request.years <= 6
                or other.term_from <= end(begins, request.years)
            ):
                told.codes.add("already-ordered")
    if told.is_refused:
        return told

    years, by_rate = request.years, Counter[Fraction]()
    for key, product, quantity, is_addition in [
        *((holding.key, holding.product, after[holding.key] or 0, False) for holding in renewed),
        *((addition.key, addition.product, addition.quantity, True) for addition in added),
    ]:
        band = ranks[key]
        assert band is not None
        first_year = (band.addition_price or 0) if is_addition else band.renewal_price
        exact = Fraction(quantity * (first_year + band.renewal_price * (years - 1)))  # R10, R11
        if product.is_multi_year_discountable:
            exact *= 1 - Fraction(prices.tables[product.code].multi_year_discounts.get(years, 0)) / 100
        own = [holding.support_expires_on for holding in renewed if holding.key == key]
        same = [holding.support_expires_on for holding in renewed if holding.product.code == product.code]
        olds = own or same or [holding.support_expires_on for holding in renewed]
        start = min(olds) + timedelta(days=1) if olds else request.on
        told.lines[key] = (band.rank, quantity, floor(exact), start, end(start, years))
        by_rate[Fraction(prices.tax_rates[product.tax_category])] += floor(exact)
    told.subtotal = sum(by_rate.values())
    told.tax = sum(ROUND[request.tax_rounding](amount * rate / 100) for rate, amount in by_rate.items())  # R14

    if any(
        kept is not None and kept < choice.holding.quantity
        for choice, kept in zip(request.holdings, after.values(), strict=True)
    ):  # R12
        keeping = tuple(
            choice if choice.renewal_quantity is None else replace(choice, renewal_quantity=choice.holding.quantity)
            for choice in request.holdings
        )
        kept_answer = answer(replace(request, is_reduced=False, holdings=keeping), prices)
        if not kept_answer.is_refused and told.subtotal >= kept_answer.subtotal:
            told.codes.add("reduction-does-not-save")
    return told


def reach(prices: PriceTables, code: str, quantity: int) -> PriceRank | None:
    bands = [band for band in prices.tables[code].ranks if band.from_quantity <= quantity]
    return max(bands, key=lambda band: band.from_quantity, default=None)


def end(start: date, years: int) -> date:
    """R2: the day before the corresponding date, or where there is none the last day of that month."""
    try:
        return date(start.year + years, start.month, start.day) - timedelta(days=1)
    except ValueError:
        return date(start.year + years, start.month + 1, 1) - timedelta(days=1)
