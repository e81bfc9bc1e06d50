"""What customers answer to a quote: that they wish to order, or that they do not."""

from datetime import datetime

from django.utils import timezone

from foundation.transactions import one_transaction

from ..links.operations import lock_open_link
from ..models import Quote, QuoteEvent, QuoteStatus, State, shown_state
from ..record.events import record_event
from ..record.holdings import ordered_elsewhere
from ..record.refusals import NotOpen, OrderedElsewhere
from .notices import confirm_answer, tell_answer
from .visits import Visitor

KINDS = {
    QuoteStatus.Answer.ORDER: QuoteEvent.Kind.ORDER_WISHED,
    QuoteStatus.Answer.DECLINE: QuoteEvent.Kind.DECLINED,
}


@one_transaction
def answer_quote(
    *, quote: Quote, answer: str, message: str, by_name: str, visitor: Visitor, now: datetime
) -> QuoteEvent | None:
    """Keep what a customer answers: `order` or `decline`, with a message if they like.

    `by_name` is what somebody with a share link calls themselves; a person with a log-in has their own name. An answer
    may be changed as long as the quote is open; each stays in the log, and the reseller is told of each by e-mail. None
    where the same was answered already, by the same person: a button pressed twice answers once.

    A person with a log-in is told by e-mail that it arrived. Raises NotOpen where the quote has expired or no longer
    counts, perhaps since a moment ago; OrderedElsewhere where the same is ordered already (R22); LinkClosed. Then
    nothing is written.
    """
    choice = QuoteStatus.Answer(answer)
    kind = KINDS[choice]
    message, name = message.strip(), visitor.user.name if visitor.user else by_name.strip()
    today = now.astimezone(timezone.get_default_timezone()).date()
    if visitor.link:
        lock_open_link(link=visitor.link, now=now)
    status = QuoteStatus.objects.select_for_update(no_key=True).get(pk=quote.pk)
    state = shown_state(state=status.state, valid_until=quote.valid_until, on=today)
    if state != State.ISSUED:
        raise NotOpen(quote, state)
    if choice == QuoteStatus.Answer.ORDER and (other := ordered_elsewhere(quote)):
        raise OrderedElsewhere(quote, other)
    last = quote.events.filter(kind__in=KINDS.values()).order_by("position").last()
    detail = {"message": message} if message else {}
    said = (kind, visitor.user, visitor.link, name, detail)
    if last and status.answer == choice and (last.kind, last.by, last.link, last.by_name, last.detail) == said:
        return None
    status.answer, status.answered_at = choice, now
    status.save(update_fields=["answer", "answered_at"])
    tell_answer(quote=quote, answer=choice, by_name=name, message=message, now=now)
    if visitor.user:
        confirm_answer(quote=quote, answer=choice, message=message, person=visitor.user, now=now)
    return record_event(
        quote=quote,
        kind=kind,
        now=now,
        by=visitor.user,
        by_name=name,
        link=visitor.link,
        ip=visitor.ip,
        user_agent=visitor.user_agent,
        detail=detail,
    )
