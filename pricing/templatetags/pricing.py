"""How a price came about, on a page."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

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
