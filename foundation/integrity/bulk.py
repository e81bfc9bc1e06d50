"""Very many rows at once, with their history: what `save` and `delete` do for one, in a few statements for all.

For work that makes, changes or removes rows by the ten thousand. Values are the database's own: keys of rows, not rows;
nothing is validated and no signal is sent. All of it belongs into a transaction of the caller's. On PostgreSQL new rows
go through COPY, on SQLite through INSERT.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from types import NoneType
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model

from ..text.search import SearchKeyField

AT_ONCE = 500
"""Numbers of rows in one condition, where the database takes no list of them."""
_AS_THEY_ARE = frozenset({str, int, NoneType})
Columns = Sequence[str]
"""Names of columns, as the database has them (`licenseid_id`)."""


def in_pieces(values: Sequence[Any], size: int = AT_ONCE) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def insert_rows(model: type[Model], columns: Columns, rows: Iterable[Sequence[Any]]) -> None:
    """Write rows without history. Raises IntegrityError as any INSERT does.

    Bytes are sent as they are: as a text of hexadecimal figures they are twice as long, and read figure by figure.
    """
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            types = _types(model, columns)
            form = " (FORMAT BINARY)" if "bytea" in types else ""
            with cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN{form}") as copy:
                if form:
                    copy.set_types(types)
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names of a model
            cursor.executemany(insert, [tuple(map(_plain, row)) for row in rows])


def write_new(rows: Iterable[Model], *, with_keys: bool = False) -> None:
    """Write new rows of one model without history, as `bulk_create` does; they get their numbers only `with_keys`.
    Raises IntegrityError.
    """
    new = list(rows)
    if not new:
        return
    model: Any = type(new[0])
    fields = [field for field in model._meta.concrete_fields if with_keys or field is not model._meta.auto_field]
    if with_keys:
        for row, key in zip(new, _new_keys(model, len(new)), strict=True):
            row.pk = key
    values = ([_prepared(field, field.pre_save(row, True)) for field in fields] for row in new)
    insert_rows(model, [str(field.column) for field in fields], values)
    for row in new:
        row._state.adding, row._state.db = False, connection.alias


def _prepared(field: Any, value: Any) -> Any:
    """As the field prepares it. Texts and whole numbers, most of all, are what the database takes already."""
    if type(value) in _AS_THEY_ARE and not isinstance(field, JSONField):
        return value
    return field.get_db_prep_save(value, connection)


def create_kept(model: Any, columns: Columns, rows: Sequence[Sequence[Any]], *, by: Model, at: datetime) -> list[int]:
    """Write new rows, each with the entry of its history. Returns their numbers, in order."""
    if not rows:
        return []
    keys = _new_keys(model, len(rows))
    insert_rows(model, [model._meta.pk.column, *columns], ((key, *row) for key, row in zip(keys, rows, strict=True)))
    _keep(model, keys, "+", by, at)
    return keys


def update_kept(model: Any, changes: Mapping[int, Mapping[str, Any]], *, by: Model, at: datetime) -> None:
    """Set columns of rows, by their numbers, each with the entry of its history."""
    by_columns: dict[tuple[str, ...], list[int]] = {}
    for key, values in changes.items():
        by_columns.setdefault(tuple(values), []).append(key)
    for columns, keys in by_columns.items():
        set_columns(model, columns, [(key, *changes[key].values()) for key in keys])
    _keep(model, list(changes), "~", by, at)


def delete_kept(model: Any, keys: Sequence[int], *, by: Model, at: datetime) -> None:
    """Remove rows by their numbers, each with the entry of its history. Nothing that points to them goes along."""
    _keep(model, keys, "-", by, at)
    delete_rows(model, keys)


def delete_rows(model: Any, keys: Collection[int]) -> None:
    """Remove rows by their numbers, without history. Nothing that points to them goes along.

    Not `filter(pk__in=among(keys))`: of a table that is emptied again and again PostgreSQL may believe that it is empty
    (it was when its statistics were made), and then compares each row of it with each number. For the same reason it is
    told between which numbers they lie: it would read the whole table for them.
    """
    if not keys:
        return
    quote = connection.ops.quote_name
    pk = quote(model._meta.pk.column)
    sql = f"DELETE FROM {quote(model._meta.db_table)} WHERE {pk} BETWEEN %s AND %s AND {pk}"  # noqa: S608 - of a model
    _with_keys(sql, list(keys), [min(keys), max(keys)])


def derived_columns(model: Any, row: Model, values: Mapping[str, Any]) -> dict[str, Any]:
    """The search keys that follow from what `values` sets on the row."""
    for name, value in values.items():
        setattr(row, name, value)
    fields = [field for field in model._meta.concrete_fields if isinstance(field, SearchKeyField)]
    return {str(field.column): field.derive(row) for field in fields if set(field.sources) & set(values)}


def _new_keys(model: Any, count: int) -> list[int]:
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "WITH own AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, %s)::regclass AS sequence) "
                "SELECT nextval(sequence) FROM own, generate_series(1, %s)",
                [connection.ops.quote_name(table), column, count],
            )
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])  # one writer at a time
        last = (cursor.fetchone() or (0,))[0]
        return list(range(last + 1, last + 1 + count))


def _keep(model: Any, keys: Sequence[int], kind: str, by: Model, at: datetime) -> None:
    """Copy the rows as they stand into the table of their history."""
    quote = connection.ops.quote_name
    kept = model.history.model
    columns = ", ".join(quote(field.column) for field in kept.tracked_fields)
    sql = (
        f"INSERT INTO {quote(kept._meta.db_table)} "  # noqa: S608 - names of models
        f"({columns}, history_date, history_type, history_user_id, history_user_name, history_change_reason) "
        f"SELECT {columns}, %s, %s, %s, %s, NULL FROM {quote(model._meta.db_table)} "
        f"WHERE {quote(model._meta.pk.column)}"
    )
    moment = connection.ops.adapt_datetimefield_value(at)
    _with_keys(sql, keys, [moment, kind, by.pk, str(by)[:100]])


def _with_keys(sql: str, keys: Sequence[int], parameters: Sequence[Any] = ()) -> None:
    if not keys:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"{sql} = ANY(%s)", [*parameters, list(keys)])
            return
        for some in in_pieces(keys):
            cursor.execute(f"{sql} IN ({', '.join(['%s'] * len(some))})", [*parameters, *some])


def set_columns(model: Any, columns: Columns, rows: Sequence[Sequence[Any]]) -> None:
    """Set these columns of rows, each given as its number and the values. Without history."""
    if not rows:
        return
    quote = connection.ops.quote_name
    table, pk = quote(model._meta.db_table), quote(model._meta.pk.column)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(["%s::bigint[]", *(f"%s::{kind}[]" for kind in _types(model, columns))])
            names = ", ".join(map(quote, columns))
            sets = ", ".join(f"{quote(name)} = new.{quote(name)}" for name in columns)
            cursor.execute(
                f"UPDATE {table} SET {sets} FROM unnest({arrays}) AS new (key, {names}) "  # noqa: S608 - of a model
                f"WHERE {table}.{pk} = new.key",
                [list(values) for values in zip(*rows, strict=True)],
            )
        else:
            sets = ", ".join(f"{quote(name)} = %s" for name in columns)
            cursor.executemany(
                f"UPDATE {table} SET {sets} WHERE {pk} = %s",  # noqa: S608 - of a model
                [(*map(_plain, values), key) for key, *values in rows],
            )


def _types(model: Any, columns: Columns) -> list[str]:
    """What the database calls the types of columns."""
    types = {field.column: str(field.db_type(connection)).split("(")[0] for field in model._meta.concrete_fields}
    return [types[name] for name in columns]


def _plain(value: Any) -> Any:
    """As SQLite keeps it."""
    return value.isoformat() if isinstance(value, date) else value
