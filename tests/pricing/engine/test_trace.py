"""The steps that lead to every amount: they end where the sum ends, in both languages."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest

from pricing.engine.pricing import LineKind, RenewalPricing
from pricing.engine.quote import explain_quote
from pricing.engine.renewal import price_renewal
from pricing.engine.rulebook import REFUSAL_RULES, STEP_KINDS, WARNING_RULES
from pricing.engine.step import Step
from pricing.engine.trace import explain, rank_reason
from pricing.engine.wording import Language

from .scenarios import Scenario, all_quotes, all_scenarios, scenario_named

KNOWN_RULES = {f"R{number}" for number in [*range(1, 18), 20]}
RULES_WITH_STEPS = KNOWN_RULES - {"R9", "R15", "R16", "R17"}
"""R9 and R17 only refuse; R15 belongs to issuing; R16 is that nothing happens."""
LANGUAGES: tuple[Language, ...] = ("ja", "en")

PRICED = [pytest.param(one, id=f"{one.file}: {one.id}") for one in all_scenarios() if not one.price().is_refused]
REFUSED = [pytest.param(one, id=f"{one.file}: {one.id}") for one in all_scenarios() if one.price().is_refused]


@pytest.mark.parametrize("scenario", PRICED)
def test_the_steps_of_a_scenario(scenario: Scenario):
    pricing = scenario.price()
    steps = explain(pricing)
    each_line_ends_at_its_amount_and_the_totals_at_the_total(pricing, steps)
    the_steps_stand_line_by_line_and_then_the_totals(pricing, steps)
    every_step_is_said_and_names_its_rule(steps)
    every_line_tells_how_its_rank_period_and_price_came_about(pricing, steps)
    the_reason_for_a_rank_names_product_quantity_and_rank(pricing)


def each_line_ends_at_its_amount_and_the_totals_at_the_total(pricing: RenewalPricing, steps: Sequence[Step]) -> None:
    for line in pricing.lines:
        assert steps_of(line.key, steps)[-1].result == f"¥{line.offered:,}"
    totals = steps_of(None, steps)
    assert totals[-1].result == f"¥{pricing.total:,}"
    assert [step.result for step in totals if step.step == "subtotal"] == [f"¥{pricing.subtotal:,}"]
    taxes = [step.result for step in totals if step.step.startswith("tax-")]
    assert taxes == [f"¥{total.tax:,}" for total in pricing.tax_totals]


def the_steps_stand_line_by_line_and_then_the_totals(pricing: RenewalPricing, steps: Sequence[Step]) -> None:
    order = [line.key for line in pricing.lines] + [None]
    places = [order.index(step.line) for step in steps]
    assert places == sorted(places)
    assert set(places) == set(range(len(order)))


def every_step_is_said_and_names_its_rule(steps: Sequence[Step]) -> None:
    for step in steps:
        assert step.rule in KNOWN_RULES
        for text in (step.text("ja"), step.text("en"), step.result):
            assert not re.search(r"[{}]|None|Product\(|Decimal\(", text), text
        assert step.text("ja")
        assert step.text("en")


def every_line_tells_how_its_rank_period_and_price_came_about(pricing: RenewalPricing, steps: Sequence[Step]) -> None:
    for line in pricing.lines:
        told = {step.rule for step in steps_of(line.key, steps)}
        if line.kind is LineKind.ADDITION:
            assert {"R3", "R7", "R11", line.rank.rule} <= told
        else:
            assert {"R2", "R3", "R4", "R8", "R10", line.rank.rule} <= told
        assert ("R4" in told) is (line.rank_quantity is not None)


def the_reason_for_a_rank_names_product_quantity_and_rank(pricing: RenewalPricing) -> None:
    for line, language in product(pricing.lines, LANGUAGES):
        reason = rank_reason(line, language)
        assert line.rank.basis_product.code in reason
        assert f"{line.rank.basis_quantity:,}" in reason
        assert reason.endswith(line.rank.rank.rank)


@pytest.mark.parametrize("scenario", REFUSED)
def test_a_refused_renewal_has_no_steps(scenario: Scenario):
    assert explain(scenario.price()) == ()


def test_every_rule_that_leaves_a_decision_has_a_step():
    told = {step.rule for scenario in all_scenarios() for step in explain(scenario.price())}
    assert told == RULES_WITH_STEPS
    refused_or_warned = set(REFUSAL_RULES.values()) | set(WARNING_RULES.values())
    assert told | refused_or_warned == {f"R{number}" for number in [*range(1, 16), 19, 20, 22, 23]}


def test_every_kind_of_step_is_shown_by_a_scenario():
    told = {step.step for scenario in all_scenarios() for step in explain(scenario.price())}
    told |= {step.step for quote in all_quotes() for part in explain_quote(quote.price()) for step in part.steps}
    assert {kind.step for kind in STEP_KINDS} == told


def test_the_steps_of_a_worked_example():
    """E5: 45 renewed and 10 added before the expiry."""
    steps = explain(scenario_named("E5").price())
    assert [(step.line, step.rule, step.text("ja"), step.result) for step in steps] == [
        ("SMP-CC", "R3", "保有数量をそのまま更新", "45"),
        ("SMP-CC", "R4", "SMP-CC のランク数量：更新 45 ＋ 追加 10", "55"),
        ("SMP-CC", "R6", "ライセンスID内で最多のTRSL製品 SMP-CC 55 によりランクC（50から）", "C"),
        ("SMP-CC", "R8", "更新時の最低購入本数 5：55 で満たす", ""),
        ("SMP-CC", "R2", "満了日 2027/03/31 の翌日から1年間", "2027/04/01 – 2028/03/31"),
        ("SMP-CC", "R10", "価格表「見本価格表」SMP-CC ランクC 更新単価", "¥2,180"),
        ("SMP-CC", "R10", "2,180 × 45 × 1年", "¥98,100"),
        ("+SMP-CC", "R3", "SMP-CC の追加数量", "10"),
        ("+SMP-CC", "R7", "満了日 2027/03/31 までの追加のため、更新と合算", ""),
        ("+SMP-CC", "R4", "SMP-CC のランク数量：更新 45 ＋ 追加 10", "55"),
        ("+SMP-CC", "R6", "ライセンスID内で最多のTRSL製品 SMP-CC 55 によりランクC（50から）", "C"),
        ("+SMP-CC", "R11", "更新と同じ期間：2027/03/31 の翌日から1年間", "2027/04/01 – 2028/03/31"),
        ("+SMP-CC", "R11", "価格表「見本価格表」SMP-CC ランクC 追加単価", "¥4,370"),
        ("+SMP-CC", "R11", "10 × 4,370", "¥43,700"),
        (None, "R1", "期間", "1"),
        (None, "R13", "2027/01/15 に有効な価格表", "見本価格表"),
        (None, "R10", "明細の合計（税抜）", "¥141,800"),
        (None, "R14", "¥141,800 に対する消費税 10％（円未満切捨て）", "¥14,180"),
        (None, "R14", "合計（税込）", "¥155,980"),
    ]


def test_a_percentage_is_said_without_idle_zeros():
    """A database hands 8 % over as 8.00."""
    scenario = scenario_named("E6")
    table = scenario.price_tables.tables["SMP-WM"]
    table = replace(table, multi_year_discounts={3: Decimal("8.00")})
    prices = replace(scenario.price_tables, tables={"SMP-WM": table}, tax_rates={"standard": Decimal("10.00")})
    steps = explain(price_renewal(scenario.request, prices))
    assert [step.text("ja") for step in steps if step.step in {"discount", "tax-down"}] == [
        "3年の複数年割引：¥738,000 から 8％引き（円未満切捨て）",
        "¥678,960 に対する消費税 10％（円未満切捨て）",
    ]


def steps_of(key: str | None, steps: tuple[Step, ...]) -> list[Step]:
    return [step for step in steps if step.line == key]


def test_the_steps_cite_the_price_list_by_its_name_in_the_language():
    scenario = PRICED[0].values[0]
    named = replace(scenario.price_tables, price_list_en="The October list")
    steps = explain(price_renewal(scenario.request, named))
    [step] = [one for one in steps if scenario.price_tables.price_list in one.text("ja")][:1]
    assert "“The October list”" in step.text("en")
    assert not any("The October list" in one.text("ja") for one in steps)
    plain = explain(scenario.price())
    assert any(scenario.price_tables.price_list in one.text("en") for one in plain)
