"""What goes out once and is then out: a row that one worker holds while it hands over, and never twice.

Up to the moment when something leaves, a worker that dies has handed over nothing, and another begins anew. From that
moment on nobody knows (docs/decisions/0018). E-mail and chat notices are such rows; they have the same columns for it.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import F, Model, Q, QuerySet

QUEUED, SENDING, FAILED, UNCLEAR = "queued", "sending", "failed", "unclear"
"""States of such a row, and the error of one of which nobody knows."""
Clock = Callable[[], datetime]
Row = TypeVar("Row", bound=Model)


class LeaseLost(Exception):
    """Another worker has taken over, or the row was settled."""


class Lease(Generic[Row]):
    """One row, held by this worker as long as `length` after it last wrote."""

    def __init__(self, *, row: Row, length: timedelta, clock: Clock) -> None:
        self.rows: QuerySet[Row] = type(row)._default_manager.filter(pk=row.pk)
        self.length, self.clock, self.holder = length, clock, uuid.uuid4().hex

    def take(self) -> bool:
        """Begin an attempt; False where another worker did, or there is nothing to do any more."""
        return bool(
            self.rows.filter(state=QUEUED).update(
                state=SENDING,
                leased_by=self.holder,
                leased_until=self.clock() + self.length,
                attempts=F("attempts") + 1,
                handing_over_at=None,
            )
        )

    @property
    def held(self) -> QuerySet[Row]:
        """The row, as long as it is this worker's."""
        return self.rows.filter(state=SENDING, leased_by=self.holder)

    @property
    def handed_over(self) -> QuerySet[Row]:
        """The row, when it is out: whoever thought in the meantime that nobody knows was too early."""
        return self.rows.filter(Q(state=SENDING) | Q(state=FAILED, error=UNCLEAR), leased_by=self.holder)

    def keep(self) -> None:
        """The point of no return: written before anything leaves, so that whoever finds it never does it again."""
        now = self.clock()
        if not self.held.filter(leased_until__gt=now).update(handing_over_at=now, leased_until=now + self.length):
            raise LeaseLost


def try_later(*, attempts: int, retry_after: tuple[timedelta, ...], now: datetime) -> dict[str, Any]:
    """What is written of an attempt that failed and is not the last: when the next one is."""
    return {"state": QUEUED, "next_attempt_at": now + retry_after[attempts - 1], "handing_over_at": None}
