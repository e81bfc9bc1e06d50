"""Searching as people in Japan write: one search key for all ways of writing a name, and the words of a search."""

import re
from collections.abc import Sequence
from typing import Any

from django.db import models

from .addresses import clean_address
from .names import key_of
from .typed import with_hyphens


def search_key(text: str) -> str:
    """The form in which names and codes are compared; see `foundation.text.names`.

    The original text is kept and shown; this key is only ever searched in.
    """
    return key_of(text)


class SearchKeyField(models.TextField):
    """A column that holds the search key of other columns of its row, written whenever the row is saved."""

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = sources
        kwargs.update(editable=False, default="", blank=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        kwargs.pop("default", None)
        kwargs.pop("blank", None)
        kwargs["sources"] = self.sources
        return name, path, list(args), kwargs

    def derive(self, row: models.Model) -> str:
        """What stands in the column where nobody changed it."""
        return " ".join(search_key(str(getattr(row, source))) for source in self.sources)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.derive(model_instance)
        setattr(model_instance, self.attname, value)
        return value


MOST_SEARCHED = 200
"""Characters of a search that count, 100 words at most."""
_AROUND = "<>〈〉「」『』[]\"'“”,、。;:!?"
_POLITE = re.compile(r"(?:様|御中)$")


def search_words(text: str) -> list[str]:
    """The search keys of the words in a text; every one of them must be found, each is told once.

    Marks around a word, as they come with what is copied from a letter, and 様 or 御中 after it make no difference. Of
    a text that is longer than any name, the beginning counts: a database bears only so many conditions.
    """
    words = (clean_address(word) if "@" in word or "＠" in word else word for word in text[:MOST_SEARCHED].split())
    keys = (_POLITE.sub("", search_key(_code(word)).strip(_AROUND)) for word in words)
    return list(dict.fromkeys(key for key in keys if key))


def _code(word: str) -> str:
    """A code with whatever is drawn like a hyphen; names are searched as they are typed."""
    plain = with_hyphens(word)
    return plain if plain.isascii() else word


def says_nothing(text: str) -> bool:
    """Whether something was typed of which nothing is left to search by, such as 「株式会社」 or a hyphen."""
    return bool(text.strip()) and not search_words(text)


def in_all(found: Sequence[models.QuerySet[Any, Any]]) -> models.Q:
    """Rows whose numbers are in each of these; what finds every word of a search, from what finds one.

    An intersection, and no conditions side by side: how many rows a word is in no database guesses well, and by a
    wrong guess it compares each row of one word with each row of the other.
    """
    first, *others = found
    return models.Q(pk__in=first.intersection(*others) if others else first)
