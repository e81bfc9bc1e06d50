"""The parts of the bench, and where each is measured."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from pathlib import Path

from tools.with_postgres import running_postgres

from . import batch, decision, engine, holdings, impact, imports, issue, lists, paper, preview
from . import desk as desk_of_renewals
from .portal import portal
from .results import Result

GROUPS = (
    ("engine",),
    ("preview", "decision", "issue", "paper"),
    ("impact",),
    ("import",),
    ("holdings",),
    ("batch",),
    ("lists",),
    ("desk",),
)
"""Parts that may be measured on one database."""
PARTS = tuple(part for group in GROUPS for part in group)
ON_POSTGRESQL = frozenset({"holdings", "batch", "lists", "desk"})
"""Many rows are for PostgreSQL: it has the indexes of words and the second worker."""


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


def measure_apart(
    parts: Sequence[str], *, database: Path | None, postgres: bool, rows: int | None
) -> Iterator[list[Result]]:
    """Each group of parts in a process and a database of its own: the hundred thousand license IDs of one part, and the
    work that they leave, would be in what the next one measures.
    """
    apart = multiprocessing.get_context("spawn")
    for group in GROUPS:
        if own := [part for part in group if part in parts]:
            on_postgres = postgres or not ON_POSTGRESQL.isdisjoint(own)
            with ProcessPoolExecutor(1, mp_context=apart) as pool:
                yield pool.submit(measure_group, own, database, on_postgres, rows).result()


def measure_group(parts: list[str], database: Path | None, postgres: bool, rows: int | None) -> list[Result]:
    # As in production the server learns by itself how full its tables are; tests do without.
    with running_postgres(autovacuum="on") if postgres else nullcontext("") as url:
        return measure(parts, quick=False, database=None if postgres else database, url=url, rows=rows)
