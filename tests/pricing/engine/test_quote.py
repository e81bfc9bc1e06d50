"""Several license IDs in one quote: priced alone, summed and taxed together (R16, R18)."""

from dataclasses import replace

import pytest

from pricing.engine.pricing import RenewalPricing
from pricing.engine.quote import QuotePricing, explain_quote, price_quote
from pricing.engine.trace import explain
from pricing.engine.values import TaxRounding

from .scenarios import QuoteScenario, all_quotes, all_scenarios, scenario_named, work_out

QUOTES = [pytest.param(quote, id=f"{quote.file}: {quote.id}") for quote in all_quotes()]


@pytest.mark.parametrize("quote", QUOTES)
def test_what_a_quote_expects_is_what_comes_out(quote: QuoteScenario):
    pricing, expected = quote.price(), quote.expected
    told = [{"license_id": one.license_id, "code": one.problem.code} for one in pricing.refusals]
    assert told == expected.get("problems", [])
    assert pricing.is_refused is ("total" not in expected)
    sums = (expected.get("subtotal", 0), expected.get("tax", 0), expected.get("total", 0))
    assert (pricing.subtotal, pricing.tax, pricing.total) == sums
    if "percent_off" in expected:
        assert (pricing.list_subtotal, pricing.percent_off) == (expected["list_subtotal"], expected["percent_off"])
    if not pricing.is_refused:
        rows = expected.get("free_lines", [])
        assert [line.amount for line in pricing.free_lines] == [row["amount"] for row in rows]
        assert [work_out(row["working"]) for row in rows] == [row["amount"] for row in rows]
    if "tax_by_rate" in expected:
        assert [[one.percent, one.subtotal, one.tax] for one in pricing.tax_totals] == expected["tax_by_rate"]


@pytest.mark.parametrize("quote", QUOTES)
def test_each_license_id_is_priced_as_if_it_were_alone(quote: QuoteScenario):
    pricing = quote.price()
    for request, part in zip(quote.requests, pricing.parts, strict=True):
        [alone] = price_quote([request], quote.price_tables).parts
        assert part == alone
    if not pricing.is_refused:
        assert pricing.lines == tuple(line for part in pricing.parts for line in part.lines)
        assert pricing.parts_subtotal == sum(part.subtotal for part in pricing.parts)
        assert pricing.subtotal + pricing.reduction == pricing.parts_subtotal + pricing.free_subtotal


def test_a_quote_of_one_license_id_is_its_renewal():
    for scenario in all_scenarios():
        quote, renewal = price_quote([scenario.request], scenario.price_tables), scenario.price()
        assert quote == QuotePricing((renewal,), renewal.tax_totals, renewal.subtotal, renewal.tax)
        told = [(one.license_id, one.problem) for one in (*quote.refusals, *quote.warnings)]
        of_renewal = (*renewal.refusals, *renewal.warnings)
        assert told == [(scenario.request.license_id, problem) for problem in of_renewal]
        steps = [one.steps for one in explain_quote(quote)]
        assert steps == ([] if renewal.is_refused else [explain(renewal)])


def test_the_steps_of_a_quote_over_two_license_ids():
    """E13: each license ID up to its subtotal, then the sums and the one tax."""
    quote = next(one for one in all_quotes() if one.id == "E13").price()
    told = explain_quote(quote)
    assert [one.license_id for one in told] == ["TM-1", "TM-2", None]
    assert [(step.rule, step.text("ja"), step.result) for step in told[0].steps[-3:]] == [
        ("R1", "期間", "3"),
        ("R13", "2027/01/15 に有効な価格表", quote.parts[0].price_list),
        ("R10", "TM-1 の明細の合計（税抜）", "¥93,508"),
    ]
    assert [(step.rule, step.text("ja"), step.text("en"), step.result) for step in told[2].steps] == [
        ("R18", "TM-1（単独で計算）", "TM-1, calculated by itself", "¥93,508"),
        ("R18", "TM-2（単独で計算）", "TM-2, calculated by itself", "¥93,508"),
        ("R18", "2件のライセンスIDの合計（税抜）", "Sum of 2 license IDs, tax excluded", "¥187,016"),
        ("R14", "¥187,016 に対する消費税 10％（円未満切捨て）", "Tax 10 % on ¥187,016, rounded down", "¥18,701"),
        ("R14", "合計（税込）", "Total with tax", "¥205,717"),
    ]


def test_a_refused_quote_has_no_steps_and_no_lines_are_summed():
    quote = next(one for one in all_quotes() if one.id == "one license ID is refused").price()
    assert explain_quote(quote) == ()
    assert (quote.tax_totals, quote.subtotal, quote.tax, quote.total) == ((), 0, 0, 0)
    assert [isinstance(part, RenewalPricing) and part.is_refused for part in quote.parts] == [False, True]


def test_what_does_not_belong_together_is_an_error():
    scenario = scenario_named("E1")
    request, tables = scenario.request, scenario.price_tables
    other = replace(request, license_id="other", holdings=(), additions=())
    for requests, message in (
        ([], "at least one license ID"),
        ([request, replace(other, on=request.on.replace(day=16))], "on one day"),
        ([request, replace(other, tax_rounding=TaxRounding.UP)], "one rounding"),
        ([request, replace(other, license_id=request.license_id)], "a license ID stands twice"),
        ([request, replace(request, license_id="other")], "a key stands twice"),
    ):
        with pytest.raises(ValueError, match=message):
            price_quote(requests, tables)
