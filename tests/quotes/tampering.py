"""What somebody with the database's password does: sets triggers aside, changes rows, and puts the triggers back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from foundation.integrity import mend_triggers, wanted_of
from tests.making import is_postgres


@contextmanager
def tampered(*statements: str, is_covered_up: bool = True) -> Iterator[None]:
    """The database after these statements; as before when the block ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        if is_postgres():  # a trigger is not dropped while its table's foreign keys wait to be checked
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("SET LOCAL session_replication_role = replica")  # foreign keys are not checked
        for name, trigger in wanted_of("quotes", connection).items():
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {trigger.table}" if is_postgres() else ""))
        for statement in statements:
            cursor.execute(statement)
            assert cursor.rowcount != 0, f"nothing was changed by {statement}"
        if is_covered_up:
            mend_triggers(wanted_of("quotes", connection), connection)
        if is_postgres():
            cursor.execute("SET LOCAL session_replication_role = origin")
        yield
        transaction.set_rollback(True)
