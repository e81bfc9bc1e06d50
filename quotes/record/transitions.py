"""The ways from one state of a quote to another; `quotes.models.status` lists them."""

from datetime import datetime

from foundation.transactions import one_transaction
from licensing.models import User

from ..models import LOSE, ORDER, REOPEN, SUPERSEDE, WITHDRAW, Quote, QuoteStatus, Transition, can_become
from .events import record_event
from .refusals import ReasonMissing, WrongState


def withdraw(*, quote: Quote, reason: str, by: User, now: datetime) -> QuoteStatus:
    """Take an issued quote back; it stays as a record. Raises WrongState, ReasonMissing."""
    return _take(WITHDRAW, quote, reason, by, now)


def record_order(*, quote: Quote, reason: str = "", by: User, now: datetime) -> QuoteStatus:
    """Record that the customer ordered (受注). Raises WrongState."""
    return _take(ORDER, quote, reason, by, now)


def record_loss(*, quote: Quote, reason: str, by: User, now: datetime) -> QuoteStatus:
    """Record that the customer did not order (失注). Raises WrongState, ReasonMissing."""
    return _take(LOSE, quote, reason, by, now)


def reopen(*, quote: Quote, reason: str, by: User, now: datetime) -> QuoteStatus:
    """Take back an outcome that was recorded by mistake. Raises WrongState, ReasonMissing."""
    return _take(REOPEN, quote, reason, by, now)


def lock_status(*, quote: Quote, transition: Transition) -> QuoteStatus:
    """The quote's status, locked until the transaction ends. Raises WrongState where the way is not open."""
    status = QuoteStatus.objects.select_for_update(no_key=True).get(pk=quote.pk)
    if not can_become(transition, status.state):
        raise WrongState(quote, transition, status.state)
    return status


def supersede(*, status: QuoteStatus, by: User, now: datetime) -> None:
    """Mark a locked status as superseded. For `issue`, which then writes the revision and the entry of the log."""
    _write(status, SUPERSEDE, "", by, now)


@one_transaction
def _take(transition: Transition, quote: Quote, reason: str, by: User, now: datetime) -> QuoteStatus:
    reason = reason.strip()
    if transition.needs_reason and not reason:
        raise ReasonMissing(transition)
    status = lock_status(quote=quote, transition=transition)
    _write(status, transition, reason, by, now)
    record_event(quote=quote, kind=transition.name, now=now, by=by, detail={"reason": reason} if reason else {})
    return status


def _write(status: QuoteStatus, transition: Transition, reason: str, by: User, now: datetime) -> None:
    status.state, status.reason, status.changed_by, status.changed_at = transition.target, reason, by, now
    status.save(update_fields=["state", "reason", "changed_by", "changed_at"])
