"""Customers choose one alternative of a comparison. That is no order: a quote is made from it."""

from datetime import datetime

from django.utils import timezone

from foundation.transactions import one_transaction

from ..links.operations import lock_open_link
from ..models import Alternative, Comparison, QuoteEvent
from ..record.comparisons import comparison_has_left, is_quoted, lock_comparison, state_of
from ..record.events import record_event
from ..record.refusals import ChoiceChanged, ChoiceClosed
from .notices import confirm_choice, tell_choice
from .visits import Visitor

OPEN = ("open", "chosen")


@one_transaction
def choose_alternative(
    *, alternative: Alternative, message: str, by_name: str, visitor: Visitor, seen: str, now: datetime
) -> QuoteEvent | None:
    """Keep which alternative somebody with a share link chooses, with a word if they like.

    `seen` is the letter that stood there as chosen when they chose, empty for none: of two at once the second is told.
    It may be changed until a quote is issued from the comparison; each choice stays in the log, and the reseller is
    told of each. None where the same person chose the same, with the same words: a button pressed twice chooses once.

    A person with a log-in is told by e-mail that it arrived. Raises ChoiceClosed where the prices do not hold any more,
    a quote was issued or it was withdrawn; ChoiceChanged; LinkClosed. Then nothing is written.
    """
    comparison: Comparison = alternative.comparison
    today = now.astimezone(timezone.get_default_timezone()).date()
    message, name = message.strip(), visitor.user.name if visitor.user else by_name.strip()
    if visitor.link:
        lock_open_link(link=visitor.link, now=now)
    status = lock_comparison(comparison)
    state = "quoted" if is_quoted(comparison) else state_of(comparison, on=today, status=status)
    if state not in OPEN or comparison_has_left(comparison):
        raise ChoiceClosed(comparison, state)
    detail = {"alternative": alternative.letter} | ({"message": message} if message else {})
    last = comparison.events.filter(kind=QuoteEvent.Kind.CHOSEN).order_by("position").last()
    said = (visitor.user, visitor.link, name, detail)
    if last and (last.by, last.link, last.by_name, last.detail) == said:
        return None
    if (status.chosen.letter if status.chosen else "") != seen:
        raise ChoiceChanged(comparison)
    status.chosen, status.chosen_at, status.chosen_by_name = alternative, now, name
    status.save(update_fields=["chosen", "chosen_at", "chosen_by_name"])
    tell_choice(comparison=comparison, alternative=alternative, by_name=name, message=message, now=now)
    if visitor.user:
        confirm_choice(comparison=comparison, alternative=alternative, message=message, person=visitor.user, now=now)
    return record_event(
        quote=comparison,
        kind=QuoteEvent.Kind.CHOSEN,
        now=now,
        by=visitor.user,
        by_name=name,
        link=visitor.link,
        ip=visitor.ip,
        user_agent=visitor.user_agent,
        detail=detail,
    )
