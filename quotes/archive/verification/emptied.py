"""Tables of records that hold nothing, though the database remembers having numbered rows of them."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from ...models import (
    Acknowledgement,
    Alternative,
    Comparison,
    OrderFile,
    Quote,
    QuoteDocument,
    QuoteEvent,
    QuoteLine,
    QuoteMargin,
    QuotePart,
)


def emptied_tables() -> Iterator[tuple[str, int]]:
    """Name of each, and how many rows were numbered. One row or none is told by the logs, the counters and each other.

    Whoever empties everything, logs and counters too, seldom thinks of this. On PostgreSQL numbers are not given back:
    a portal whose first issue of all failed is told of too, until its first quote.
    """
    for model in (
        Quote,
        QuotePart,
        QuoteLine,
        QuoteDocument,
        QuoteEvent,
        OrderFile,
        Acknowledgement,
        Comparison,
        Alternative,
        QuoteMargin,
    ):
        if not model.objects.exists() and (given := _numbered(model)):
            yield str(model._meta.verbose_name_plural), given


def _numbered(model: Any) -> int:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass)", [table])
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    return int(row[0] or 0) if row else 0
