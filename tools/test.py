"""Runs the tests: all of them on SQLite, and at the same time those in which databases differ on PostgreSQL.

    python -m tools.test [--on sqlite|postgresql] [--no-browser] [arguments for pytest]

Why only some run twice: docs/decisions/, "Tests on two databases".
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from tools import catalog
from tools.with_postgres import PostgresMissing, running_postgres

DATABASES = ("sqlite", "postgresql")
NOTHING_COLLECTED = 5
MOST_CORES = 4
"""More do not help: what is slowest is begun first, and takes as long as it takes."""
WORKERS_FOR_A_CORE = {"sqlite": 1.5, "postgresql": 0.5}
"""Together two for each core: browsers, killed workers and locks are waited for half of the time."""
SLOWEST = 20
"""How many of the slowest tests are named at the end: who adds a slow one shall see it."""


@dataclass(frozen=True)
class Outcome:
    database: str
    exit_code: int
    seconds: float = 0
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        return f"{self.database}: {self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def run_pytest(
    database: str, arguments: list[str], environment: dict[str, str], *, workers: int, output: IO[bytes] | None = None
) -> Outcome:
    """Run pytest; what it says is shown as it comes, or written to `output`."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.xml"
        command = [sys.executable, "-m", "pytest", f"--junit-xml={results}", f"--durations={SLOWEST}", *arguments]
        if not any(argument.startswith("-n") or argument == "--pdb" for argument in arguments):
            # Whoever is done takes over half of what another has still before it: nobody waits for the last ones.
            command += ["-n", str(workers), "--dist", "worksteal"]
        started = time.monotonic()
        make_template(environment, output)
        environment = environment | {"EXPECT_DATABASE": database}
        exit_code = subprocess.run(command, env=environment, stdout=output, stderr=output, check=False).returncode
        seconds = time.monotonic() - started
        counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
        if results.exists():
            for suite in ElementTree.parse(results).getroot().iter("testsuite"):
                for name in counts:
                    counts[name] += int(suite.get(name, 0))
    failed = counts["failures"] + counts["errors"]
    passed = counts["tests"] - failed - counts["skipped"]
    return Outcome(database, exit_code, seconds, passed, failed, counts["skipped"])


def run_all(databases: Sequence[str], arguments: list[str]) -> list[Outcome]:
    environments: dict[str, dict[str, str]] = {}
    with ExitStack() as servers:
        for database in databases:
            # Code that is compiled is kept: each process would compile all tests anew.
            environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
            environment.pop("DATABASE_URL", None)
            try:
                if database == "postgresql":
                    environment["DATABASE_URL"] = servers.enter_context(running_postgres())
                environments[database] = environment
            except PostgresMissing as error:
                print(error, file=sys.stderr)
        ended = run_at_once(environments, arguments)
        return [ended.get(database, Outcome(database, exit_code=1)) for database in databases]


def workers_for(database: str) -> int:
    cores = min(os.cpu_count() or 1, MOST_CORES)
    return max(1, int(cores * WORKERS_FOR_A_CORE[database]))


def run_at_once(environments: dict[str, dict[str, str]], arguments: list[str]) -> dict[str, Outcome]:
    """Where one waits for a browser or a lock, another has the core. What the first says is shown as it comes, what the
    others say when they have ended.
    """
    if "--pdb" in arguments:
        return {name: run_pytest(name, arguments, own, workers=1) for name, own in environments.items()}
    if not environments:
        return {}
    (first, environment), *others = environments.items()
    with ThreadPoolExecutor() as threads, ExitStack() as files:
        outputs = {name: files.enter_context(tempfile.TemporaryFile()) for name, _environment in others}
        running = {
            name: threads.submit(
                run_pytest, name, arguments, own, workers=workers_for(name), output=outputs[name]
            )
            for name, own in others
        }  # fmt: skip
        print(f"\n--- Tests on {first} ---", flush=True)
        ended = {first: run_pytest(first, arguments, environment, workers=workers_for(first))}
        for name, run in running.items():
            ended[name] = run.result()
            print(f"\n--- Tests on {name} ---", flush=True)
            outputs[name].seek(0)
            print(outputs[name].read().decode(errors="replace"), end="", flush=True)
    return ended


def make_template(environment: dict[str, str], output: IO[bytes] | None) -> None:
    """Migrate the database that tests begin with; where it is there already, nobody waits for another's."""
    command = [sys.executable, "-m", "tests.template"]
    subprocess.run(command, env=environment, stdout=output, stderr=output, check=False)  # what goes wrong the tests say


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the tests", allow_abbrev=False)
    parser.add_argument("--on", choices=DATABASES, help="on this database only")
    options, arguments = parser.parse_known_args()
    catalog.compile_catalogues()
    outcomes = run_all([options.on] if options.on else DATABASES, arguments)
    # A selection such as -k may hold no test with a database; without a selection there must be some.
    chose = bool(arguments) and any(outcome.exit_code == 0 for outcome in outcomes)
    print()
    for outcome in outcomes:
        note = "" if outcome.exit_code in {0, 1} else f" (pytest ended with {outcome.exit_code})"
        print(f"{outcome.database} took {outcome.seconds:.0f} s{note}")
    for outcome in outcomes:
        print(outcome)
    good = {0, NOTHING_COLLECTED} if chose else {0}
    return 0 if all(outcome.exit_code in good for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
