"""R23: free lines are summed and taxed with the licenses, and nothing that is ranked knows of them."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pricing.engine.quote import explain_quote, price_quote
from pricing.engine.rules.r20_offered_price import percent_off
from pricing.engine.values import FreeLine
from tests.examples import examples

from .scenarios import all_quotes
from .strategies import pricings


def quote_named(name):
    return next(one for one in all_quotes() if one.id == name).price()


@examples(60)
@given(
    pricings(valid=True, tidy=True),
    st.lists(st.tuples(st.integers(1, 10**4), st.integers(0, 10**6)), min_size=1, max_size=4),
)
def test_whatever_is_charged_besides_the_licenses_cost_what_they_cost(case, rows):
    request, prices = case
    alone = price_quote([request], prices)
    assume(not alone.is_refused and prices.tax_rates)
    category = sorted(prices.tax_rates)[0]
    lines = [FreeLine(str(at), "作業", quantity, price, category) for at, (quantity, price) in enumerate(rows)]
    both = price_quote([request], prices, free_lines=lines)
    charged = sum(quantity * price for quantity, price in rows)
    assert both.parts == alone.parts
    assert (both.list_subtotal, both.parts_subtotal) == (alone.list_subtotal, alone.subtotal)
    assert (both.free_subtotal, both.subtotal) == (charged, alone.subtotal + charged)
    assert both.subtotal == sum(one.subtotal for one in both.tax_totals)
    assert both.percent_off == alone.percent_off
    assert both.given_away == alone.given_away
    assert price_quote([request], prices, free_lines=lines, reduction=both.subtotal).total == 0
    assert price_quote([request], prices, free_lines=lines, reduction=both.subtotal + 1).is_refused


def test_the_steps_of_free_lines():
    pricing = quote_named("free lines of three tax categories, and a reduction shared over them")
    last = explain_quote(pricing)[-1]
    assert last.license_id is None
    assert [(step.rule, step.text("ja"), step.result) for step in last.steps[2:10]] == [
        ("R18", "2件のライセンスIDの合計（税抜）", "¥316,800"),
        ("R23", "設定作業費：¥25,000 × 2（税率10％、価格ランクには含めない）", "¥50,000"),
        ("R23", "飲料：¥120 × 24（税率8％、価格ランクには含めない）", "¥2,880"),
        ("R23", "収入印紙（立替）：¥400 × 1（税率0％、価格ランクには含めない）", "¥400"),
        ("R23", "初回相談：¥0 × 1（税率10％、価格ランクには含めない）", "¥0"),
        ("R23", "ライセンスと自由明細の合計（税抜）", "¥370,080"),
        ("R20", "見積全体の値引き：10％対象 ¥366,800 の分", "▲¥9,913"),
        ("R20", "見積全体の値引き：8％対象 ¥2,880 の分", "▲¥77"),
    ]
    [alone] = explain_quote(quote_named("a free line adds to the sum and to no rank"))
    assert [(step.rule, step.text("en"), step.result) for step in alone.steps[-6:]] == [
        ("R10", "Sum of the lines, tax excluded", "¥215,820"),
        ("R23", "設定作業費: ¥30,000 × 1, taxed at 10 %, in no rank", "¥30,000"),
        ("R23", "出張費: ¥4,999 × 3, taxed at 10 %, in no rank", "¥14,997"),
        ("R23", "Sum of licenses and free lines, tax excluded", "¥260,817"),
        ("R14", "Tax 10 % on ¥260,817, rounded down", "¥26,081"),
        ("R14", "Total with tax", "¥286,898"),
    ]


def test_what_is_wrong_with_a_free_line_is_said_at_it():
    refused = quote_named("what no free line is")
    assert [(one.problem.places, one.problem.what("ja")) for one in refused.refusals] == [
        (("free:0",), "「設定作業費」の数量が 0 です。自由明細の数量は1以上です。"),
        (("free:1",), "「特別値引き」の単価が -¥1,000 です。自由明細の単価は0円以上です。"),
        (("free:2",), "2027/01/15 に有効な「飲料」の税率がありません（税区分 reduced）。"),
    ]
    assert [one.problem.what("en") for one in refused.refusals] == [
        "“設定作業費” stands with a quantity of 0. A free line has 1 or more.",
        "“特別値引き” stands with a unit price of -¥1,000. A free line costs ¥0 or more.",
        "No tax rate is in force on 2027-01-15 for “飲料” (tax category reduced).",
    ]
    assert (refused.tax_totals, refused.total, refused.free_lines) == ((), 0, ())


def test_a_last_day_that_has_passed_is_refused():
    [refused] = quote_named("a last day before the quote's day").refusals
    assert (refused.license_id, refused.problem.places) == ("", ("validity",))
    assert refused.problem.what("ja") == "見積有効期限が 2027/01/14 で、見積日 2027/01/15 より前です。"


@pytest.mark.parametrize(("given_away", "percent"), [(0, "0.00"), (1, "100.00")])
def test_of_a_list_that_comes_to_nothing_anything_is_all(given_away, percent):
    assert percent_off(0, -given_away) == Decimal(percent)
