"""Django's `i18n`, for every template, whose `translate` remembers what it wrote in each language.

A page has two hundred of them, and most stand in rows: what a column is called, said once for each of its cells.
"""

from typing import Any

from django.template import Library
from django.template.base import Parser, Token, Variable
from django.templatetags import i18n
from django.templatetags.i18n import TranslateNode
from django.utils.translation import get_language

register = Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class KeptWords(TranslateNode):
    """A `translate` of words that stand in the template: they are the same whatever the context has."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.written: dict[tuple[str | None, bool], Any] = {}

    def render(self, context: Any) -> Any:
        key = get_language(), context.autoescape
        if (words := self.written.get(key)) is None:
            words = self.written[key] = super().render(context)
        return words


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> TranslateNode:
    """As Django's, of words or of what the context has."""
    node: TranslateNode = i18n.do_translate(parser, token)
    said, beside = node.filter_expression, node.message_context
    are_words = isinstance(said.var, Variable) and said.var.literal is not None and not said.filters
    are_words = are_words and (beside is None or (isinstance(beside.var, str) and not beside.filters))
    return KeptWords(said, node.noop, None, beside) if are_words and node.asvar is None else node
