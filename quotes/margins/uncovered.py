"""What of a month's quotes has neither a cost rate nor a cost of its own: what a manager may still enter."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models.fields.json import KeyTextTransform

from foundation.text.language import name_of
from licensing.models import User
from licensing.queries import products_by_code

from ..record.margins import Stage, standing_margins

MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A product, or lines of the reseller's own with one description."""

    name: str
    code: str
    """Of the product; empty: a line of the reseller's own."""
    lines: int
    amount: int
    """What they are offered at, yen, tax excluded."""


def uncovered_between(user: User, first: date, after: date) -> list[Uncovered]:
    """Of the quotes that were quoted from the first day until before the second one, for those who see margins: what
    sells most first. Two queries.
    """
    rows = standing_margins(user).filter(
        stage=Stage.QUOTED, rates_on__gte=first, rates_on__lt=after, uncovered_lines__gt=0
    )
    own = KeyTextTransform("free_lines", "quote__document")
    counted: dict[tuple[str, str], list[int]] = defaultdict(list)
    for lines, free in rows.order_by().annotate(own=own).values_list("lines", "own").iterator():
        described = [one["description"] for one in _read(free)]
        licenses = len(lines) - len(described)
        for place, line in enumerate(lines):
            if "percent" not in line and "unit_cost" not in line:
                code = line["product_code"]
                counted[code, "" if code else described[place - licenses]].append(line["amount"])
    products = products_by_code({code for code, _description in counted if code})
    found = [
        Uncovered(name_of(products[code]) if code in products else code or description, code, len(its), sum(its))
        for (code, description), its in counted.items()
    ]
    return sorted(found, key=lambda one: (-one.amount, one.code, one.name))


def _read(free: str | None) -> list[dict[str, str]]:
    """The own lines of a document, as the database gives them: a text, or nothing where there are none."""
    found: list[dict[str, str]] = json.loads(free) if free else []
    return found
