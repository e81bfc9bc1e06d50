"""Reading everything as it was at one moment, while the portal goes on working."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def reading_one_state() -> Iterator[None]:
    """What is read within is of one moment, and nobody waits for it. Within a transaction it changes nothing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # `atomic` would keep every writer waiting
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
