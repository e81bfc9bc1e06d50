"""Refusals and warnings: their codes, and their words in both languages (R17)."""

import re
from string import Formatter

import pytest

from pricing.engine.problems import Problem
from pricing.engine.rulebook import PROBLEM_KINDS, RANK_KINDS, REFUSAL_RULES, RULE_NAMES, STEP_KINDS, WARNING_RULES
from pricing.engine.wording import Language, Text
from pricing.wording import what_to_do
from pricing.wording.problems import WHAT_TO_DO
from tests.pricing.saying import said

from .scenarios import all_quotes, all_scenarios

REFUSALS = {
    "term-out-of-range",
    "quantity-negative",
    "renewal-exceeds-held",
    "nothing-to-quote",
    "addition-repeated",
    "rank-missing",
    "below-minimum",
    "below-first-rank",
    "no-price-table",
    "product-discontinued",
    "no-addition-price",
    "too-late-to-renew",
    "no-tax-rate",
    "offer-out-of-range",
    "offer-exceeds-list",
    "reduction-out-of-range",
    "validity-passed",
    "free-line-quantity",
    "free-line-price",
    "free-line-tax",
}
WARNINGS = {
    "rank-basis-tie", "mixed-programmes", "reduction-does-not-save", "support-expired", "segment-differs",
    "already-quoted", "already-ordered",
}  # fmt: skip
VARIANTS = {
    "term-out-of-programme",
    "no-ranks",
    "no-price-list",
    "product-replaced",
    "reduction-saves-nothing",
    "segment-unknown",
    "offer-negative",
}
"""Other words for a code in a special case."""

ENDS: dict[Language, str] = {"ja": "。", "en": "."}

PROBLEMS = [
    pytest.param(problem, id=f"{scenario.id}: {problem.words or problem.code}")
    for scenario in all_scenarios()
    for problem in scenario.price().problems
]
TEXTS = [
    *((name, kind.what) for name, kind in PROBLEM_KINDS.items()),
    *((kind.step, kind.words) for kind in STEP_KINDS),
    *((f"{kind.step.step}: reason", kind.reason) for kind in RANK_KINDS),
]


def test_the_codes_are_the_stable_ones():
    """Forms, records of quotes and other programs rely on them: a code may be added, never changed."""
    assert set(REFUSAL_RULES) == REFUSALS
    assert set(WARNING_RULES) == WARNINGS


def test_every_code_has_words():
    assert set(PROBLEM_KINDS) == set(WHAT_TO_DO) == REFUSALS | WARNINGS | VARIANTS


def test_every_kind_of_words_is_shown_by_a_scenario():
    shown = {problem.words or problem.code for scenario in all_scenarios() for problem in scenario.price().problems}
    shown |= {problem.words for quote in all_quotes() for problem in quote.price().problems}
    assert set(PROBLEM_KINDS) - shown == set()


@pytest.mark.parametrize(("name", "text"), TEXTS)
def test_both_languages_mention_the_same_facts(name: str, text: Text):
    """But for the unit, which only Japanese needs. A number of years, and yen, may stand in another form."""
    assert set(text) == set(ENDS)
    assert all(text.values())
    assert names_in(text["ja"]) - {"basis_product.unit"} == names_in(text["en"])


def test_facts_have_names():
    """None stands by its place, in words, results and advice."""
    texts = [words for _, text in TEXTS for words in text.values()]
    texts += [result for kind in STEP_KINDS for result in (kind.result, kind.told)]
    texts += [str(text) for text in WHAT_TO_DO.values()]
    assert [text for text in texts for name in names_in(text) if not name or name[0].isdigit()] == []


@pytest.mark.parametrize("language", ENDS)
def test_the_engine_knows_no_screen_and_no_role(language: Language):
    """Who is to be asked and what is to be ticked or typed is said by the catalogue."""
    words = ["Tick", "Ask", "Enter", "admin"] if language == "en" else ["管理者", "入力してください", "選んでください"]
    told = [text[language] for _, text in TEXTS] + [name[language] for name in RULE_NAMES.values()]
    assert [text for text in told for word in words if word in text] == []


@pytest.mark.parametrize("problem", PROBLEMS)
def test_what_is_wrong_and_what_to_do(problem: Problem):
    for language, end in ENDS.items():
        what, advice = problem.what(language), said(what_to_do, problem, language)
        for sentence in (what, advice):
            assert sentence.endswith(end)
            assert not re.search(r"[{}]|None|Product\(", sentence), sentence
        assert what != advice


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_problem_names_its_rule_and_its_places(problem: Problem):
    assert problem.rule == (REFUSAL_RULES | WARNING_RULES)[problem.code]
    assert problem.is_refusal is (problem.code in REFUSALS)
    assert problem.places
    assert len(set(problem.places)) == len(problem.places)
    kinds = {place.partition(":")[0] for place in problem.places}
    assert kinds <= {"years", "quote", "holding", "addition"}


def test_every_place_exists():
    for scenario in all_scenarios():
        request = scenario.request
        places = {"years", "quote"}
        places |= {f"holding:{choice.holding.key}" for choice in request.holdings}
        places |= {f"addition:{addition.key}" for addition in request.additions}
        for problem in scenario.price().problems:
            assert set(problem.places) <= places, scenario.id


def names_in(text: str) -> set[str]:
    """The facts that the words mention."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
