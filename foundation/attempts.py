"""Where attempts are counted: log-ins, codes, unknown links. Nobody's count makes room for somebody else's."""

from datetime import datetime
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import connections


class AttemptsCache(DatabaseCache):
    """Django's cache in a table, which forgets nothing before its time.

    Django's own throws entries away when there are too many of them: whoever makes others look something up frees an
    account that is locked. Here what has expired goes, whenever there are more than MAX_ENTRIES; the rest stays. It
    cannot grow without end: each address may try only so often, and a count lasts an hour at most.
    """

    _table: str

    def _cull(self, db: str, cursor: Any, now: datetime, num: int) -> None:
        connection = connections[db]
        quote = connection.ops.quote_name
        expired = f"DELETE FROM {quote(self._table)} WHERE {quote('expires')} < %s"  # noqa: S608 - names of our own
        cursor.execute(expired, [connection.ops.adapt_datetimefield_value(now)])
