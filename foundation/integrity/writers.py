"""Who else writes to a table just now: what they have written is still to come, under numbers given already."""

from django.db import connection, models

_WRITERS = """
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'relation' AND relation = %s::regclass AND granted AND mode = 'RowExclusiveLock'
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND pid IS DISTINCT FROM pg_backend_pid()
    )
"""


def is_being_written(model: type[models.Model]) -> bool:
    """Whether a transaction of somebody else has written to the table and not ended yet. Waits for nobody.

    PostgreSQL gives a row its number when it is written, and shows it when its transaction ends: a smaller number may
    be seen after a larger one. Whoever reads the largest number first, and then hears that nobody writes, has every
    row up to it. On SQLite one writes at a time: numbers are seen in their order.
    """
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS, [connection.ops.quote_name(model._meta.db_table)])
        return bool(cursor.fetchone()[0])
