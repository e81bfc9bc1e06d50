"""Measure, and say which goals are met.

python -m tools.bench                              everything; prints a table and writes nothing
python -m tools.bench engine issue                 only these parts
python -m tools.bench --write docs/performance.md  also put the table into the page
python -m tools.bench holdings --rows 100000       with so many rows
"""

import argparse
import os
import platform
import sys
from datetime import date
from pathlib import Path

from tools import catalog

from .parts import PARTS, measure, measure_apart
from .results import Result, as_markdown, as_text

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


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
    parser.add_argument("--postgres", action="store_true", help="all on PostgreSQL, not only what is about many rows")
    parser.add_argument("--rows", type=int, help="of files, of the largest impact, and holdings in the larger lists")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    page = options.write.read_text(encoding="utf-8") if options.write else ""
    machine = describe_machine()
    catalog.compile_catalogues()
    parts = options.parts or list(PARTS)
    if options.quick:
        results = measure(parts, quick=True, database=options.database)
    else:
        found = measure_apart(parts, database=options.database, postgres=options.postgres, rows=options.rows)
        results = [result for group in found for result in group]
    print(f"{machine}\n\n{as_text(results)}")
    if options.write:
        options.write.write_text(write_into(page, results, machine), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
