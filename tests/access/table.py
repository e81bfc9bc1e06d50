"""Reads the access table, docs/access.md: who is answered what at which address."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

FILE = Path(settings.BASE_DIR, "docs", "access.md")
ROLES = (
    "anonymous",
    "contact A",
    "contact B",
    "staff A",
    "staff B",
    "manager A",
    "price admin",
    "portal admin",
)
HEADER = ("address", "methods", "object", *ROLES)
OUTCOMES = {"ok", "log-in", "confirm", "away", "403", "404", "405", "410", "429", "?"}
METHODS = {"GET", "POST"}


@dataclass(frozen=True)
class Row:
    """One row, for one address: a row with braces was several."""

    address: str
    methods: tuple[str, ...]
    kind: str
    """Of the object that the address has; empty without one."""
    cells: dict[str, tuple[str, ...]] = field(hash=False)
    """By role: one answer for all objects, or one for each."""
    line: int


def read_table() -> list[Row]:
    """Every row. Raises ValueError, with the line, for what is not written as docs/access.md says."""
    rows = []
    width = 0
    for number, text in enumerate(FILE.read_text(encoding="utf-8").splitlines(), start=1):
        cells = [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", text)[1:-1]]
        if cells and cells[0] == "address":
            if tuple(cells) != HEADER:
                raise ValueError(f"docs/access.md:{number}: the columns are {' | '.join(HEADER)}")
            width = len(HEADER)
        elif not cells:
            width = 0
        elif width and not cells[0].startswith("---"):
            rows += _rows(cells, number)
    return rows


def _rows(cells: list[str], line: int) -> list[Row]:
    where = f"docs/access.md:{line}"
    if len(cells) != len(HEADER):
        raise ValueError(f"{where}: {len(cells)} cells instead of {len(HEADER)}")
    methods = tuple(cells[1].split())
    if not methods or not METHODS.issuperset(methods):
        raise ValueError(f"{where}: methods are GET, POST or GET POST, not {cells[1]!r}")
    answers = {role: tuple(cell.split("/")) for role, cell in zip(ROLES, cells[3:], strict=True)}
    for role, parts in answers.items():
        if not OUTCOMES.issuperset(parts):
            raise ValueError(f"{where}: {role}: {'/'.join(parts)!r} is not made of {', '.join(sorted(OUTCOMES))}")
    kind = "" if cells[2] == "-" else cells[2]
    return [Row(address, methods, kind, answers, line) for address in expand(cells[0].strip("`"))]


def expand(text: str) -> list[str]:
    """`a_{b,c}_{d,e}` as a shell would write it out: four names."""
    found = re.search(r"\{([^{}]+)\}", text)
    if not found:
        return [text]
    before, after = text[: found.start()], text[found.end() :]
    return [name for part in found[1].split(",") for name in expand(f"{before}{part.strip()}{after}")]
