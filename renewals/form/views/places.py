"""The places of the form's page that a calculation changes: the page tells what stands there, the answer what differs.

Each place has a mark of what stands in it. The page sends the marks back with what was typed, and only those places are
swapped whose mark is another one now: nothing else on the page moves, and nobody reads out what stayed.
"""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from .block import Block
from .changes import DifferencesView
from .sheet import Sheet

Marks = Mapping[str, str]
"""Place to mark. What is empty has none."""


def marks_of(sheet: Sheet, differences: DifferencesView | None) -> Marks:
    """What stands at each place now."""
    count = len(sheet.refusals)
    values: dict[str, Any] = {
        "total-bar": (sheet.total, sheet.unread, count),
        "all-years": sheet.totals_by_years,
        "differences": differences
        and (differences.held, differences.changed, differences.same, differences.terms, differences.new_total),
    }
    if (approval := sheet.approval) is not None:
        values["issue-act"] = (approval.asks, approval.is_waiting)
    values |= sheet.errors
    for block in sheet.blocks:
        values |= _of_block(block, is_several=sheet.form.is_several)
    return {place: _mark(value) for place, value in values.items() if value}


def as_text(marks: Marks) -> str:
    """As the page sends it back."""
    return " ".join(f"{place}:{mark}" for place, mark in marks.items())


def changed_places(marks: Marks, shown: str | None) -> Collection[str]:
    """The places at which something else stands than what the page showed; all where it did not tell."""
    if shown is None:
        return Everywhere()
    before = dict(pair.split(":") for pair in shown.split() if pair.count(":") == 1)
    return {place for place in {*marks, *before} if marks.get(place) != before.get(place)}


class Everywhere(Collection[str]):
    """Every place, whatever it is called."""

    def __contains__(self, place: object) -> bool:
        return True

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


def _of_block(block: Block, *, is_several: bool) -> dict[str, Any]:
    places = block.places
    values: dict[str, Any] = {
        places["first_term"]: block.first_term,
        places["terms"]: [total for _years, total, _is_chosen in block.terms],
        places["term_limit"]: block.term_limit,
    }
    if is_several:
        head = (block.subtotal, block.years, len(block.refusals), block.unread, block.part.is_left_out)
        values[places["head"]] = head
    for row in block.holdings:
        values[row.rank_place] = (row.rank_before, row.rank_now, row.is_renewed)
    return values


def _mark(value: Any) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:8]
