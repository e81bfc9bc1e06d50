"""Refusals and warnings: their codes, and their words in both languages (R17)."""

import re
from string import Formatter

import pytest

from pricing.engine.problem_wording import PROBLEM_WORDS
from pricing.engine.problems import REFUSAL_RULES, WARNING_RULES, Problem
from pricing.engine.wording import RANK_REASONS, STEP_WORDS, Language, Text

from .scenarios import all_scenarios

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
}
WARNINGS = {"rank-basis-tie", "mixed-programmes", "reduction-does-not-save", "support-expired", "segment-differs"}
VARIANTS = {
    "term-out-of-programme",
    "no-ranks",
    "no-price-list",
    "product-replaced",
    "reduction-saves-nothing",
    "segment-unknown",
}
"""Other words for a code in a special case."""

ENDS: dict[Language, str] = {"ja": "。", "en": "."}

PROBLEMS = [
    pytest.param(problem, id=f"{scenario.id}: {problem.words or problem.code}")
    for scenario in all_scenarios()
    for problem in scenario.price().problems
]
TEXTS = [
    *((name, text) for name, texts in PROBLEM_WORDS.items() for text in texts),
    *((name, text) for name, (text, _) in STEP_WORDS.items()),
    *RANK_REASONS.items(),
]


def test_the_codes_are_the_stable_ones():
    """Forms, records of quotes and other programs rely on them: a code may be added, never changed."""
    assert set(REFUSAL_RULES) == REFUSALS
    assert set(WARNING_RULES) == WARNINGS


def test_every_code_has_words():
    assert set(PROBLEM_WORDS) == REFUSALS | WARNINGS | VARIANTS


def test_every_kind_of_words_is_shown_by_a_scenario():
    shown = {problem.words or problem.code for scenario in all_scenarios() for problem in scenario.price().problems}
    assert set(PROBLEM_WORDS) - shown == set()


@pytest.mark.parametrize(("name", "text"), TEXTS)
def test_both_languages_mention_the_same_facts_in_the_same_form(name: str, text: Text):
    """But for the unit, which only Japanese needs, and the programme's name, of which there are two."""
    assert set(text) == set(ENDS)
    assert all(text.values())
    only_japanese = {("unit", "")}
    in_english = {
        (name.replace("programme.english", "programme.name"), form) for name, form in placeholders(text["en"])
    }
    assert set(placeholders(text["ja"])) - only_japanese == in_english


@pytest.mark.parametrize("problem", PROBLEMS)
def test_what_is_wrong_and_what_to_do(problem: Problem):
    for language, end in ENDS.items():
        what, what_to_do = problem.what(language), problem.what_to_do(language)
        for sentence in (what, what_to_do):
            assert sentence.endswith(end)
            assert not re.search(r"[{}]|None|Product\(", sentence), sentence
        assert what != what_to_do


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


def placeholders(text: str) -> list[tuple[str, str]]:
    """What the words mention, each with its form: `("quantity", ",")`."""
    return [(name, form or "") for _, name, form, _ in Formatter().parse(text) if name is not None]
