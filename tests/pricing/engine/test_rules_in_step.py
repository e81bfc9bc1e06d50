"""The rules page, the engine and the scenarios name the same rules, codes and numbers."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pricing.engine.quote import explain_quote, price_quote
from pricing.engine.rulebook import REFUSAL_RULES, RULE_NAMES, WARNING_RULES, rule_name
from pricing.engine.trace import explain

from .sample_tables import ROOT
from .scenarios import FOLDER, all_quotes, all_scenarios, scenario_named, work_out

PAGE = ROOT / "docs" / "pricing-rules.md"
GLOSSARY = ROOT / "docs" / "glossary.md"
RULES = [f"R{number}" for number in range(1, 24)]
NOT_BUILT: list[str] = []
"""Decided rules that the portal does not have yet. Whoever builds one takes it from here, and from the page's lists."""
ENGINE_RULES = [*RULES[:15], "R18", "R19", "R20", "R22", "R23"]
OUTSIDE_THE_ENGINE = {"R21"}


def section(title: str) -> str:
    """The text below a heading that begins so, up to the next heading of its kind."""
    [found] = re.findall(rf"^#+ {title}.*\n((?:(?!#+ ).*\n)+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert isinstance(found, str)
    return found


def rows(title: str) -> Iterator[list[str]]:
    """The rows of a section's table, without its head."""
    table = [line for line in section(title).splitlines() if line.startswith("|")]
    for line in table[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


EXAMPLES = {row[0]: row for row in rows("Worked examples")}


def number(text: str) -> int:
    return int(text.replace(",", ""))


def test_the_page_has_a_section_for_every_rule_in_order():
    assert re.findall(r"^## (R\d+) · \S", PAGE.read_text(encoding="utf-8"), re.MULTILINE) == RULES


def test_every_rule_has_the_name_that_stands_on_the_page():
    headings = dict(re.findall(r"^## (R\d+) · (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    japanese = {rule: re.findall(r"^- \*\*In Japanese\*\* (.+)$", section(f"{rule} ·"), re.MULTILINE) for rule in RULES}
    assert {rule: name["en"] for rule, name in RULE_NAMES.items()} == headings
    assert {rule: [name["ja"]] for rule, name in RULE_NAMES.items()} == japanese
    for language in ("en", "ja"):
        assert len({name[language] for name in RULE_NAMES.values()}) == len(RULES), "two rules of one name"


def test_every_rule_that_a_scenario_or_a_step_names_has_a_name():
    shown = {rule for scenario in all_scenarios() for rule in scenario.rules}
    shown |= {step.rule for scenario in all_scenarios() for step in explain(scenario.price())}
    assert shown - set(RULE_NAMES) == set()
    assert [rule_name(rule, "ja") for rule in ("R6", "R99")] == ["最多の製品によるランク", "R99"]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_says_whose_it_is_and_where_it_lives(rule: str):
    text = section(f"{rule} ·")
    source = re.search(r"^- \*\*Source\*\* (V|D)\b(.*(?:\n  .*)*)", text, re.MULTILINE)
    assert source
    decided = source[1] == "D" or " D:" in source[2]
    assert not decided or ": " in source[2], "a decision needs its reason"
    is_built = re.search(r"^- \*\*Code\*\* \[\w+\.py\]", text, re.MULTILINE) is not None
    assert is_built is (rule not in NOT_BUILT)
    assert ("- **Not built yet**" in text) is (rule in NOT_BUILT)
    if not is_built:
        assert "tests/scenarios/" not in text
        return
    assert rule in OUTSIDE_THE_ENGINE or "- **Scenarios** [" in text


@pytest.mark.parametrize("page", [PAGE, GLOSSARY, FOLDER / "README.md"], ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path):
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_scenarios_that_a_rule_links_show_that_rule():
    shown: dict[str, set[str]] = {}
    for scenario in all_scenarios():
        shown.setdefault(scenario.file, set()).update(scenario.rules)
    wrong = []
    for rule in RULES:
        for file in re.findall(r"tests/scenarios/(\w+)\.toml", section(f"{rule} ·")):
            if rule not in shown[file]:
                wrong.append((rule, file))
    assert wrong == []


def test_every_scenario_file_is_linked_from_the_page():
    linked = set(re.findall(r"tests/scenarios/(\w+)\.toml", PAGE.read_text(encoding="utf-8")))
    assert linked == {path.stem for path in FOLDER.glob("*.toml")}


def test_every_scenario_names_rules_that_exist():
    assert {rule for scenario in all_scenarios() for rule in scenario.rules} <= set(RULES) - set(NOT_BUILT)
    assert [scenario.id for scenario in all_scenarios() if not scenario.rules] == []


@pytest.mark.parametrize("rule", ENGINE_RULES)
def test_every_rule_of_the_engine_has_a_scenario(rule: str):
    assert any(rule in scenario.rules for scenario in all_scenarios())


def test_a_scenario_names_the_rules_of_its_problems():
    """The rule of every refusal is among those that the scenario shows, so that it is found by its rule."""
    wrong = [
        (scenario.id, wanted["code"])
        for scenario in all_scenarios()
        for wanted in scenario.expected.get("problems", [])
        if REFUSAL_RULES.get(wanted["code"], scenario.rules[0]) not in scenario.rules
    ]
    assert wrong == []


def test_the_engine_names_no_rule_that_does_not_exist():
    named = {
        (path.name, rule)
        for path in (ROOT / "pricing" / "engine").rglob("*.py")
        for rule in re.findall(r"\bR\d+\b", path.read_text(encoding="utf-8"))
    }
    assert {(name, rule) for name, rule in named if rule not in RULES} == set()


def test_every_step_and_every_problem_names_a_rule_of_the_page():
    steps = {step.rule for scenario in all_scenarios() for step in explain(scenario.price())}
    steps |= {step.rule for quote in all_quotes() for part in explain_quote(quote.price()) for step in part.steps}
    assert steps | set(REFUSAL_RULES.values()) | set(WARNING_RULES.values()) == set(ENGINE_RULES)


def test_the_codes_of_the_page_are_those_of_the_engine():
    on_the_page = [(code.strip("`"), rule, kind) for code, rule, kind, _ in rows("Codes")]
    assert sorted(on_the_page) == sorted(
        [(code, rule, "refusal") for code, rule in REFUSAL_RULES.items()]
        + [(code, rule, "warning") for code, rule in WARNING_RULES.items()]
    )
    assert all(meaning.endswith(".") for *_, meaning in rows("Codes"))


def test_every_code_is_expected_by_a_scenario():
    expected = {
        wanted["code"] for one in (*all_scenarios(), *all_quotes()) for wanted in one.expected.get("problems", [])
    }
    assert expected == set(REFUSAL_RULES) | set(WARNING_RULES)


@pytest.mark.parametrize("code", sorted(REFUSAL_RULES | WARNING_RULES))
def test_a_code_is_told_in_the_section_of_its_rule(code: str):
    assert f"`{code}`" in section(f"{(REFUSAL_RULES | WARNING_RULES)[code]} ·")


def test_the_page_shows_every_worked_example():
    shown = [scenario.id for scenario in all_scenarios() if scenario.file == "examples"]
    quotes = [quote.id for quote in all_quotes() if quote.file == "examples"]
    assert sorted(EXAMPLES) == sorted([*shown, *quotes])
    beside = {row[0] for row in rows("After the order")}
    assert {name.split()[0] for name in EXAMPLES} == {f"E{place}" for place in range(1, 18)} - beside


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_numbers_of_the_page_are_what_the_engine_says(name: str):
    _, situation, ranks, lines, subtotal, tax, total, problems = EXAMPLES[name]
    quote = next((one for one in all_quotes() if one.id == name), None)
    scenario = quote or scenario_named(name)
    pricing = quote.price() if quote else price_quote([scenario.request], scenario.price_tables)
    found = [one.problem.code for one in (*pricing.refusals, *pricing.warnings)]
    assert re.findall(r"`([\w-]+)`", problems) == found
    if not lines:
        assert pricing.is_refused
        assert (ranks, subtotal, tax, total) == ("", "", "", "")
        return
    sums = [line.split(" = ") for line in lines.split("; ")]
    assert [number(amount) for _, amount in sums] == [line.amount.amount for line in pricing.lines]
    assert [int(work_out(working)) for working, _ in sums] == [line.amount.amount for line in pricing.lines]
    assert ranks.split(", ") == [line.rank.rank.rank for line in pricing.lines]
    assert [number(cell) for cell in (subtotal, tax, total)] == [pricing.subtotal, pricing.tax, pricing.total]
    keeping = re.search(r"\(keeping \w+: ([\d,]+)\)", situation)
    kept = [part.comparison.kept for part in pricing.parts if part.comparison]
    assert ([number(keeping[1])] if keeping else []) == kept


@pytest.mark.parametrize("row", list(rows("R2 ·")), ids=lambda row: f"{row[0]}, {row[1]} years")
def test_the_periods_of_the_page_are_shown_by_scenarios(row: list[str]):
    old_end, years, term_from, term_until = row
    shown = {
        tuple(map(str, (line.term.follows, line.term.years, line.term.term_from, line.term.term_until)))
        for scenario in all_scenarios()
        for line in scenario.price().lines
    }
    assert (old_end, years, term_from, term_until) in shown


def test_the_glossary_names_what_is_in_the_code():
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for app in ("foundation", "licensing", "pricing", "quotes", "renewals")
        for path in (ROOT / app).rglob("*.py")
    )
    table_rows = re.findall(r"^\| [^|]+ \| [^|]+ \| ([^|]*) \|[^|]*\|$", GLOSSARY.read_text("utf-8"), re.MULTILINE)
    names = {name.lstrip(".") for cell in table_rows for name in re.findall(r"`([\w.]+)`", cell)}
    assert len(names) > 40
    words = set(re.findall(r"\w+", code))
    assert {name for name in names if not set(name.split(".")) <= words} == set()
