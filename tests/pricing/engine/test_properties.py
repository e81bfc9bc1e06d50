"""What holds for every renewal, whatever is held, chosen and charged; `oracle.py` says the rules once more."""

from collections import Counter
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from pricing.engine.pricing import LineKind, RenewalPricing
from pricing.engine.renewal import price_renewal
from pricing.engine.trace import explain, rank_reason
from pricing.engine.values import PriceTables, RenewalRequest, TaxRounding
from pricing.wording import what_to_do
from tests.examples import MANY_TIMES, examples
from tests.pricing.saying import said

from .oracle import answer
from .strategies import hostile_pricings, markets, pricings, requests

pytestmark = [pytest.mark.soak, pytest.mark.timeout(120 * MANY_TIMES)]

Case = tuple[RenewalRequest, PriceTables]
FEW = examples(20)
SOME = examples(30)
MANY = examples(75)


@MANY
@given(pricings())
def test_the_rules_written_down_once_more_say_the_same(case: Case):
    request, prices = case
    pricing, expected = price_renewal(request, prices), answer(request, prices)
    event("refused" if pricing.is_refused else "priced")
    assert {problem.code for problem in pricing.problems} == expected.codes
    assert {
        line.key: (
            line.rank.rank.rank,
            line.quantity,
            line.amount.amount,
            line.term.term_from,
            line.term.term_until,
        )
        for line in pricing.lines
    } == expected.lines
    assert (pricing.subtotal, pricing.tax) == (expected.subtotal, expected.tax)


@MANY
@given(pricings(valid=True, tidy=True))
def test_what_can_be_quoted_is_quoted_as_the_rules_say(case: Case):
    """As above, where tables are complete, so that nearly everything has a price."""
    request, prices = case
    pricing, expected = price_renewal(request, prices), answer(request, prices)
    event("refused" if pricing.is_refused else "priced")
    assert {problem.code for problem in pricing.refusals} <= {"nothing-to-quote"}
    assert {problem.code for problem in pricing.problems} == expected.codes
    assert {line.key: line.amount.amount for line in pricing.lines} == {
        key: amount for key, (_, _, amount, _, _) in expected.lines.items()
    }
    assert (pricing.subtotal, pricing.tax) == (expected.subtotal, expected.tax)


@SOME
@given(pricings(), st.randoms(use_true_random=False))
def test_the_order_of_holdings_and_additions_does_not_matter(case: Case, random: Any):
    request, prices = case
    holdings, additions = list(request.holdings), list(request.additions)
    random.shuffle(holdings)
    random.shuffle(additions)
    shuffled = replace(request, holdings=tuple(holdings), additions=tuple(additions))
    assert unordered(price_renewal(shuffled, prices)) == unordered(price_renewal(request, prices))


@SOME
@given(pricings(valid=True))
def test_sums_add_up(case: Case):
    pricing = price_renewal(*case)
    assert sum(line.amount.amount for line in pricing.lines) == pricing.subtotal
    assert sum(total.subtotal for total in pricing.tax_totals) == pricing.subtotal
    assert sum(total.tax for total in pricing.tax_totals) == pricing.tax
    assert pricing.subtotal + pricing.tax == pricing.total
    percents = [total.percent for total in pricing.tax_totals]
    assert percents == sorted(set(percents), reverse=True)
    for total in pricing.tax_totals:
        off = total.tax - Fraction(total.subtotal) * Fraction(total.percent) / 100
        assert abs(off) < 1
        if pricing.request.tax_rounding is TaxRounding.HALF_UP:
            assert Fraction(-1, 2) < off <= Fraction(1, 2)
        else:
            assert off <= 0 if pricing.request.tax_rounding is TaxRounding.DOWN else off >= 0


@SOME
@given(pricings(valid=True))
def test_the_trace_ends_at_the_amounts(case: Case):
    pricing = price_renewal(*case)
    steps = explain(pricing)
    assert bool(steps) is not pricing.is_refused
    for line in pricing.lines:
        assert [step.result for step in steps if step.line == line.key][-1] == f"¥{line.amount.amount:,}"
    if steps:
        assert steps[-1].result == f"¥{pricing.total:,}"


@SOME
@given(st.data())
def test_more_of_a_product_never_reaches_a_lower_band(data: st.DataObject):
    """Where ranks are shared (R6) only for bands that begin alike: else a larger product may carry a lower one."""
    market = data.draw(markets(tidy=True, same_bands=True))
    request = data.draw(requests(market, valid=True))
    assume(request.holdings)
    grown = data.draw(st.integers(0, len(request.holdings) - 1))
    more = data.draw(st.integers(1, 30))
    holdings = list(request.holdings)
    choice = holdings[grown]
    assume(choice.renewal_quantity != 0)
    quantity = choice.renewal_quantity
    holdings[grown] = replace(
        choice,
        holding=replace(choice.holding, quantity=choice.holding.quantity + more),
        renewal_quantity=None if quantity is None else quantity + more,
    )
    before = price_renewal(request, market.prices)
    after = price_renewal(replace(request, holdings=tuple(holdings)), market.prices)
    reached = {line.key: line.rank.reached_from for line in after.lines}
    assert reached.keys() == {line.key for line in before.lines}
    for line in before.lines:
        assert reached[line.key] >= line.rank.reached_from


@SOME
@given(st.data())
def test_years_multiply_the_amount_where_there_is_no_discount(data: st.DataObject):
    market = data.draw(markets(tidy=True, discounts=False))
    request = replace(data.draw(requests(market, valid=True)), years=1)
    years = data.draw(st.integers(1, 6))
    one = price_renewal(request, market.prices)
    several = {line.key: line.amount for line in price_renewal(replace(request, years=years), market.prices).lines}
    assert several.keys() == {line.key for line in one.lines}
    for line in one.lines:
        first, amount = line.amount, several[line.key]
        if line.kind is LineKind.ADDITION:
            assert amount.amount == first.amount + first.quantity * first.renewal_price * (years - 1)
        else:
            assert amount.amount == first.amount * years
        assert amount.discount_percent is None


@FEW
@given(st.data())
def test_no_license_id_changes_another(data: st.DataObject):
    market = data.draw(markets())
    first, second = data.draw(requests(market, license_id="L1")), data.draw(requests(market, license_id="L2"))
    before = deepcopy((first, second, market.prices))
    once = price_renewal(first, market.prices)
    price_renewal(second, market.prices)
    again = price_renewal(first, market.prices)
    assert again == once
    assert explain(again) == explain(once)
    assert (first, second, market.prices) == before


@MANY
@given(hostile_pricings())
def test_nothing_that_is_typed_raises_an_error(case: Case):
    request, prices = case
    pricing = price_renewal(request, prices)
    if pricing.is_refused:
        assert (pricing.lines, pricing.tax_totals, pricing.comparison) == ((), (), None)
        assert (pricing.subtotal, pricing.tax, pricing.total) == (0, 0, 0)
        assert explain(pricing) == ()
    else:
        assert pricing.lines
        assert all(line.quantity > 0 and line.amount.amount >= 0 for line in pricing.lines)
        assert all(type(line.amount.amount) is int for line in pricing.lines)
    if not 1 <= request.years <= 6:
        assert "term-out-of-range" in {problem.code for problem in pricing.refusals}
    for language in ("ja", "en"):
        for problem in pricing.problems:
            assert problem.what(language)
            assert said(what_to_do, problem, language)
        for step in explain(pricing):
            assert step.text(language)
            assert "None" not in step.result
        for line in pricing.lines:
            assert rank_reason(line, language)


@SOME
@given(pricings())
def test_a_refused_renewal_has_problems_and_no_amounts(case: Case):
    pricing = price_renewal(*case)
    assert pricing.is_refused is bool(pricing.refusals)
    assert bool(pricing.lines) is not pricing.is_refused
    assert len(pricing.refusals) + len(pricing.warnings) == len(pricing.problems)
    if pricing.is_refused:
        assert (pricing.tax_totals, pricing.subtotal, pricing.tax, pricing.comparison) == ((), 0, 0, None)


@SOME
@given(pricings(valid=True))
def test_a_reduction_to_what_is_held_is_no_reduction(case: Case):
    request, prices = case
    holdings = tuple(
        replace(choice, renewal_quantity=choice.renewal_quantity and choice.holding.quantity)
        for choice in request.holdings
    )
    reduced = price_renewal(replace(request, is_reduced=True, holdings=holdings), prices)
    full = price_renewal(replace(request, is_reduced=False, holdings=holdings), prices)
    assert reduced == replace(full, request=reduced.request)


@SOME
@given(pricings(valid=True))
def test_without_the_reduced_choice_smaller_numbers_change_nothing(case: Case):
    request, prices = case
    holdings = tuple(
        replace(choice, renewal_quantity=choice.renewal_quantity and choice.holding.quantity)
        for choice in request.holdings
    )
    typed = price_renewal(replace(request, is_reduced=False), prices)
    full = price_renewal(replace(request, is_reduced=False, holdings=holdings), prices)
    assert typed == replace(full, request=typed.request)


@FEW
@given(pricings())
def test_pricing_twice_gives_the_same_twice(case: Case):
    request, prices = case
    assert price_renewal(request, prices) == price_renewal(deepcopy(request), deepcopy(prices))


def unordered(pricing: RenewalPricing) -> tuple[Any, ...]:
    """All that must not depend on the order of what is held."""
    lines = {line.key: (line.quantity, line.rank, line.term, line.amount, line.kind) for line in pricing.lines}
    problems = Counter((problem.code, frozenset(problem.places)) for problem in pricing.problems)
    return lines, problems, pricing.tax_totals, pricing.comparison, pricing.addition_sum
