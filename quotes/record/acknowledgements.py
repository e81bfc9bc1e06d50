"""The acknowledgement of an order (注文請書): drawn once from the quote that was ordered, sealed in the log."""

import hashlib
import uuid
from datetime import datetime
from typing import Any

from django.utils import timezone

from foundation.transactions import one_transaction
from licensing.models import User

from ..models import Acknowledgement, Quote, QuoteEvent, QuoteStatus, State
from ..paper import Order, acknowledge, draw, record_name
from .checks import check_of, new_check_code
from .events import record_event
from .transitions import lock_ordered


@one_transaction
def acknowledge_order(*, quote: Quote, by: User, now: datetime) -> Acknowledgement:
    """Make the acknowledgement of what is ordered. The quote is loaded with its document.

    What was made for the same order day and number is given back, and nothing is written. Raises NotOrdered, and
    DrawingFailed where the PDF cannot be drawn. Two at once: the second waits, and is given the first one's.
    """
    status = lock_ordered(quote=quote)
    made = list(Acknowledgement.objects.filter(quote=quote).defer("content").order_by("position"))
    if made and counts(made[-1], status):
        return made[-1]
    on = now.astimezone(timezone.get_default_timezone()).date()
    position = len(made) + 1
    number = f"A{quote.number[1:]}-{position}"
    ordered_on = status.ordered_on or on
    order: Order = {
        "quote_number": quote.number,
        "ordered_on": ordered_on.isoformat(),
        "order_number": status.order_number,
    }
    at = now.astimezone(timezone.get_default_timezone())
    code = new_check_code()
    paper = acknowledge(
        document=quote.document, order=order, number=number, now=at, on=on.isoformat(), check=check_of(code)
    )
    content = draw(document=paper)
    one = Acknowledgement.objects.create(
        key=uuid.uuid4(),
        quote=quote,
        position=position,
        number=number,
        ordered_on=ordered_on,
        order_number=status.order_number,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        check_code=code,
        made_by=by,
        made_at=now,
    )
    record_event(
        quote=quote,
        kind=QuoteEvent.Kind.ORDER_ACKNOWLEDGED,
        now=now,
        by=by,
        detail=told_of_acknowledgement(one),
    )
    return one


def counts(one: Acknowledgement, status: QuoteStatus) -> bool:
    """Whether it says what is ordered now. One that does not stays as a record."""
    return status.state == State.ORDERED and (one.ordered_on, one.order_number) == (
        status.ordered_on or one.ordered_on,
        status.order_number,
    )


def counting_acknowledgement(quote: Quote, status: QuoteStatus) -> Acknowledgement | None:
    """The one that says what is ordered now, without its content; None where there is none. One query."""
    if status.state != State.ORDERED:
        return None
    last = Acknowledgement.objects.filter(quote=quote).defer("content").order_by("-position").first()
    return last if last and counts(last, status) else None


def acknowledgement_rows(quote: Quote) -> list[tuple[Acknowledgement, bool]]:
    """The quote's acknowledgements without their content, the last one first, and whether each counts. One query."""
    made = Acknowledgement.objects.filter(quote=quote).defer("content").select_related("made_by").order_by("-position")
    return [(one, index == 0 and counts(one, quote.status)) for index, one in enumerate(made)]


def name_of_acknowledgement(*, quote: Quote, one: Acknowledgement, for_customer: bool = False) -> tuple[str, str]:
    """The name under which it is saved, and one in ASCII: the day on which it was made, the other party, total, number.

    For the reseller the other party is the customer; for the customer it is who issued it, as with quotes.
    """
    day = one.made_at.astimezone(timezone.get_default_timezone()).date()
    party = quote.document["issuer"]["name"] if for_customer else quote.customer_name
    given: dict[str, Any] = {"day": day, "party": party, "total": quote.total}
    name = record_name(**given, number=f"{one.number}_注文請書")
    return f"{name}.pdf", f"{record_name(**given, number=one.number, is_ascii=True)}.pdf"


def told_of_acknowledgement(one: Acknowledgement) -> dict[str, Any]:
    """What the log says of it: all that its row says, but who and when, which the entry itself says."""
    check = {"check_code": one.check_code} if one.check_code else {}
    return check | {
        "acknowledgement": str(one.key),
        "position": one.position,
        "name": one.number,
        "ordered_on": one.ordered_on.isoformat(),
        "order_number": one.order_number,
        "sha256": one.sha256,
    }
