"""Who is to be reminded of what today. Reads only."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from licensing.models import Contact, Reseller, User
from licensing.queries import people_in_charge
from quotes.models import Quote, QuoteEvent, QuotePart, QuoteStatus, State

from ..models import STAGES, DeskRow, QuietCustomer, Reminder, ReminderSettings, Stage
from .days import last_day_covered

CONFIRM, SILENT, EXPIRY = Reminder.Kind
STAGES_OF: dict[str, frozenset[str]] = {
    CONFIRM: frozenset({Stage.OPEN}),
    SILENT: frozenset({Stage.SENT, Stage.SEEN}),
    EXPIRY: frozenset({Stage.OPEN, Stage.ASKED, Stage.ANSWERED, Stage.DRAFTED, Stage.QUOTED, Stage.SENT, Stage.SEEN}),
}
"""In which a customer is written to: never after an order, a loss, 更新しない, or where they wish to order. Where they
declined the quote that counts, `are_declined` tells: until the loss is recorded, no stage does.
"""
SENT = (QuoteEvent.Kind.LINK_MADE, QuoteEvent.Kind.MAIL_QUEUED)


@dataclass(frozen=True, slots=True)
class Due:
    """One letter that is due: of one kind, to one customer, about these renewals, or one quote."""

    kind: str
    customer: int
    renewals: tuple[tuple[int, date], ...]
    """License ID and expiry."""
    quote_key: str = ""


def settings_of(reseller: Reseller) -> ReminderSettings:
    """The reseller's rhythm; the portal's own where nothing was saved."""
    return ReminderSettings.objects.filter(reseller=reseller).first() or ReminderSettings(reseller=reseller)


def due_letters(*, settings: ReminderSettings, on: date) -> list[Due]:
    """What is due on a business day by the rows of the desk: what becomes due before the next one is due now."""
    until = last_day_covered(on)
    found: list[Due] = []
    for kind, days in ((CONFIRM, settings.confirm_days), (EXPIRY, settings.expiry_days)):
        if days is None:
            continue
        rows = _rows(kind, settings.reseller_id).filter(expires_on__gte=on, expires_on__lte=until + timedelta(days))
        grouped: dict[int, list[tuple[int, date]]] = defaultdict(list)
        ordered = rows.order_by("customer", "expires_on", "code")
        columns = ("customer", "licenseid", "expires_on", "quote_key")
        wanted = list(ordered.values_list(*columns))
        declined = are_declined(key for *_row, key in wanted)
        for customer, licenseid, day, key in wanted:
            if key not in declined:
                grouped[customer].append((licenseid, day))
        found += [Due(kind, customer, tuple(own)) for customer, own in grouped.items()]
    if settings.silent_days is not None:
        found += _silent(settings.reseller_id, on=on, until=until + timedelta(settings.silent_days))
    return found


def _silent(reseller: int, *, on: date, until: date) -> list[Due]:
    """Of the quotes whose validity ends in these days: who has not answered. Others are not looked at."""
    today = timezone.make_aware(datetime.combine(on, time.min))
    sent_today = QuoteEvent.objects.filter(quote=OuterRef("pk"), kind__in=SENT, at__gte=today)
    ending = Quote.objects.filter(
        ~Exists(sent_today),  # it is no silence yet
        reseller=reseller,
        status__state=State.ISSUED,
        valid_until__gte=on,
        valid_until__lte=until,
    )
    keys = [str(key) for key in ending.order_by("pk").values_list("key", flat=True)]
    if not keys:
        return []
    rows = _rows(SILENT, reseller).filter(
        licenseid__in=QuotePart.objects.filter(quote__in=ending).values("licenseid"), quote_key__in=keys
    )
    columns = ("customer", "licenseid", "expires_on", "quote_key")
    of_quote: dict[str, tuple[int, list[tuple[int, date]]]] = {}
    for customer, licenseid, day, key in rows.order_by("pk").values_list(*columns):
        of_quote.setdefault(key, (customer, []))[1].append((licenseid, day))
    silent = of_quote.keys() - are_declined(of_quote)
    return [Due(SILENT, of_quote[key][0], tuple(of_quote[key][1]), key) for key in keys if key in silent]


def are_declined(keys: Iterable[str]) -> set[str]:
    """Of quotes, by key: those whose customer answered that they do not want them. One query, none without keys."""
    wanted = {key for key in keys if key}
    if not wanted:
        return set()
    rows = QuoteStatus.objects.filter(quote__key__in=wanted, answer=QuoteStatus.Answer.DECLINE)
    return {str(key) for key in rows.values_list("quote__key", flat=True)}


def reachable(customers: Iterable[int]) -> set[int]:
    """Of these customers, those who have an address: a contact's, or of somebody who logs in. Two queries."""
    numbers = set(customers)
    contacts = Contact.objects.filter(customer__in=numbers, is_gone=False).exclude(email="")
    people = User.objects.filter(customer__in=numbers, is_active=True)
    return {*contacts.values_list("customer", flat=True), *people.values_list("customer", flat=True)}


def _rows(kind: str, reseller: int) -> QuerySet[DeskRow]:
    """Rows of which a letter of the kind may still go out."""
    told = Reminder.objects.filter(kind=kind, licenseid=OuterRef("licenseid"), expires_on=OuterRef("expires_on"))
    if kind == SILENT:
        told = told.filter(quote_key=OuterRef("quote_key"))
    quiet = QuietCustomer.objects.filter(
        Q(customer=OuterRef("customer")) | Q(customer__merged_into=OuterRef("customer"))
    )
    places = [STAGES.index(stage) for stage in STAGES_OF[kind]]
    rows = DeskRow.objects.filter(reseller=reseller, stage_place__in=places)
    return rows.filter(~Exists(told), ~Exists(quiet))


def told_already(kind: str, rows: Iterable[DeskRow]) -> set[tuple[int, date, str]]:
    """Of these rows: license ID, expiry and quote of which a letter of the kind went out."""
    own = Reminder.objects.filter(kind=kind, licenseid__in={row.licenseid_id for row in rows})
    return set(own.values_list("licenseid", "expires_on", "quote_key"))


def sender_for(reseller: Reseller, owner: int | None) -> User | None:
    """In whose name the portal writes: the customer's owner, else the first manager; None where there is nobody."""
    return next(iter(people_in_charge(reseller.pk, owner)), None)
