"""Many numbers or texts as one value of a query: `licenseid__in=among(numbers)`."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Field, TextField
from django.db.models.expressions import RawSQL

from .kept_query import Place


def among(numbers: Iterable[int]) -> RawSQL:
    """What `__in` takes instead of a list of row numbers.

    Of a list each number is a parameter, which Django looks at, the driver writes out and the database reads, once more
    for each query: with hundreds of them that takes longer than fetching the rows. This is one parameter.
    """
    return _numbers_of(_Numbers().get_db_prep_value(numbers, connection))


def among_later(name: str) -> RawSQL:
    """The same in a query that is kept (`foundation.kept_query`): the numbers are given by this name."""
    return _numbers_of(Place(name, _Numbers()))


def among_texts_later(name: str) -> RawSQL:
    """The same for texts."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::text[])", [Place(name, _Texts())], output_field=TextField())
    return RawSQL("SELECT value FROM json_each(%s)", [Place(name, _Texts())], output_field=TextField())


def _numbers_of(value: object) -> RawSQL:
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [value], output_field=BigIntegerField())
    return RawSQL("SELECT value FROM json_each(%s)", [value], output_field=BigIntegerField())


class _Numbers(Field[Any, Any]):
    """Many numbers as the one parameter that the database takes."""

    def get_db_prep_value(self, value: Iterable[int], connection: Any, prepared: bool = False) -> Any:
        numbers = sorted(set(value))
        if connection.vendor == "postgresql":  # as a text: the driver looks at each number of a list by itself
            return f"{{{','.join(map(str, numbers))}}}"
        return json.dumps(numbers)


class _Texts(Field[Any, Any]):
    """The same for texts."""

    def get_db_prep_value(self, value: Iterable[str], connection: Any, prepared: bool = False) -> Any:
        texts = sorted(set(value))
        return texts if connection.vendor == "postgresql" else json.dumps(texts)
