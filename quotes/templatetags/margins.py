"""What is left of quotes, on pages for whoever sees margins."""

from collections.abc import Iterable, Mapping

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
def margins_of(user: User, quote: Quote) -> list[StageMargins]:
    """All stages of a quote; none for whoever does not see margins. One query for who does."""
    return stages_of(user, quote) if user.sees_margins else []


@register.simple_tag
def margins_of_many(user: User, quotes: Iterable[Quote]) -> Mapping[int, tuple[str, Figures]]:
    """The last stage of each quote of a page, by the number of its row; none for whoever does not see margins."""
    if not user.sees_margins:
        return {}
    found = stages_by_quote(user, list(quotes)).items()
    last = {number: max(stages, key=QuoteMargin.Stage.values.index) for number, stages in found}
    return {number: (last[number], stages[last[number]]) for number, stages in found}
