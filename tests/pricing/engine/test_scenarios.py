"""Every scenario of `tests/scenarios/`: exactly these lines, sums and problems, and not one more."""

from typing import Any

import pytest

from pricing.engine.pricing import Line, LineKind, RenewalPricing
from pricing.engine.problems import Problem
from pricing.engine.trace import rank_reason
from pricing.wording import what_to_do
from tests.pricing.saying import said

from .scenarios import Scenario, all_scenarios, work_out

SCENARIOS = [pytest.param(scenario, id=f"{scenario.file}: {scenario.id}") for scenario in all_scenarios()]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_a_scenario_expects_is_what_comes_out(scenario: Scenario):
    pricing, expected = scenario.price(), scenario.expected
    the_sums_that_it_writes_down_are_right(scenario)
    assert [told(problem, wanted) for problem, wanted in paired(pricing, expected)] == [
        {**wanted, "at": sorted(wanted["at"])} for wanted in sorted_problems(expected)
    ]
    assert len(pricing.problems) == len(expected.get("problems", []))
    if "lines" not in expected:
        assert pricing.is_refused
        assert (pricing.lines, pricing.tax_totals, pricing.subtotal, pricing.tax, pricing.total) == ((), (), 0, 0, 0)
        assert pricing.comparison is None
        return
    assert not pricing.is_refused
    assert [shown(line, wanted) for line, wanted in zip(pricing.lines, expected["lines"], strict=True)] == [
        full(wanted, scenario) for wanted in expected["lines"]
    ]
    assert (pricing.subtotal, pricing.tax, pricing.total) == (expected["subtotal"], expected["tax"], expected["total"])
    assert (pricing.comparison.kept if pricing.comparison else None) == expected.get("kept")
    if "left_out_that_counts" in expected:
        assert [holding.key for holding in pricing.counted_left_out] == expected["left_out_that_counts"]
    if "tax_by_rate" in expected:
        assert [[total.percent, total.subtotal, total.tax] for total in pricing.tax_totals] == expected["tax_by_rate"]


def the_sums_that_it_writes_down_are_right(scenario: Scenario) -> None:
    lines = scenario.expected.get("lines", [])
    for wanted in lines:
        assert int(work_out(wanted["working"])) == wanted["amount"], wanted["working"]
        if "offered" in wanted:
            assert int(work_out(wanted["offered_working"])) == wanted["offered"], wanted["offered_working"]
    if lines:
        assert sum(wanted.get("offered", wanted["amount"]) for wanted in lines) == scenario.expected["subtotal"]
        assert scenario.expected["subtotal"] + scenario.expected["tax"] == scenario.expected["total"]


def test_every_scenario_has_a_name_of_its_own():
    names = [scenario.id for scenario in all_scenarios()]
    assert sorted(set(names)) == sorted(names)
    titles = {(scenario.title["ja"], scenario.title["en"]) for scenario in all_scenarios()}
    assert all(ja and en for ja, en in titles)


def sorted_problems(expected: Any) -> list[dict[str, Any]]:
    return sorted(expected.get("problems", []), key=lambda wanted: (wanted["code"], sorted(wanted["at"])))


def paired(pricing: RenewalPricing, expected: Any) -> list[tuple[Problem, dict[str, Any]]]:
    """Each problem beside the one that is expected at its place in the alphabet."""
    problems = sorted(pricing.problems, key=lambda problem: (problem.code, sorted(problem.places)))
    wanted = sorted_problems(expected)
    wanted += [{} for _ in range(len(problems) - len(wanted))]
    return list(zip(problems, wanted, strict=False))


def told(problem: Problem, wanted: dict[str, Any]) -> dict[str, Any]:
    """The problem in the scenario's words, with the sentences that the scenario mentions."""
    shown: dict[str, Any] = {"code": problem.code, "at": sorted(problem.places)}
    sentences = {
        "ja": problem.what("ja"),
        "en": problem.what("en"),
        "do_ja": said(what_to_do, problem, "ja"),
        "do_en": said(what_to_do, problem, "en"),
    }
    return shown | {name: sentence for name, sentence in sentences.items() if name in wanted}


def full(wanted: dict[str, Any], scenario: Scenario) -> dict[str, Any]:
    """An expected line with what it leaves unsaid: a renewal of all that is held, for the file's usual term."""
    term = scenario.usual_term
    line = {"kind": "renewal", "from": term["from"], "until": term["until"], **wanted}
    del line["working"]
    line.pop("offered_working", None)
    return line


def shown(line: Line, wanted: dict[str, Any]) -> dict[str, Any]:
    """The line in the scenario's words."""
    seen: dict[str, Any] = {
        "of": line.key,
        "kind": line.kind.value.replace("_renewal", ""),
        "quantity": line.quantity,
        "rank": line.rank.rank.rank,
        "amount": line.amount.amount,
        "from": line.term.term_from,
        "until": line.term.term_until,
    }
    if line.kind is LineKind.ADDITION:
        seen["addition_price"] = line.amount.addition_price
        if line.amount.years > 1 or "unit_price" in wanted:
            seen["unit_price"] = line.amount.renewal_price
    else:
        seen["unit_price"] = line.amount.renewal_price
    more = {
        "because_ja": rank_reason(line, "ja"),
        "because_en": rank_reason(line, "en"),
        "by_rule": line.rank.rule,
        "discount": line.amount.discount_percent,
        "offered": line.offer and line.offer.amount,
        "rank_quantity": line.rank_quantity.total if line.rank_quantity else None,
    }
    return seen | {name: value for name, value in more.items() if name in wanted}
