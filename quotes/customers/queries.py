"""What customers were given, and what anybody may know who holds the paper."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, Max, OuterRef, Q, QuerySet, When

from licensing.models import Reseller, User

from ..models import EXPIRED, Acknowledgement, Comparison, Quote, QuoteEvent, State, shown_state
from ..record.acknowledgements import counting_acknowledgement
from ..record.comparisons import visible_comparisons
from ..record.queries import ANSWERS, visible_quotes

GIVEN = (
    QuoteEvent.Kind.LINK_MADE,
    QuoteEvent.Kind.MAIL_QUEUED,
    QuoteEvent.Kind.VIEWED,
    QuoteEvent.Kind.CHOSEN,
    *ANSWERS,
)
"""What shows that a quote or comparison has gone to its customer: it was shared or sent. Or they have seen it already:
that does not vanish when the reseller changes its mind."""


def received_quotes(user: User, *, on: date) -> QuerySet[Quote]:
    """What a customer was given: quotes that are open on the day first, then the others; the newest first in each.

    A reseller may let its customers see a quote as soon as it is issued, before anybody has sent or shared it.
    """
    given = QuoteEvent.objects.filter(quote=OuterRef("pk"), kind__in=GIVEN)
    may_see = Q(reseller__customers_see_quotes=Reseller.CustomersSee.ISSUED) | Exists(given)
    is_open = Q(status__state=State.ISSUED, valid_until__gte=on)
    place = Case(When(is_open, then=0), default=1)
    return visible_quotes(user).filter(may_see).select_related("reseller").order_by(place, "-issued_at", "-pk")


def received_comparisons(user: User, *, on: date) -> QuerySet[Comparison]:
    """The comparisons that a customer was given, as `received_quotes`: those of which an alternative can be chosen on
    the day come first, then the others; the newest first in each.
    """
    given = QuoteEvent.objects.filter(comparison=OuterRef("pk"), kind__in=GIVEN)
    may_see = Q(reseller__customers_see_quotes=Reseller.CustomersSee.ISSUED) | Exists(given)
    may_choose = Q(status__withdrawn_at=None, is_quoted=False, valid_until__gte=on)
    place = Case(When(may_choose, then=0), default=1)
    return visible_comparisons(user).filter(may_see).select_related("reseller").order_by(place, "-made_at", "-pk")


def answered_by(quote: Quote) -> str:
    """Who gave the customer's last answer; for the customer's own people."""
    events = quote.events.filter(kind__in=ANSWERS)
    return events.order_by("-position").values_list("by_name", flat=True).first() or ""


@dataclass(frozen=True)
class Checked:
    """What anybody with a check code may know of a quote."""

    state: str
    """`current`, `expired`, `superseded` or `withdrawn`. What became of it (ordered, lost) is nobody else's affair.

    Of the acknowledgement of an order `acknowledged`, or `past` where it does not say any more what is ordered.
    """
    newest_revision: str
    """The revision that counts, as it stands in its number."""
    sha256: str
    """Of the PDF as it was issued, in hexadecimal."""
    is_sample: bool


def find_checked(*, code: str, on: date) -> Checked | None:
    """How the quote with a check code stands on a day in Japan; None where there is none. `code`: as it is stored."""
    quotes = Quote.objects.select_related("status", "pdf").only(
        "reseller_id", "month", "sequence", "valid_until", "is_sample", "status__state", "pdf__sha256"
    )
    quote = quotes.filter(check_code=code).first()
    if quote is None:
        return _find_acknowledgement(code)
    state = quote.status.state
    if state not in (State.SUPERSEDED, State.WITHDRAWN):
        expired = shown_state(state=State.ISSUED, valid_until=quote.valid_until, on=on) == EXPIRED
        state = "expired" if expired else "current"
    revisions = Quote.objects.filter(reseller_id=quote.reseller_id, month=quote.month, sequence=quote.sequence)
    newest = revisions.aggregate(newest=Max("revision"))["newest"]
    return Checked(str(state), f"{newest:02d}", quote.pdf.sha256, quote.is_sample)


def _find_acknowledgement(code: str) -> Checked | None:
    """The same of the acknowledgement of an order. Whoever holds it knows that there is an order."""
    one = Acknowledgement.objects.select_related("quote__status").defer("content").filter(check_code=code).first()
    if one is None:
        return None
    counts = counting_acknowledgement(one.quote, one.quote.status) == one
    return Checked("acknowledged" if counts else "past", "", one.sha256, one.quote.is_sample)
