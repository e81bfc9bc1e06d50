"""The thirteen questions of CONTRIBUTING.md: the files that they name are there, and have in them what is named."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from pricing.engine import values

ROOT = Path(settings.BASE_DIR)
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECTION = PAGE[PAGE.index("## Where would I change …") : PAGE.index("## Tests")]
ROWS = {
    question.strip(): re.findall(r"\[[^\]]+\]\(([^)]+)\) `([^`]+)`", where)
    for question, where in re.findall(r"^\| ([^|]+) \| ([^|]+\.[^|]+) \|$", SECTION, re.MULTILINE)
}
MOST_FILES = {
    "the longest term: a seventh year": 2,
    "how a programme's ranks are decided: another way": 4,
    "the columns of the price file: another one": 6,
    "what a price table keeps, once or of each rank: another column": 6,
    "what stands on the PDF: a customer's order number, say": 6,
}


def test_there_are_thirteen_questions():
    assert len(ROWS) == 13
    assert set(MOST_FILES) <= set(ROWS)


@pytest.mark.parametrize("question", ROWS)
def test_an_answer_leads_to_what_it_names(question: str):
    """Whoever moves one of these takes the row of CONTRIBUTING.md along."""
    assert ROWS[question]
    for file, name in ROWS[question]:
        assert (ROOT / file).is_file(), f"{question}: {file} is not there (CONTRIBUTING.md)"
        text = (ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"\b{re.escape(name)}\b", text), f"{question}: {file} has no {name} (CONTRIBUTING.md)"


@pytest.mark.parametrize("question", ROWS)
def test_every_file_that_an_answer_links_names_what_to_look_for(question: str):
    line = next(line for line in SECTION.splitlines() if line.startswith(f"| {question} |"))
    assert len(re.findall(r"\]\(", line)) == len(ROWS[question])


@pytest.mark.parametrize("question", MOST_FILES)
def test_a_change_goes_through_few_files(question: str):
    assert len({file for file, _ in ROWS[question]}) <= MOST_FILES[question]


def test_the_longest_term_is_written_down_once():
    """Whatever else asks for it takes it from `pricing/engine/values.py`, or from the settings that do."""
    number = values.MOST_YEARS
    pattern = re.compile(
        rf"MOST_YEARS = |LONGEST_TERM = |years\w* ?(?:<=|__lte=|==) ?{number}\b|range\([12], ?{number + 1}\)"
    )
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for room in ("config", "foundation", "licensing", "pricing", "renewals", "quotes")
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if pattern.search(line)
    ]
    assert found == [
        "config/settings.py: LONGEST_TERM = MOST_YEARS",
        f"pricing/engine/values.py: MOST_YEARS = {number}",
    ]
