"""Searches whose SQL is written once, not at each search.

What a word is looked for in is a dozen short queries, and to build and write those takes Django as long as the database
takes to find thousands of rows. They are built as every other, with stand-ins for the words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.expressions import RawSQL

from .parts import parts_of

_FIRST_STAND_IN = 0xE000
"""Of Unicode's characters for private use: one for each word."""
Build = Callable[[Sequence[str]], QuerySet[Any, Any]]


def rows_with(build: Build, words: Sequence[str]) -> RawSQL:
    """The row numbers that `build` asks for, of these words (search keys): what `__in` takes.

    `build` is a function of a module that depends on nothing but the words, and compares search keys with them by
    `contains` only.
    """
    sql, parameters = _written(build, len(words), connection.vendor)
    return RawSQL(sql, [_put(value, words) for value in parameters], output_field=BigIntegerField())  # noqa: S611 - Django's


@lru_cache(maxsize=200)
def _written(build: Build, words: int, _vendor: str) -> tuple[str, tuple[Any, ...]]:
    return build([chr(_FIRST_STAND_IN + at) for at in range(words)]).query.sql_with_params()


def _put(value: Any, words: Sequence[str]) -> Any:
    """The word in the place of its stand-in, as `contains` says it: within a LIKE, or by its parts."""
    if isinstance(value, list):
        return parts_of(words[ord(value[0]) - _FIRST_STAND_IN])
    if isinstance(value, str) and len(value) == 3 and value[0] == value[2] == "%":
        return f"%{connection.ops.prep_for_like_query(words[ord(value[1]) - _FIRST_STAND_IN])}%"
    return value


@dataclass(frozen=True, slots=True)
class Sought:
    """Where a word is looked for. Unions and no OR: each part is found by an index of its own."""

    keys: Sequence[Q]
    """By the search keys that most rows are found by."""
    rows: Callable[[Q], QuerySet[Any, Any]]
    """The row numbers by such a condition."""
    elsewhere: Sequence[QuerySet[Any, Any]]
    """Row numbers by anything else."""

    def anywhere(self) -> QuerySet[Any, Any]:
        return _union([*map(self.rows, self.keys), *self.elsewhere])

    def and_also(self, other: "Sought") -> QuerySet[Any, Any]:
        """Where both words are. Most rows have both in one key, by whose index alone the two meet: thousands that have
        only one of them need not be read. What remains has one of the words elsewhere, which is looked up first; where
        it is nowhere else, the other word’s rows are not read at all.
        """
        in_keys = [self.rows(mine & theirs) for mine in self.keys for theirs in other.keys]
        mine_elsewhere = _union(self.elsewhere).intersection(other.anywhere())
        theirs_elsewhere = _union(other.elsewhere).intersection(_union([*map(self.rows, self.keys)]))
        return _union([*in_keys, mine_elsewhere, theirs_elsewhere])


def with_all(sought: Sequence[Sought]) -> QuerySet[Any, Any]:
    """Row numbers where each word is: intersections, as `foundation.text.search.in_all` says why."""
    if len(sought) == 1:
        return sought[0].anywhere()
    first, others = sought[0].and_also(sought[1]), [one.anywhere() for one in sought[2:]]
    return first.intersection(*others) if others else first


def _union(found: Sequence[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    first, *others = found
    return first.union(*others, all=True) if others else first
