"""What is left of quotes, on pages for whoever sees margins."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

from licensing.models import User

from ..margins.queries import stages_by_quote
from ..models import Quote, QuoteMargin
from ..record.margins import Figures, StageMargins, stages_of

register = template.Library()


@register.filter
def margin_stage(stage: str) -> str:
    """What a stage is called."""
    return str(QuoteMargin.Stage(stage).label)


@register.simple_tag
def margins_of(user: User, quote: Quote) -> list[tuple[StageMargins, int | None]]:
    """All stages of a quote, each with how the margin moved since the one before, where both are of the same lines.
    None for whoever does not see margins; one query for who does.
    """
    found: list[tuple[StageMargins, int | None]] = []
    before: Figures | None = None
    for stage in stages_of(user, quote) if user.sees_margins else ():
        now = stage.figures
        found.append((stage, _moved(before, now)))
        before = now or before
    return found


def _moved(before: Figures | None, now: Figures | None) -> int | None:
    if not (before and now) or (before.subtotal, before.covered) != (now.subtotal, now.covered):
        return None
    return None if before.margin is None or now.margin is None else now.margin - before.margin


@register.filter
def line_name(document: Mapping[str, Any], number: int) -> str:
    """What a line of the quote is called, by its number; the reseller's own stand behind the others."""
    lines = document["lines"]
    if number <= len(lines):
        return str(lines[number - 1]["product_name"])
    return str(document["free_lines"][number - len(lines) - 1]["description"])


@register.simple_tag
def margins_of_many(user: User, quotes: Iterable[Quote]) -> Mapping[int, tuple[str, Figures]]:
    """The last stage of each quote of a page, by the number of its row; none for whoever does not see margins."""
    if not user.sees_margins:
        return {}
    found = stages_by_quote(user, list(quotes)).items()
    last = {number: max(stages, key=QuoteMargin.Stage.values.index) for number, stages in found}
    return {number: (last[number], stages[last[number]]) for number, stages in found}
