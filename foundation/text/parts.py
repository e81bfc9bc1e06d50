"""Finding a word within search keys by an index, on PostgreSQL.

No index helps a LIKE that begins anywhere. So the parts of each key, all of one, two and three characters that follow
one another, stand in an index of PostgreSQL's own (GIN), and a search first looks up those of its word. That goes
without an extension, and with words of one and two characters, which Japanese names have. Nothing is kept beside the
keys: the index is of an expression.
"""

from typing import Any

from django.db import models
from django.db.migrations import RunPython

from .search import SearchKeyField

LONGEST = 3
_GATHERED = "fastupdate = on, gin_pending_list_limit = 256"
"""New keys' parts are gathered, up to 256 kB, and put into the index together: writing a key takes a third to a fifth
of the time, and a search that looks through what is gathered not half a millisecond more."""
_MAKE = """
CREATE OR REPLACE FUNCTION search_parts(key text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL RESTRICTED COST 1000 AS $$
DECLARE
  parts text[] := '{}';
  letter text;
  last text := '';
  last_but_one text := '';
BEGIN
  FOREACH letter IN ARRAY string_to_array(key, NULL) LOOP
    parts := parts || letter || (last || letter) || (last_but_one || last || letter);
    last_but_one := last;
    last := letter;
  END LOOP;
  RETURN parts;
END
$$
"""


def parts_of(word: str) -> list[str]:
    """What a key in which the word stands has among its parts; the longest ones say the most."""
    length = min(len(word), LONGEST)
    return sorted({word[place : place + length] for place in range(len(word) - length + 1)}) if length else []


@SearchKeyField.register_lookup
class ContainsByParts(models.lookups.Contains):
    """`contains` of a search key: the same rows; on PostgreSQL an index may find them."""

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        sql, values = self.as_sql(compiler, connection)
        if not isinstance(self.rhs, str) or not self.rhs:
            return sql, list(values)
        key, key_values = compiler.compile(self.lhs)
        # LIKE first: it costs less, where no index is used.
        return f"({sql} AND search_parts({key}) @> %s::text[])", [*values, *key_values, parts_of(self.rhs)]


def make_search_parts() -> RunPython:
    """For a migration: the function that the indexes are of.

    Costly, so that a scan compares with LIKE first; and restricted to one process, for because it costs so much,
    PostgreSQL would start others to share a search that its index ends in a millisecond, and starting takes longer.
    """
    return _on_postgresql(_MAKE, "DROP FUNCTION IF EXISTS search_parts(text)")


def index_parts(name: str, *, table: str, column: str) -> RunPython:
    """For a migration: the index of a table's search key."""
    make = f"CREATE INDEX {name} ON {table} USING gin (search_parts({column})) WITH ({_GATHERED})"
    return _on_postgresql(make, f"DROP INDEX IF EXISTS {name}")


def _on_postgresql(do: str, undo: str) -> RunPython:
    def runs(statement: str) -> Any:
        def run(_apps: Any, schema_editor: Any) -> None:
            if schema_editor.connection.vendor == "postgresql":
                schema_editor.execute(statement)

        return run

    return RunPython(runs(do), runs(undo), elidable=False)
