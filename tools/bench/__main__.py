"""Measure, and say which goals are met.

python -m tools.bench                              everything; prints a table and writes nothing
python -m tools.bench engine issue                 only these parts
python -m tools.bench --write docs/performance.md  also put the table into the page
python -m tools.bench --postgres holdings --rows 100000   on a PostgreSQL of its own, with so many rows
"""

import argparse
import os
import platform
import sys
from contextlib import nullcontext
from datetime import date
from pathlib import Path

from tools import catalog
from tools.with_postgres import running_postgres

from . import batch, decision, engine, holdings, impact, imports, issue, lists, paper, preview
from . import desk as desk_of_renewals
from .portal import portal
from .results import Result, as_markdown, as_text

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
PARTS = ("engine", "preview", "decision", "issue", "paper", "impact", "import", "holdings", "batch", "lists", "desk")


def measure(
    parts: list[str], *, quick: bool, database: Path | None = None, url: str = "", rows: int | None = None
) -> list[Result]:
    """`rows`: of files, and of the largest impact, where they are not to have as many as usual."""
    results: list[Result] = []
    if "engine" in parts:
        results += engine.measure(rounds=1, license_ids=5) if quick else engine.measure()
    if set(parts) - {"engine"}:
        with portal(database, url=url) as desk:
            if "preview" in parts:
                results += preview.measure(desk, rounds=1, warm_up=1) if quick else preview.measure(desk)
            if "decision" in parts:
                results += decision.measure(desk, rounds=1, warm_up=1) if quick else decision.measure(desk)
            if "issue" in parts:
                results += issue.measure(desk, rounds=1) if quick else issue.measure(desk)
            if "paper" in parts:
                document = issue.issued_document(desk)
                results += paper.measure(document, rounds=1) if quick else paper.measure(document)
            if "impact" in parts:
                sizes = (20, 60) if quick else (rows // 10, rows) if rows else impact.SIZES
                results += impact.measure(desk, sizes=sizes)
            if "import" in parts:
                results += imports.measure(desk, rows=80 if quick else rows or imports.ROWS)
            if "holdings" in parts:
                results += holdings.measure(desk, rows=80 if quick else rows or holdings.ROWS)
            if "batch" in parts:
                many = (2, 4) if quick else (rows // 10, rows) if rows else batch.SIZES
                results += batch.measure(desk, sizes=many, drawn=4 if quick else batch.DRAWN)
            if "lists" in parts:
                results += lists.measure(desk, rounds=1, sizes=lists.QUICK) if quick else lists.measure(desk, rows=rows)
            if "desk" in parts:
                sizes = (
                    (20, 60) if quick else (rows // desk_of_renewals.SPREAD, rows) if rows else desk_of_renewals.SIZES
                )
                rounds = 1 if quick else desk_of_renewals.TIMES
                results += desk_of_renewals.measure(desk, sizes=sizes, rounds=rounds)
    return results


def write_into(page: str, results: list[Result], machine: str) -> str:
    """The page with the table between its two marks. Raises ValueError where they are missing."""
    before, _, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"The page needs {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n\n{machine}\n\n{as_markdown(results)}\n\n{END}{after}"


def describe_machine() -> str:
    load = os.getloadavg()[0]
    return (
        f"{date.today().isoformat()}, {platform.python_implementation()} {platform.python_version()}, "
        f"{os.cpu_count()} cores, load average {load:.1f} when it began."
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; without one: all")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the table into this page")
    parser.add_argument("--quick", action="store_true", help="one round of each: says nothing, but runs everything")
    parser.add_argument("--database", type=Path, metavar="FILE", help="begin with a copy of this migrated SQLite file")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own instead of SQLite")
    parser.add_argument("--rows", type=int, help="of files, of the largest impact, and holdings in the larger lists")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    page = options.write.read_text(encoding="utf-8") if options.write else ""
    machine = describe_machine()
    catalog.compile_catalogues()
    # As in production the server learns by itself how full its tables are; tests do without.
    with running_postgres(autovacuum="on") if options.postgres else nullcontext("") as url:
        results = measure(
            options.parts or list(PARTS), quick=options.quick, database=options.database, url=url, rows=options.rows
        )
    print(f"{machine}\n\n{as_text(results)}")
    if options.write:
        options.write.write_text(write_into(page, results, machine), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
