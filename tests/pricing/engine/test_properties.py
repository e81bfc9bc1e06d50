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
@given(pricings(), st.randoms(use_true_random=False))
def test_what_holds_for_every_renewal(case: Case, random: Any):
    request, prices = case
    pricing = price_renewal(request, prices)
    event("refused" if pricing.is_refused else "priced")
    says_what_the_rules_say_written_down_once_more(pricing, prices)
    has_either_problems_or_amounts(pricing)
    assert price_renewal(deepcopy(request), deepcopy(prices)) == pricing
    does_not_depend_on_the_order_of_holdings_and_additions(pricing, prices, random)


def says_what_the_rules_say_written_down_once_more(pricing: RenewalPricing, prices: PriceTables) -> None:
    expected = answer(pricing.request, prices)
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


def has_either_problems_or_amounts(pricing: RenewalPricing) -> None:
    assert pricing.is_refused is bool(pricing.refusals)
    assert bool(pricing.lines) is not pricing.is_refused
    assert len(pricing.refusals) + len(pricing.warnings) == len(pricing.problems)
    if pricing.is_refused:
        assert (pricing.tax_totals, pricing.subtotal, pricing.tax, pricing.comparison) == ((), 0, 0, None)


def does_not_depend_on_the_order_of_holdings_and_additions(
    pricing: RenewalPricing, prices: PriceTables, random: Any
) -> None:
    holdings, additions = list(pricing.request.holdings), list(pricing.request.additions)
    random.shuffle(holdings)
    random.shuffle(additions)
    shuffled = replace(pricing.request, holdings=tuple(holdings), additions=tuple(additions))
    assert unordered(price_renewal(shuffled, prices)) == unordered(pricing)


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
@given(pricings(valid=True))
def test_what_holds_for_every_renewal_that_may_be_typed(case: Case):
    pricing, prices = price_renewal(*case), case[1]
    adds_up(pricing)
    has_a_trace_that_ends_at_the_amounts(pricing)
    is_no_reduction_where_nothing_is_less(pricing, prices)


def adds_up(pricing: RenewalPricing) -> None:
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


def has_a_trace_that_ends_at_the_amounts(pricing: RenewalPricing) -> None:
    steps = explain(pricing)
    assert bool(steps) is not pricing.is_refused
    for line in pricing.lines:
        assert [step.result for step in steps if step.line == line.key][-1] == f"¥{line.amount.amount:,}"
    if steps:
        assert steps[-1].result == f"¥{pricing.total:,}"


def is_no_reduction_where_nothing_is_less(pricing: RenewalPricing, prices: PriceTables) -> None:
    """Neither is the reduced choice with all that is held, nor are smaller numbers without that choice."""
    request = pricing.request
    holdings = tuple(
        replace(choice, renewal_quantity=choice.renewal_quantity and choice.holding.quantity)
        for choice in request.holdings
    )
    full = price_renewal(replace(request, is_reduced=False, holdings=holdings), prices)
    reduced = price_renewal(replace(request, is_reduced=True, holdings=holdings), prices)
    assert reduced == replace(full, request=reduced.request)
    typed = price_renewal(replace(request, is_reduced=False), prices)
    assert typed == replace(full, request=typed.request)


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


def unordered(pricing: RenewalPricing) -> tuple[Any, ...]:
    """All that must not depend on the order of what is held."""
    lines = {line.key: (line.quantity, line.rank, line.term, line.amount, line.kind) for line in pricing.lines}
    problems = Counter((problem.code, frozenset(problem.places)) for problem in pricing.problems)
    return lines, problems, pricing.tax_totals, pricing.comparison, pricing.addition_sum
