"""R20, whatever is offered: never above the list, never below nothing, and the sums hold to the yen."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pricing.engine.quote import explain_quote, price_quote
from pricing.engine.rules.r20_offered_price import percent_off, share_reduction
from pricing.engine.values import OfferedPrice
from tests.examples import examples

from .scenarios import all_quotes
from .strategies import pricings

RATES = [Decimal(10), Decimal(8), Decimal(0)]
offers = st.none() | st.one_of(
    st.decimals(0, 100, places=2).map(lambda percent: OfferedPrice(percent=percent)),
    st.integers(0, 3000).map(lambda amount: OfferedPrice(amount=amount)),
)


@examples(60)
@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=3), st.data())
def test_a_reduction_is_shared_to_the_yen(subtotals, data):
    reduction = data.draw(st.integers(0, sum(subtotals)))
    shares = share_reduction(reduction, [*zip(RATES, subtotals, strict=False)])
    assert sum(one.share for one in shares) == reduction
    for one, subtotal in zip(shares, subtotals, strict=True):
        assert 0 <= one.share <= subtotal == one.before
        exact = Decimal(reduction * subtotal) / (sum(subtotals) or 1)
        assert one.share >= int(exact)
        assert one.share - exact < len(subtotals)


@pytest.mark.parametrize(
    ("reduction", "subtotals", "shares"),
    [
        (2, [1, 1, 1], [1, 1, 0]),
        (1, [5, 5], [1, 0]),
        (100, [1, 199], [0, 100]),
        (0, [0, 0], [0, 0]),
        (7, [3, 4], [3, 4]),
    ],
)
def test_the_remainder_goes_to_the_largest_as_far_as_it_has(reduction, subtotals, shares):
    found = share_reduction(reduction, [*zip(RATES, subtotals, strict=False)])
    assert [one.share for one in found] == shares


@examples(60)
@given(pricings(valid=True, tidy=True), st.data())
def test_what_is_offered_is_between_nothing_and_the_list(case, data):
    request, prices = case
    listed = price_quote([request], prices)
    assume(not listed.is_refused)
    offered = replace(
        request,
        holdings=tuple(replace(one, offered=data.draw(offers)) for one in request.holdings),
        additions=tuple(replace(one, offered=data.draw(offers)) for one in request.additions),
    )
    pricing = price_quote([offered], prices)
    if pricing.is_refused:
        assert {one.problem.code for one in pricing.refusals} == {"offer-exceeds-list"}
        assert (pricing.lines, pricing.subtotal, pricing.total) == ((), 0, 0)
        return
    assert [line.amount for line in pricing.lines] == [line.amount for line in listed.lines]
    assert all(0 <= line.offered <= line.amount.amount for line in pricing.lines)
    assert pricing.subtotal == sum(line.offered for line in pricing.lines)
    assert pricing.list_subtotal == listed.subtotal
    assert [part.comparison for part in pricing.parts] == [part.comparison for part in listed.parts]
    less = data.draw(st.integers(0, pricing.subtotal))
    reduced = price_quote([offered], prices, reduction=less)
    assert reduced.subtotal == pricing.subtotal - less == sum(one.subtotal for one in reduced.tax_totals)
    assert reduced.tax == sum(one.tax for one in reduced.tax_totals) <= pricing.tax
    assert price_quote([offered], prices, reduction=pricing.subtotal + 1).is_refused


@pytest.mark.parametrize(
    ("listed", "offered", "percent"),
    [(192_000, 170_000, "11.46"), (0, 0, "0.00"), (3, 2, "33.33"), (3, 1, "66.67"), (20_000, 19_999, "0.01"),
     (200_000, 199_999, "0.00"), (5, 0, "100.00")],
)  # fmt: skip
def test_the_whole_reduction_in_percent(listed, offered, percent):
    assert str(percent_off(listed, offered)) == percent


def test_the_steps_of_the_worked_example():
    quote = next(one for one in all_quotes() if one.id == "E15").price()
    [told] = explain_quote(quote)
    assert told.license_id == "TM-1"
    steps = [step for step in told.steps if step.rule == "R20"]
    assert [(step.text("ja"), step.text("en"), step.result) for step in steps] == [
        ("¥192,000 から 10％引き（円未満切捨て）", "Offered at 10 % less than ¥192,000, rounded down", "¥172,800"),
        ("見積全体の値引き：10％対象 ¥172,800 の分",
         "Further reduction on the whole quote, of ¥172,800, which is taxed at 10 %", "▲¥2,800"),
        ("値引き後の合計（税抜）", "After the reduction, tax excluded", "¥170,000"),
    ]  # fmt: skip
    assert [(step.step, step.result) for step in told.steps[-5:]] == [
        ("subtotal", "¥172,800"), ("reduction", "▲¥2,800"), ("after-reduction", "¥170,000"), ("tax-down", "¥17,000"),
        ("total", "¥187,000"),
    ]  # fmt: skip


def test_more_than_there_is_says_how_much_there_is():
    for name, reduction in (("more given away than there is", "¥4"), ("a negative reduction", "-¥1")):
        [refused] = next(one for one in all_quotes() if one.id == name).price().refusals
        assert refused.problem.places == ("reduction",)
        assert refused.problem.what("ja") == (
            f"見積全体の値引きが {reduction} です。値引きは0円から明細の合計 ¥3（税抜）までです。"
        )
