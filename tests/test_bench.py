"""The bench runs all of its parts, and its table says what was measured. How fast it is, no test decides."""

import re
import subprocess
import sys

import pytest
from django.conf import settings

from tests.template import alone, template_file
from tools.bench.__main__ import BEGIN, END, write_into
from tools.bench.measure import time_in_turns, typical_ratio
from tools.bench.results import Result, as_markdown, as_text

ROWS = [
    "Engine: 4 products of one programme, one rank",
    "Engine: 4 products ranked singly",
    "Engine: 2 of one rank + 2 others",
    "Engine: 2 renewed + 2 added",
    "Engine: 4 reduced, compared with keeping",
    "Preview over HTTP",
    "Bare view over HTTP",
    "Preview : bare view, over HTTP",
    "Preview in process",
    "Bare view in process",
    "Preview : bare view, in process",
    "Decision sheet of 6 products, in the page",
    "Decision sheet, calculated : pricing of one preview",
    "Issue with PDF",
    "typst alone, reference",
    "Issue with PDF : reference",
    "WeasyPrint, comparable quote",
    "Drawing, reference",
    "Drawing wholly different quotes",
    "Drawing wholly different quotes : reference",
    "Drawing near-copies: number and days",
    "Drawing near-copies: number and days : reference",
    "Drawing near-copies: check code too : reference",
    "Impact of 60 renewals",
    "Impact: processor time of a row, largest : smallest",
    "Export of 80 rows as XLSX",
    "Import of 80 rows: preview",
    "Import of 80 rows: confirm",
    "Batch of 4 quotes, 1 workers, with PDF",
    "Batch : reference, quotes/s",
]


@pytest.mark.long
def test_a_quick_run_measures_everything():
    with alone("sqlite"):
        database = template_file()
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench", "--quick", "--database", str(database)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for row in ROWS:
        assert re.search(rf"^{re.escape(row)}  +(\d|not installed)", done.stdout, re.MULTILINE), (row, done.stdout)


def test_what_the_table_says():
    results = [
        Result("Fast enough", 23_456.4, "license IDs/s", at_least=20_000),
        Result("Too slow", 2.514, "x", at_most=2.5),
        Result("A figure", 8.391, "ms"),
        Result("Not there", 0, "ms", at_most=1, remark="not installed"),
    ]
    assert as_text(results).splitlines() == [
        "what         measured              goal      met",
        "-----------  --------------------  --------  ---",
        "Fast enough  23,456 license IDs/s  ≥ 20,000  yes",
        "Too slow     2.51 x                ≤ 2.5 x   no",
        "A figure     8.39 ms",
        "Not there    not installed         ≤ 1 ms",
    ]
    assert as_markdown(results[:1]) == (
        "| what | measured | goal | met |\n| --- | ---: | ---: | --- |\n"
        "| Fast enough | 23,456 license IDs/s | ≥ 20,000 | yes |"
    )


def test_the_table_replaces_the_one_before():
    page = f"# Page\n\n{BEGIN}\nold\n{END}\n\nEnd\n"
    written = write_into(page, [Result("A", 1.5, "x")], "machine")
    assert written == (
        f"# Page\n\n{BEGIN}\n\nmachine\n\n| what | measured | goal | met |\n| --- | ---: | ---: | --- |\n"
        f"| A | 1.50 x |  |  |\n\n{END}\n\nEnd\n"
    )
    with pytest.raises(ValueError, match=r"The page needs <!-- bench: begin --> and <!-- bench: end -->\."):
        write_into("no marks", [], "machine")


def test_the_things_compared_take_turns():
    calls: list[str] = []
    ticks = iter(range(1000))
    seconds = time_in_turns(
        {"one": lambda: calls.append("one"), "other": lambda: calls.append("other")},
        rounds=5,
        warm_up=2,
        clock=lambda: next(ticks),
    )
    assert [len(taken) for taken in seconds.values()] == [5, 5]
    assert all(sorted(calls[turn : turn + 2]) == ["one", "other"] for turn in range(0, len(calls), 2))
    assert len(calls) == 14


def test_a_ratio_is_taken_round_by_round():
    assert typical_ratio([2.0, 30.0, 4.0], [1.0, 10.0, 4.0]) == 2.0
