"""Which quotes and drafts a user may see, and how they are found."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, When
from django.db.models.fields.json import KT

from foundation.mail.models import OutgoingMail
from foundation.text.search import search_key, search_words
from licensing.models import Customer, LicenseID, Reseller, User, hash_token
from licensing.queries import visible_customers

from ..models import (
    EXPIRED,
    Quote,
    QuoteDraft,
    QuoteDraftPart,
    QuoteEvent,
    QuotePart,
    RecordExport,
    ShareLink,
    State,
    shown_state,
)

ANSWERS = (QuoteEvent.Kind.ORDER_WISHED, QuoteEvent.Kind.DECLINED)
GIVEN = (QuoteEvent.Kind.LINK_MADE, QuoteEvent.Kind.MAIL_QUEUED, QuoteEvent.Kind.VIEWED, *ANSWERS)
"""What shows that a quote has gone to its customer: it was shared or sent. Or they have seen it already: that does not
vanish when the reseller changes its mind."""
MOST_QUOTES = 100
MOST_RECIPIENTS = 8
PLACES = ("status", "customer")
"""What a list shows of each quote beside itself: how it stands, and where its names lead."""
PARTS = Prefetch("parts", QuotePart.objects.select_related("licenseid__customer").order_by("position"))
"""The license IDs of a quote in their order, and whose they are by now."""
DRAFT_PARTS = Prefetch("parts", QuoteDraftPart.objects.select_related("licenseid").order_by("position"))
STATUSES = ("current", "answered", "closed", *State.values, EXPIRED, "all")
"""What `find_quotes` filters by: the revisions that count, those whose customer answered and waits, those
with an outcome (ordered, lost, withdrawn), a shown state."""


def visible_quotes(user: User) -> QuerySet[Quote]:
    """Issued quotes that the user may see, each with how it stands; the documents themselves stay unread.

    A quote is the record of the reseller that issued it: it stays there when its customer changes the reseller.
    """
    quotes = Quote.objects.select_related("status", "issued_by").defer("document", "trace", "asked")
    if user.is_reseller_staff:
        return quotes.filter(reseller=user.reseller_id) if user.is_active else quotes.none()
    return quotes.filter(customer__in=visible_customers(user))


def visible_drafts(user: User) -> QuerySet[QuoteDraft]:
    """Drafts are internal: staff of the reseller whose draft it is, while the customer is theirs; and portal admins."""
    drafts = QuoteDraft.objects.filter(customer__in=visible_customers(user))
    if user.is_reseller_staff:
        return drafts.filter(created_by__reseller=user.reseller_id)
    return drafts if user.is_portal_admin else drafts.none()


def drafts_with_basis(user: User) -> QuerySet[QuoteDraft]:
    """Drafts that the user may see, each with the quote that it was made from and how that one stands."""
    large = [f"basis__{name}" for name in ("document", "trace", "acknowledged")]
    return visible_drafts(user).select_related("saved_by", "customer", "basis__status").defer(*large)


def find_quotes(*, user: User, text: str, status: str, on: date) -> QuerySet[Quote]:
    """Issued quotes, newest first: every word of the text in number, license ID, subject, customer or issuing person.

    The customer is found by the name on the quote, and by its present name and kana. A number is also found as the
    total. `status` is one of STATUSES; an issued quote expires at the end of its last day (R15).
    """
    quotes = (
        visible_quotes(user).select_related("reseller", *PLACES).prefetch_related(PARTS).order_by("-issued_at", "-pk")
    )
    words = search_words(text)
    people = set(quotes.order_by().values_list("issued_by_name", flat=True).distinct()) if words else set()
    for word in words:
        quotes = quotes.filter(
            Q(search_key__contains=word)
            | Q(customer__search_key__contains=word)
            | Q(issued_by_name__in=_named(people, word))
            | _amount("total", word)
        )
    return quotes.filter(_has_status(status, on))


def count_by_status(quotes: QuerySet[Quote], *, statuses: Iterable[str], on: date) -> dict[str, int]:
    """How many of the quotes there are of each of STATUSES; one query."""
    counts = {status: Count("pk", filter=_has_status(status, on)) for status in statuses}
    return quotes.order_by().aggregate(**counts)


def _has_status(status: str, on: date) -> Q:
    if status == "current":
        return ~Q(status__state=State.SUPERSEDED)
    if status == "answered":
        return _is_answered()
    if status == "closed":
        return Q(status__state__in=[State.ORDERED, State.LOST, State.WITHDRAWN])
    return Q() if status == "all" else _in_states([status], on)


def answered_quotes(user: User) -> QuerySet[Quote]:
    """Quotes whose customer has answered and whose outcome nobody has recorded yet, the last answer first."""
    return with_answer_message(visible_quotes(user).filter(_is_answered())).order_by("-status__answered_at", "-pk")


def with_answer_message(quotes: QuerySet[Quote]) -> QuerySet[Quote]:
    """The quotes, each with what its customer wrote with the last answer: `answer_message`, None where nothing."""
    answers = QuoteEvent.objects.filter(quote=OuterRef("pk"), kind__in=ANSWERS).order_by("-position")
    return quotes.annotate(answer_message=Subquery(answers.values(message=KT("detail__message"))[:1]))


def quotes_of_customer(user: User, customer: Customer) -> QuerySet[Quote]:
    """The revisions that count of a customer's quotes, newest first."""
    quotes = visible_quotes(user).filter(customer=customer).exclude(status__state=State.SUPERSEDED)
    return quotes.order_by("-issued_at", "-pk")


def revisions_of(user: User, quote: Quote) -> QuerySet[Quote]:
    """All revisions of the quote's number, the first one first."""
    same = visible_quotes(user).filter(reseller=quote.reseller_id, month=quote.month, sequence=quote.sequence)
    return same.order_by("revision")


def _is_answered() -> Q:
    return Q(status__state=State.ISSUED, status__answered_at__isnull=False)


@dataclass(frozen=True)
class Checked:
    """What anybody with a check code may know of a quote."""

    state: str
    """`current`, `expired`, `superseded` or `withdrawn`. What became of it (ordered, lost) is nobody else's affair."""
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
        return None
    state = quote.status.state
    if state not in (State.SUPERSEDED, State.WITHDRAWN):
        expired = shown_state(state=State.ISSUED, valid_until=quote.valid_until, on=on) == EXPIRED
        state = "expired" if expired else "current"
    revisions = Quote.objects.filter(reseller_id=quote.reseller_id, month=quote.month, sequence=quote.sequence)
    newest = revisions.aggregate(newest=Max("revision"))["newest"]
    return Checked(str(state), f"{newest:02d}", quote.pdf.sha256, quote.is_sample)


RECORD_ORDERS = {
    "day": ("issued_on", "issued_at"),
    "number": ("month", "sequence", "revision"),
    "customer": ("customer_name",),
    "license": ("license_codes",),
    "total": ("total",),
}
"""By what records are sorted: name in addresses, and columns."""


@dataclass(frozen=True, slots=True)
class RecordSearch:
    """What issued revisions are searched by; all that is given must fit. Days and amounts (yen, with tax) included."""

    first_day: date | None = None
    last_day: date | None = None
    least: int | None = None
    most: int | None = None
    customer: str = ""
    number: str = ""
    license_id: str = ""
    states: tuple[str, ...] = ()
    """Of SHOWN_STATES; none: all."""
    order: str = "-day"
    """One of RECORD_ORDERS, with a minus for the greatest first."""

    def as_json(self) -> dict[str, Any]:
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(self).items()}

    def as_query(self) -> str:
        """The search as the end of an address, in the names of the form's fields."""
        named = {"states": "state"}
        given = {name: value for name, value in self.as_json().items() if value not in (None, "", ())}
        return urlencode({named.get(name, name): value for name, value in given.items()}, doseq=True)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "RecordSearch":
        days = {name: date.fromisoformat(values[name]) for name in ("first_day", "last_day") if values[name]}
        return cls(**{**values, **days, "states": tuple(values["states"])})


def find_records(*, user: User, search: RecordSearch, on: date) -> QuerySet[Quote]:
    """The issued revisions, in all states, that the user may see and that fit. States are those of the day `on`.

    A customer is found by the name on the quote, and by its present name and kana: every word in any of them.
    """
    quotes = visible_quotes(user).select_related("reseller", *PLACES).prefetch_related(PARTS)
    bounds = {
        "issued_on__gte": search.first_day,
        "issued_on__lte": search.last_day,
        "total__gte": search.least,
        "total__lte": search.most,
    }
    quotes = quotes.filter(**{name: value for name, value in bounds.items() if value is not None})
    for word in search_words(search.customer):
        quotes = quotes.filter(in_key(1, word) | Q(customer__search_key__contains=word))
    if number := search_key(search.number):
        quotes = quotes.filter(in_key(0, number))
    if code := search_key(search.license_id):
        quotes = quotes.filter(in_key(2, code))
    if search.states:
        quotes = quotes.filter(_in_states(search.states, on))
    is_reversed, name = search.order.startswith("-"), search.order.removeprefix("-")
    columns = [*RECORD_ORDERS.get(name, RECORD_ORDERS["day"]), "pk"]
    return quotes.order_by(*(f"-{column}" if is_reversed else column for column in columns))


def sum_up_records(quotes: QuerySet[Quote]) -> tuple[int, int]:
    """How many there are, and the sum of their totals in yen, with tax."""
    sums = quotes.order_by().aggregate(count=Count("pk"), total=Sum("total"))
    return sums["count"], sums["total"] or 0


def visible_exports(user: User) -> QuerySet[RecordExport]:
    """Exports of the user's own reseller; a portal admin's own ones."""
    exports = RecordExport.objects.select_related("batch__created_by")
    if user.is_reseller_staff and user.is_active:
        return exports.filter(reseller=user.reseller_id)
    return exports.filter(reseller=None, batch__created_by=user) if user.is_portal_admin else exports.none()


def in_key(part: int, word: str) -> Q:
    """The word in one part of a quote's search key, which are separated by spaces: number, customer, license ID, …"""
    return Q(search_key__contains=word, search_key__regex="^" + "[^ ]* " * part + "[^ ]*" + re.escape(word))


def _in_states(states: Iterable[str], on: date) -> Q:
    """The states as people see them on a day."""
    found = Q(pk__in=())
    for state in states:
        if state == EXPIRED:
            found |= Q(status__state=State.ISSUED, valid_until__lt=on)
        elif state == State.ISSUED:
            found |= Q(status__state=state, valid_until__gte=on)
        else:
            found |= Q(status__state=state)
    return found


def received_quotes(user: User, *, on: date) -> QuerySet[Quote]:
    """What a customer was given: quotes that are open on the day first, then the others; the newest first in each.

    A reseller may let its customers see a quote as soon as it is issued, before anybody has sent or shared it.
    """
    given = QuoteEvent.objects.filter(quote=OuterRef("pk"), kind__in=GIVEN)
    may_see = Q(reseller__customers_see_quotes=Reseller.CustomersSee.ISSUED) | Exists(given)
    is_open = Q(status__state=State.ISSUED, valid_until__gte=on)
    place = Case(When(is_open, then=0), default=1)
    return visible_quotes(user).filter(may_see).select_related("reseller").order_by(place, "-issued_at", "-pk")


def latest_revision(quote: Quote) -> Quote:
    """The last revision of the quote's number."""
    same = Quote.objects.filter(reseller=quote.reseller_id, month=quote.month, sequence=quote.sequence)
    return same.defer("document", "trace", "asked").latest("revision")


def answered_by(quote: Quote) -> str:
    """Who gave the customer's last answer; for the customer's own people."""
    events = quote.events.filter(kind__in=ANSWERS)
    return events.order_by("-position").values_list("by_name", flat=True).first() or ""


def find_link(token: str) -> ShareLink | None:
    """The share link with this token, and its quote as the customer sees it. Whether it still opens, it says itself."""
    links = ShareLink.objects.select_related("quote__customer", "quote__status", "quote__reseller")
    return links.defer("quote__trace", "quote__asked").filter(token_hash=hash_token(token)).first()


def find_drafts(*, user: User, text: str) -> QuerySet[QuoteDraft]:
    """Drafts, last saved first: every word of the text in customer, license ID, subject, person or total."""
    drafts = _with_basis(visible_drafts(user)).order_by("-saved_at", "-pk")
    words = search_words(text)
    people = set(drafts.order_by().values_list("saved_by__name", flat=True).distinct()) if words else set()
    license_ids = LicenseID.objects.filter(quote_drafts=OuterRef("pk"))
    for word in words:
        drafts = drafts.filter(
            Q(search_key__contains=word)
            | Exists(license_ids.filter(search_key__contains=word))
            | Q(customer__search_key__contains=word)
            | Q(saved_by__name__in=_named(people, word))
            | _amount("priced_total", word)
        )
    return drafts


def _with_basis(drafts: QuerySet[QuoteDraft]) -> QuerySet[QuoteDraft]:
    """Drafts with what a list shows of them, the number of the quote that they were made from among it."""
    rows = drafts.select_related("customer", "saved_by", "basis").prefetch_related(DRAFT_PARTS)
    return rows.defer(*(f"basis__{name}" for name in ("document", "trace", "asked", "acknowledged")))


def _named(people: Iterable[str], word: str) -> list[str]:
    """The names in which a search key is found; a reseller has few people, and records keep names as they were."""
    return sorted(name for name in people if word in search_key(name))


def _amount(field: str, word: str) -> Q:
    """The amount that a search key may mean: 1,500,070 and ¥1,500,070 have become 1500070 and ¥1500070."""
    match = re.fullmatch(r"[¥\\]?(\d{1,15})円?", word, re.ASCII)
    return Q(**{field: int(match[1])}) if match else Q(pk__in=())


def mails_of(quote: Quote) -> QuerySet[OutgoingMail]:
    """The e-mail by which a quote was sent, the latest first; without texts."""
    return OutgoingMail.objects.filter(about=f"quote:{quote.key}").defer("sealed_text", "attachment")


def known_recipients(user: User, quote: Quote) -> list[tuple[str, str]]:
    """To whom a quote may be sent without typing: address and name. The customer's contacts who log in, then those who
    got an e-mail with one of the reseller's quotes to this customer.
    """
    contacts = User.objects.filter(
        customer=quote.customer_id, customer__in=visible_customers(user), is_active=True
    ).values_list("email", "name")
    same = visible_quotes(user).filter(customer=quote.customer_id).order_by("-issued_at")
    about = [f"quote:{key}" for key in same.values_list("key", flat=True)[:MOST_QUOTES]]
    earlier = OutgoingMail.objects.filter(about__in=about, state=OutgoingMail.State.SENT).order_by("-pk")
    found: dict[str, str] = {}
    for address, name in (*contacts.order_by("name", "pk"), *earlier.values_list("to", "to_name")[:MOST_QUOTES]):
        found.setdefault(address, name)
    return list(found.items())[:MOST_RECIPIENTS]
