"""Japanese for everybody; English where the reader or the customer reads that, and there is a text in it."""

from collections.abc import Iterable
from typing import Literal

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

Language = Literal["en", "ja"]
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]


def reader_language() -> Language:
    """The language of the page that is being made, or of the letter."""
    return "en" if (get_language() or "").startswith("en") else "ja"


def in_language(japanese: str, english: str, language: Language | None = None) -> str:
    """The English text for who reads English, where there is one; else the Japanese one. Without a language: the
    reader's.
    """
    return english if english and (language or reader_language()) == "en" else japanese


def name_of(thing: object, language: Language | None = None) -> str:
    """What a product, programme, price list or person is called."""
    return in_language(str(getattr(thing, "name", "")), str(getattr(thing, "name_en", "")), language)


def unit_of(product: object, language: Language | None = None) -> str:
    """What is counted of a product: 本, クライアント …"""
    return in_language(str(getattr(product, "unit", "")), str(getattr(product, "unit_en", "")), language)


def join_words(words: Iterable[object]) -> str:
    """Several words behind one another, as the reader's language writes them."""
    return (", " if reader_language() == "en" else "、").join(map(str, words))
