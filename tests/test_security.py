"""docs/security.md names tests that exist, and leaves no heading without one."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
IPA = 11
CHAPTERS = {1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16}
"""Of the ASVS 5.0; without self-contained tokens and WebRTC."""


def rows() -> dict[str, list[tuple[str, list[str]]]]:
    """What is done and the tests that prove it, by heading."""
    found: dict[str, list[tuple[str, list[str]]]] = {}
    heading = ""
    for line in TEXT.splitlines():
        if line.startswith("### "):
            heading = line.removeprefix("### ")
            found[heading] = []
        elif line.startswith("## "):
            heading = ""
        elif heading and line.startswith("| ") and not line.startswith("| what we do"):
            what, proved_by = (cell.strip() for cell in line.strip("|").split(" | "))
            found[heading].append((what, re.findall(r"`([^`]+)`", proved_by)))
    return found


TESTS = sorted({test for table in rows().values() for _what, tests in table for test in tests})


def test_every_heading_is_there() -> None:
    numbers = [int(found[1]) for heading in rows() if (found := re.match(r"(\d+)\. ", heading))]
    chapters = {int(found[1]) for heading in rows() if (found := re.match(r"V(\d+) ", heading))}
    assert numbers == list(range(1, IPA + 1))
    assert chapters == CHAPTERS


def test_no_heading_and_no_row_is_without_a_test() -> None:
    assert [heading for heading, table in rows().items() if not table] == []
    assert [what for table in rows().values() for what, tests in table if not tests] == []


@pytest.mark.parametrize("file", sorted({test.partition("::")[0] for test in TESTS}))
def test_every_test_exists(file: str) -> None:
    path = ROOT / "tests" / file
    assert path.is_file(), f"docs/security.md names tests/{file}"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    there = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    there |= {f"{one.name}::{node.name}" for one in classes for node in one.body if isinstance(node, ast.FunctionDef)}
    named = {test.partition("::")[2] for test in TESTS if test.startswith(f"{file}::")}
    assert named - there == set()
