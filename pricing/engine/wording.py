"""How the engine says things: each sentence in both languages side by side, its facts by name.

The words stand with their rules in `rules/`, and not in the message catalogue, because the engine knows no framework,
and because an issued quote keeps both languages of its trace as they were on that day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from string import Formatter
from typing import Any, Literal

from .values import Product, Programme, Segment

Language = Literal["en", "ja"]
Text = Mapping[Language, str]
"""The same in both languages."""


def both(en: str, ja: str) -> Text:
    """One text in both languages, so that none is forgotten."""
    return {"en": en, "ja": ja}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of docs/pricing-rules.md."""

    number: str
    """R1 to R23."""
    name: Text
    """The heading of that page: what the rule is called wherever a person reads it."""


class Words:
    """Puts facts into the words of one language.

    `{day:day}` is a date, `{amount:yen}` an amount, `{percent:percent}` a percentage without idle zeros,
    `{years:years}` a number of years (in English also with a word before it: `{further:further years}`). Without a
    form, products stand as their codes, programmes and segments by their names, several as a list, and what has two
    languages in this one. Any other form is Python's.
    """

    def __init__(self, language: Language, *, with_names: bool = False) -> None:
        """`with_names`: products by name and code."""
        self.language = language
        self.with_names = with_names

    def say(self, text: Text, facts: object) -> str:
        """The text with its facts put in: a mapping's values, or the attributes of a decision."""
        return self.put(text[self.language], facts)

    def put(self, words: str, facts: object) -> str:
        """The same for words that are alike in both languages."""
        said = []
        for literal, name, form in parsed(words):
            said.append(literal)
            if name:
                said.append(self.format_field(find_fact(name, facts), form))
        return "".join(said)

    def format_field(self, value: Any, format_spec: str) -> str:
        if not format_spec:
            return self._called(value)
        if format_spec == "day":
            return _day(value, self.language)
        if format_spec == "yen":
            return f"{'-' if value < 0 else ''}¥{abs(value):,}"
        if format_spec == "percent":
            return plain(value)
        if format_spec.endswith("years"):
            return _years(value, format_spec, self.language)
        return format(value, format_spec)

    def _called(self, value: object) -> str:
        is_english = self.language == "en"
        if isinstance(value, Product):
            name = value.called(self.language)
            brackets = f"{name} ({value.code})" if is_english else f"{name}（{value.code}）"
            return brackets if self.with_names else value.code
        if isinstance(value, Programme | Segment):
            return (value.name_en or value.name) if is_english else value.name
        if isinstance(value, Mapping):
            return str(value[self.language])
        if isinstance(value, tuple):
            return ", ".join(self._called(one) for one in value)
        return str(value)


@lru_cache(maxsize=1024)
def parsed(words: str) -> tuple[tuple[str, str, str], ...]:
    """Plain words, the name of the fact after them, empty where none follows, and its form. The same words are parsed
    once: a page shows a step of each kind for every line.
    """
    return tuple((literal, name or "", form or "") for literal, name, form, _ in Formatter().parse(words))


def find_fact(name: str, facts: object) -> Any:
    """A mapping's value, or an attribute, which may have attributes itself: `basis_product.unit`."""
    found = facts
    for part in name.split("."):
        found = found[part] if isinstance(found, Mapping) else getattr(found, part)
    return found


def plain(percent: Decimal) -> str:
    """A percentage without idle zeros: a database hands 8 % over as 8.00."""
    return f"{percent.normalize():f}"


def _day(day: date, language: Language) -> str:
    return f"{day:%Y-%m-%d}" if language == "en" else f"{day:%Y/%m/%d}"


def _years(number: int, words: str, language: Language) -> str:
    if language == "ja":
        return f"{number}年"
    return f"{number} {words if number != 1 else words.removesuffix('s')}"


WORDS: Mapping[Language, Words] = {"en": Words("en"), "ja": Words("ja")}
"""Products by their codes."""
WORDS_WITH_NAMES: Mapping[Language, Words] = {
    "en": Words("en", with_names=True),
    "ja": Words("ja", with_names=True),
}
