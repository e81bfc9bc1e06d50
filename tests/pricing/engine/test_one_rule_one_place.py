"""Each rule of the engine lies in one file, and values of many parts are made by name."""

import ast
import re
from pathlib import Path

import pytest

from pricing.engine.rulebook import FILES, OUTSIDE, PROBLEM_KINDS, RANK_RULES, RULE_NAMES
from pricing.engine.values import RankBasis

from .sample_tables import ROOT

ENGINE = ROOT / "pricing" / "engine"
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(ENGINE.rglob("*.py"))}
CONSTANTS = {
    path: {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    for path, tree in TREES.items()
}
RULES = sorted((ENGINE / "rules").glob("r*.py"))


def test_every_file_of_a_rule_is_in_the_book():
    assert [Path(file.__file__).name for file in FILES if file.__file__] == [path.name for path in RULES]
    numbers = [f"R{int(path.name[1:3])}" for path in RULES]
    assert {*numbers, *(rule.number for rule in OUTSIDE)} == set(RULE_NAMES)


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_a_file_names_its_rule_and_no_other(path: Path):
    number = f"R{int(path.name[1:3])}"
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"= Rule\(\"(R\d+)\"", text) == [number]
    assert re.search(rf"\A\"\"\"{number}: \w", text)


@pytest.mark.parametrize("code", sorted(PROBLEM_KINDS))
def test_a_code_stands_in_the_file_of_its_rule_only(code: str):
    """Elsewhere in the engine a problem is known by its kind; the linter's codes are others."""
    holding = {path.name for path, texts in CONSTANTS.items() if code in texts and path.name != "finding.py"}
    assert {f"R{int(name[1:3])}" for name in holding if name.startswith("r")} == {PROBLEM_KINDS[code].rule.number}
    assert holding - {path.name for path in RULES} <= {"lint.py"}


def test_every_way_to_decide_ranks_has_its_rule():
    assert [basis for basis, _ in RANK_RULES] == list(RankBasis)


def test_nothing_takes_five_values_by_position():
    by_position = []
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and len(node.args) > 4:
                by_position.append(f"{path.name}:{node.lineno}")
            if isinstance(node, ast.FunctionDef) and len([arg for arg in node.args.args if arg.arg != "self"]) > 4:
                by_position.append(f"{path.name}:{node.lineno} {node.name}")
    assert by_position == []
