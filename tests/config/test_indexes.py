"""No index is the head of another one: it would be written with each row, and nothing asks for it.

(docs/decisions/0056)
"""

from pathlib import Path
from typing import NamedTuple

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.both_databases


class Key(NamedTuple):
    """A column of an index, with all that must be the same for another index to serve in its place."""

    column: str
    kind: str
    """Collation; on PostgreSQL the operator class too, by which the indexes for LIKE are others."""
    order: int
    """0: upwards with empty values where they stand by themselves; 3: the whole of it downwards."""


class Index(NamedTuple):
    name: str
    keys: tuple[Key, ...]
    is_unique: bool

    def serves(self, other: "Index") -> bool:
        """Whether it finds and sorts all that the other one does; an index can be read from either end."""
        head = self.keys[: len(other.keys)]
        return other.keys in (head, tuple(key._replace(order=3 - key.order) for key in head))


def own_tables() -> list[str]:
    own = {app.label for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR}
    models = [model for model in apps.get_models() if model._meta.app_label in own]
    return sorted(model._meta.db_table for model in models)


def whole_indexes(table: str) -> list[Index]:
    """Those of plain columns and of all rows."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT relname, indisunique, array_agg(ARRAY[attname::text, format('%%s %%s', indcollation[place], "
                "indclass[place]), indoption[place]::text] ORDER BY place) FROM pg_index "
                "JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam, "
                "generate_series(0, indnkeyatts - 1) AS place JOIN LATERAL (SELECT attname FROM pg_attribute "
                "WHERE attrelid = indrelid AND attnum = indkey[place]) AS columns ON true "
                "WHERE indrelid = %s::regclass AND amname = 'btree' AND indpred IS NULL AND indexprs IS NULL "
                "GROUP BY relname, indisunique ORDER BY relname",
                [table],
            )
            return [
                Index(name, tuple(Key(column, kind, int(order)) for column, kind, order in keys), unique)
                for name, unique, keys in cursor.fetchall()
            ]
        cursor.execute("SELECT name, [unique] FROM pragma_index_list(%s) WHERE NOT partial ORDER BY name", [table])
        found = []
        for name, unique in cursor.fetchall():
            cursor.execute("SELECT name, coll, 3 * [desc] FROM pragma_index_xinfo(%s) WHERE key ORDER BY seqno", [name])
            keys = tuple(Key(*row) for row in cursor.fetchall())
            if all(key.column for key in keys):  # else one is an expression
                found.append(Index(name, keys, bool(unique)))
        return found


def served_by_others(table: str) -> dict[str, str]:
    """By an index that nothing needs: another one that serves in its place. A unique one is a rule, and stays."""
    indexes = whole_indexes(table)
    found: dict[str, str] = {}
    for one in indexes:
        others = [other for other in indexes if other is not one and other.name not in found and other.serves(one)]
        if others and not one.is_unique:
            found[one.name] = others[0].name
    return found


def test_no_index_is_the_head_of_another(db):
    found = [f"{one} < {other}" for table in own_tables() for one, other in served_by_others(table).items()]
    assert found == []


def test_what_it_looks_at(db):
    assert {"quotes_quoteline", "licensing_historicalholding", "renewals_deskrow"} <= {*own_tables()}
    keys = {index.name: [key.column for key in index.keys] for index in whole_indexes("quotes_quote")}
    assert keys["quote_by_customer"] == ["customer_id", "issued_on"]
    assert ["check_code"] in keys.values()  # a rule counts too
    assert "quote_by_parts" not in keys


@pytest.mark.parametrize(
    ("columns", "served"),
    [
        ("quote_id", True),
        ("quote_id DESC", True),
        ("quote_id, position", True),
        ("quote_id DESC, position DESC", True),
        ("quote_id, position DESC", False),
        ("position, quote_id", False),
        ("quote_id, amount", False),
        ("quote_id) WHERE (position = 1", False),
        ("(quote_id + 1)", False),
    ],
)
def test_which_indexes_are_served_by_others(db, columns, served):
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX planted ON quotes_quoteline ({columns})")
    assert ("planted" in served_by_others("quotes_quoteline")) is served


@pytest.mark.postgres
def test_an_index_for_like_is_another_one(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX planted ON foundation_outgoingmail (message_id varchar_pattern_ops)")
        cursor.execute("DROP INDEX foundation_outgoingmail_message_id_7c177eae_like")
        assert served_by_others("foundation_outgoingmail") == {}
        cursor.execute("CREATE INDEX planted_too ON foundation_outgoingmail (message_id)")
        assert [*served_by_others("foundation_outgoingmail")] == ["planted_too"]
