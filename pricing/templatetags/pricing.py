"""How a price came about, and what is left of it, on a page."""

from collections.abc import Iterable
from decimal import Decimal
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from foundation.text.language import reader_language

from ..engine.rulebook import RULE_NAMES

register = template.Library()


@register.filter
def as_steps(steps: Iterable[tuple[str, str, str]]) -> SafeString:
    """The steps of a trace (rule, words, result) as a list. A page has dozens, so they are not a template's loop.

    What a rule is called is said at the first of its steps; an unknown rule has its number only.
    """
    language = reader_language()
    items = []
    before = ""
    for rule, text, result in steps:
        name = RULE_NAMES[rule][language] if rule in RULE_NAMES and rule != before else ""
        before = rule
        named = f"<small>{escape(name)}</small> " if name else ""
        items.append(f"<li><i>{escape(rule)}</i><span>{named}{escape(text)}</span><b>{escape(result)}</b></li>")
    return mark_safe(f"<ol>{''.join(items)}</ol>")


@register.filter
def signed_percent(percent: Decimal) -> str:
    """12.34 %; less than nothing as ▲1.23 %."""
    return f"▲{-percent} %" if percent < 0 else f"{percent} %"


@register.filter
def count_uncovered(count: int) -> str:
    """How many lines have no cost rate."""
    return ngettext("%(count)s line without cost rate", "%(count)s lines without cost rate", count) % {"count": count}
