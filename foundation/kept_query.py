"""Queries that every change of a form asks: their SQL is made once, not each time.

Django builds and writes out a query anew whenever it is asked, which takes several times as long as the database's
answer to a short one. It is built as every other, with `Later` where its values come. `KeptQuery` finds bare columns,
`KeptRows` instances.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model, QuerySet, Value
from django.db.models.query import NamedValuesListIterable, get_related_populators
from django.db.models.utils import create_namedtuple_class

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value comes among a query's parameters."""

    name: str
    field: Any


class Later(Value):
    """In place of a value of a query that is kept; given by its name when the query is asked."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(Place(name, field), output_field=field)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self.value]


@dataclass(frozen=True, slots=True)
class _Made:
    sql: str
    parameters: list[Any]
    converters: list[tuple[int, Any, Any]]
    shape: Callable[[list[Any]], Any]
    """What becomes of a row that was found."""


class _Kept:
    """A query that is written out once for each connection."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build

    def _ask(self, given: dict[str, Any]) -> list[Any]:
        connection: Any = connections[DEFAULT_DB_ALIAS]
        made = connection.__dict__.setdefault("_kept_queries", {}).get(self)
        if made is None:
            made = connection._kept_queries[self] = self._make(connection)
        parameters = [
            one.field.get_db_prep_value(given[one.name], connection) if isinstance(one, Place) else one
            for one in made.parameters
        ]
        with connection.cursor() as cursor:
            cursor.execute(made.sql, parameters)
            rows = [list(row) for row in cursor.fetchall()]
        for row in rows:
            for at, converters, column in made.converters:
                for convert in converters:
                    row[at] = convert(row[at], column, connection)
        return [made.shape(row) for row in rows]

    def _make(self, connection: Any) -> _Made:
        query = self._build()
        compiler = query.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        columns = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        converters = [(at, *how) for at, how in columns.items()]
        return _Made(sql, list(parameters), converters, self._shape(query, compiler))

    def _shape(self, query: Any, compiler: Any) -> Callable[[list[Any]], Any]:
        raise NotImplementedError


class KeptQuery(_Kept):
    """A query of bare columns (`values_list`, also with `named`)."""

    def rows(self, **given: Any) -> list[Any]:
        """What it finds with these values, as `values_list` gives it. Raises KeyError where one is missing."""
        return self._ask(given)

    def _shape(self, query: Any, compiler: Any) -> Callable[[list[Any]], Any]:
        if issubclass(query._iterable_class, NamedValuesListIterable):
            make: Callable[[list[Any]], Any] = create_namedtuple_class(*query._fields)._make
            return make
        return lambda row: row


class KeptRows(_Kept, Generic[Row]):
    """A query of whole rows, with those that `select_related` names and what is annotated; nothing is prefetched."""

    def __init__(self, build: Callable[[], "QuerySet[Row]"]) -> None:
        super().__init__(build)

    def rows(self, **given: Any) -> list[Row]:
        """What it finds with these values, as the query itself does. Raises KeyError where one is missing."""
        return self._ask(given)

    def _shape(self, query: Any, compiler: Any) -> Callable[[list[Any]], Any]:
        info, select = compiler.klass_info, compiler.select
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [column.target.attname for column, _sql, _alias in select[first:last]]
        annotated = compiler.annotation_col_map or {}
        related = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # of Django 5.2

        def instance(row: list[Any]) -> Any:
            found = info["model"].from_db(DEFAULT_DB_ALIAS, names, row[first:last])
            for one in related:
                one.populate(row, found)
            for name, at in annotated.items():
                setattr(found, name, row[at])
            return found

        return instance
