"""What the engine says stays as it is, to the letter, in both languages: issued quotes keep it (see sentences.toml)."""

import tomllib
from pathlib import Path
from typing import Any

from pricing.engine.problems import Problem
from pricing.engine.step import Step
from pricing.engine.trace import explain, rank_reason

from .scenarios import all_scenarios

SENTENCES = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))


def said_of(problem: Problem) -> dict[str, str]:
    return {"en": problem.what("en"), "ja": problem.what("ja")}


def told_by(step: Step) -> dict[str, str]:
    told = {"en": step.text("en"), "ja": step.text("ja"), "result": step.result}
    english, japanese = step.result_in("en"), step.result_in("ja")
    return told if english == japanese else {**told, "result_en": english, "result_ja": japanese}


def test_every_kind_of_sentence_reads_as_it_always_did():
    """Of each kind the first that a scenario shows: problems, steps of the trace, and what decided a rank."""
    found: dict[str, Any] = {}
    for scenario in all_scenarios():
        pricing = scenario.price()
        for problem in pricing.problems:
            found.setdefault(f"problem {problem.words}", said_of(problem))
        for step in explain(pricing):
            found.setdefault(f"step {step.rule} {step.step}", told_by(step))
        for line in pricing.lines:
            reason = {"en": rank_reason(line, "en"), "ja": rank_reason(line, "ja")}
            made_of = " made of" if "（" in reason["ja"] else ""
            found.setdefault(f"reason {line.rank.rule}{made_of}", reason)
    assert found == SENTENCES
