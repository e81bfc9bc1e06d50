"""The ways from one state of a quote to another; `quotes.models.status` lists them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from foundation.transactions import one_transaction
from licensing.models import User
from licensing.operations.turns import wait_for_turn

from ..models import (
    LOSE,
    ORDER,
    REOPEN,
    SUPERSEDE,
    WITHDRAW,
    Quote,
    QuoteMargin,
    QuotePart,
    QuoteStatus,
    State,
    Transition,
    can_become,
)
from .basis import resting_on_old
from .events import record_event
from .holdings import ordered_elsewhere
from .margins import keep_ordered, take_back
from .refusals import (
    CarriedOut,
    CustomerMoved,
    HoldingsChanged,
    NotOrdered,
    OrderedElsewhere,
    ReasonMissing,
    WrongState,
)


def withdraw(*, quote: Quote, reason: str, by: User, now: datetime) -> QuoteStatus:
    """Take an issued quote back; it stays as a record. Raises WrongState, ReasonMissing."""
    return _take(WITHDRAW, quote, reason, by, now)


@one_transaction
def record_order(
    *,
    quote: Quote,
    reason: str = "",
    ordered_on: date | None = None,
    order_number: str = "",
    knows_old: bool = False,
    by: User,
    now: datetime,
) -> QuoteStatus:
    """Record that the customer ordered (受注): on which day, today unless said, and by which number of theirs.

    Raises WrongState, and OrderedElsewhere where an order by another quote settles a day of the same holding (R22):
    that one is taken back first. Of two at once the second waits, and is refused. HoldingsChanged where what is held is
    not what was quoted, unless whoever records it knows (`knows_old`): carrying it out will be refused (R21).
    CustomerMoved where a license ID is another customer's by now: carried out, the order would change what is theirs.
    """
    wait_for_turn([part.licenseid for part in quote.parts.select_related("licenseid")])
    status = lock_status(quote=quote, transition=ORDER)
    if has_moved(quote):
        raise CustomerMoved(quote)
    if other := ordered_elsewhere(quote):
        raise OrderedElsewhere(quote, other)
    if not knows_old and resting_on_old([quote]):
        raise HoldingsChanged(quote)
    status.ordered_on = ordered_on or now.astimezone(timezone.get_default_timezone()).date()
    status.order_number = order_number.strip()
    detail = {"ordered_on": status.ordered_on.isoformat(), "order_number": status.order_number}
    detail |= keep_ordered(quote=quote, on=status.ordered_on)
    return _walk(quote, status, ORDER, reason.strip(), by, now, detail)


def record_loss(*, quote: Quote, reason: str, by: User, now: datetime) -> QuoteStatus:
    """Record that the customer did not order (失注). Raises WrongState, ReasonMissing."""
    return _take(LOSE, quote, reason, by, now)


@one_transaction
def record_losses(*, quotes: Iterable[Quote], reason: str, by: User, now: datetime) -> None:
    """Record several quotes of one reseller as lost: all of them, or none. Raises WrongState, ReasonMissing."""
    chosen = sorted(quotes, key=lambda quote: quote.pk)
    if not reason.strip():
        raise ReasonMissing(LOSE)
    locked = [(quote, lock_status(quote=quote, transition=LOSE)) for quote in chosen]
    for _quote, status in locked:
        _write(status, LOSE, reason, by, now)
    for quote, _status in locked:  # the log last of all
        record_event(quote=quote, kind=LOSE.name, now=now, by=by, detail={"reason": reason})


def reopen(*, quote: Quote, reason: str, by: User, now: datetime) -> QuoteStatus:
    """Take back an outcome that was recorded by mistake.

    Raises WrongState, ReasonMissing, CarriedOut where holdings were brought to what was ordered: that goes first, and
    CustomerMoved where the customer or a license ID is another reseller's by now: then the quote is a record and no
    more.
    """
    return _take(REOPEN, quote, reason, by, now)


def has_left(quote: Quote) -> bool:
    """Whether the quote's customer, or one of its license IDs, has come to another reseller since. One query."""
    parts = QuotePart.objects.filter(quote=OuterRef("pk")).exclude(licenseid__customer__reseller=OuterRef("reseller"))
    elsewhere = ~Q(customer__reseller=F("reseller")) | Exists(parts)
    return Quote.objects.filter(elsewhere, pk=quote.pk).order_by().exists()


def has_moved(quote: Quote) -> bool:
    """Whether one of the quote's license IDs has come to another customer since. A merged customer is the same."""
    return quote.parts.exclude(licenseid__customer=quote.customer.present_id).exists()


def lock_status(*, quote: Quote, transition: Transition) -> QuoteStatus:
    """The quote's status, locked until the transaction ends. Raises WrongState where the way is not open."""
    [status] = QuoteStatus.objects.select_for_update(no_key=True).filter(pk=quote.pk)
    if not can_become(transition, status.state):
        raise WrongState(quote, transition, status.state)
    return status


def lock_ordered(*, quote: Quote) -> QuoteStatus:
    """The status of a quote that is ordered, locked until the transaction ends. Raises NotOrdered where it is not."""
    [status] = QuoteStatus.objects.select_for_update(no_key=True).filter(pk=quote.pk)
    if status.state != State.ORDERED:
        raise NotOrdered(quote)
    return status


def count_carried_out(*, status: QuoteStatus, more: int) -> None:
    """Of so many more of its license IDs the holdings are what was ordered (R21). For a locked status."""
    status.carried_out += more
    status.save(update_fields=["carried_out"])


def supersede(*, status: QuoteStatus, by: User, now: datetime) -> None:
    """Mark a locked status as superseded. For `issue`, which then writes the revision and the entry of the log."""
    _write(status, SUPERSEDE, "", by, now)


@one_transaction
def _take(transition: Transition, quote: Quote, reason: str, by: User, now: datetime) -> QuoteStatus:
    reason = reason.strip()
    if transition.needs_reason and not reason:
        raise ReasonMissing(transition)
    status = lock_status(quote=quote, transition=transition)
    if status.carried_out:
        raise CarriedOut(quote)
    if transition is REOPEN and has_left(quote):
        raise CustomerMoved(quote)
    more = {}
    if status.state == State.ORDERED:
        on = now.astimezone(timezone.get_default_timezone()).date()
        more = take_back(quote=quote, stage=QuoteMargin.Stage.ORDERED, on=on)
    return _walk(quote, status, transition, reason, by, now, more)


def _walk(
    quote: Quote,
    status: QuoteStatus,
    transition: Transition,
    reason: str,
    by: User,
    now: datetime,
    more: Mapping[str, str] | None = None,
) -> QuoteStatus:
    _write(status, transition, reason, by, now)
    detail = {name: text for name, text in {"reason": reason, **(more or {})}.items() if text}
    record_event(quote=quote, kind=transition.name, now=now, by=by, detail=detail)
    return status


def _write(status: QuoteStatus, transition: Transition, reason: str, by: User, now: datetime) -> None:
    status.state, status.reason, status.changed_by, status.changed_at = transition.target, reason, by, now
    if transition is not ORDER:
        status.ordered_on, status.order_number = None, ""
    status.save(
        update_fields=["state", "reason", "changed_by", "changed_at", "ordered_on", "order_number", "order_key"]
    )
