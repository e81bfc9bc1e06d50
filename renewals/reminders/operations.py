"""Write what is due, once: the letter and the note that it was written are one transaction."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Prefetch

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import queue_mail
from foundation.transactions import one_transaction
from licensing.models import Customer, Holding, LicenseID, Reseller, User
from quotes.letters import operations as letters
from quotes.letters import words
from quotes.letters.queries import mails_of
from quotes.models import Quote

from ..confirmations import texts as confirming
from ..confirmations.operations import ABOUT as CONFIRMATION
from ..confirmations.operations import AlreadyAsked, ask
from ..confirmations.queries import is_quiet
from ..confirmations.recipients import Recipient, recipients_of, was_removed
from ..confirmations.texts import letter_values
from ..desk.current import current_rows
from ..desk.facts import day_of
from ..desk.rows import rows_of
from ..models import DeskRow, Reminder, ReminderSettings
from .queries import CONFIRM, EXPIRY, SILENT, STAGES_OF, Due, are_declined, sender_for, told_already
from .texts import letter_of

MINE = uuid.UUID("5f0f8e0e-5f3c-4d2f-9d0b-0d6c2d0c9b11")
"""Of keys that are made of what a letter is about: the same again is the same letter."""
Addresses = Mapping[str, Callable[[str], str]]
"""By kind: the address of the page that a letter leads to, from its token."""


@one_transaction
def write(*, due: Due, settings: ReminderSettings, addresses: Addresses, now: datetime) -> bool:
    """Write one letter that is due, of what is still so. False where nothing is, or nobody can be written to.

    The customer is locked, and how far the renewals are is asked anew: of two workers one writes, and whoever recorded
    an order a moment ago is believed. Raises ValidationError for an address that cannot be.
    """
    on = day_of(now)
    found = Customer.objects.select_for_update(no_key=True, of=("self",)).select_related("reseller")
    customer = found.filter(pk=due.customer, merged_into=None).first()
    if customer is None or is_quiet(due.customer):
        return False
    rows = _still_wanted(due, customer, on=on)
    by = sender_for(customer.reseller, customer.owner_id)
    if not rows or by is None:
        return False
    writer = {CONFIRM: _ask, SILENT: _ask_again, EXPIRY: _tell_expiry}[Reminder.Kind(due.kind)]
    key = writer(due, rows, customer, by, settings, addresses, now)
    if not key:
        return False
    Reminder.objects.bulk_create(
        Reminder(
            kind=due.kind,
            licenseid_id=row.licenseid_id,
            expires_on=row.expires_on,
            quote_key=due.quote_key,
            sent_on=on,
            mail_key=key,
        )
        for row in rows
    )
    return True


def _still_wanted(due: Due, customer: Customer, *, on: date) -> list[DeskRow]:
    rows = current_rows({licenseid for licenseid, _day in due.renewals}, on=on)
    told = told_already(due.kind, rows)
    declined = are_declined(row.quote_key for row in rows)
    return [
        row
        for row in rows
        if (row.licenseid_id, row.expires_on) in due.renewals
        and row.stage in STAGES_OF[due.kind]
        and row.customer_id == customer.pk
        and row.expires_on >= on
        and row.quote_key not in declined
        and (row.quote_key == due.quote_key if due.quote_key else True)
        and (row.licenseid_id, row.expires_on, due.quote_key) not in told
    ]


def _ask(
    due: Due,
    rows: Sequence[DeskRow],
    customer: Customer,
    by: User,
    _settings: ReminderSettings,
    addresses: Addresses,
    now: datetime,
) -> str:
    """数量確認 by the reseller's own way of asking; its key, or nothing where there is no address."""
    to = _recipient(customer, by)
    if to is None:
        return ""
    on = day_of(now)
    settings = confirming.settings_of(customer.reseller)
    first = min(row.expires_on for row in rows)
    until = max(on, min(on + timedelta(days=settings.days_open), first))
    remind = on + timedelta(days=settings.remind_after) if settings.remind_after else None
    key = uuid.uuid5(MINE, _told(due, rows))
    licenseids = _licenseids(row.licenseid_id for row in rows)
    said: dict[str, Any] = {
        "key": key,
        "to": to.address,
        "to_name": to.name,
        "language": to.language,
        "letter": confirming.letter_of(settings, to.language),
        "open_until": until,
        "remind_on": remind if remind and remind <= until else None,
        "with_prices": settings.shows_prices,
        "by": by,
        "make_address": addresses[CONFIRM],
        "now": now,
    }
    try:
        ask(licenseids=licenseids, **said)
    except AlreadyAsked as refused:
        unasked = [one for one in licenseids if one.code not in refused.codes]
        if not unasked:  # of another expiry, they are asked already what they need of the license ID
            return f"{CONFIRMATION}:earlier"
        ask(licenseids=unasked, **said)
    return f"{CONFIRMATION}:{key}"


def _ask_again(
    due: Due,
    rows: Sequence[DeskRow],
    customer: Customer,
    by: User,
    settings: ReminderSettings,
    addresses: Addresses,
    now: datetime,
) -> str:
    """The quote once more, to whom it was sent last and who is still there; with a share link of its own."""
    quote = Quote.objects.select_related("reseller", "customer", "status").get(key=due.quote_key)
    mails = mails_of(quote).filter(state=OutgoingMail.State.SENT).order_by("-pk")
    sent = next((mail for mail in mails if not was_removed(mail.to, customer=customer.pk)), None)
    known = _recipient(customer, by)
    if sent is None and known is None:
        return ""
    to, name = (sent.to, sent.to_name) if sent else (known.address, known.name) if known else ("", "")
    letter = letter_of(settings, SILENT, words.language_of(quote))
    mail = letters.send_quote(
        quote=quote,
        form_key=str(uuid.uuid5(MINE, _told(due, rows))),
        to=to,
        to_name=name,
        cc=(),
        letter=words.Letter(*_without_braces(letter.subject, letter.body, quote, name, by)),
        with_link=True,
        with_pdf=False,
        is_reminder=True,
        by=by,
        make_address=addresses[SILENT],
        now=now,
    )
    return mail.key


def _without_braces(subject: str, body: str, quote: Quote, name: str, by: User) -> tuple[str, str]:
    """Filled in but for the link: nothing of a name is looked at again."""
    language = words.language_of(quote)
    values = letters.letter_values(quote=quote, to_name=name, sender=by, link=words.MARKS[language])
    return words.fill_in(subject, values), words.fill_in(body, values)


def _tell_expiry(
    due: Due,
    rows: Sequence[DeskRow],
    customer: Customer,
    by: User,
    settings: ReminderSettings,
    _addresses: Addresses,
    now: datetime,
) -> str:
    """That support is about to end, with each day."""
    to = _recipient(customer, by)
    if to is None:
        return ""
    letter = letter_of(settings, EXPIRY, to.language)
    reseller: Reseller = customer.reseller
    values = letter_values(
        customer=customer.name,
        to_name=to.name,
        reseller=reseller,
        sender=by,
        expiries=[(row.code, row.expires_on) for row in rows],
        open_until=rows[0].expires_on,
        link="",
        language=to.language,
    )
    key = f"{EXPIRY}:{uuid.uuid5(MINE, _told(due, rows))}"
    queue_mail(
        key=key,
        about=key,
        to=to.address,
        to_name=to.name,
        language=to.language,
        subject=words.fill_in(letter.subject, values).strip(),
        body=words.fill_in(letter.body, values),
        sender_name=f"{values['sender']} ({values['reseller']})",
        reply_to=by.email,
        now=now,
    )
    return key


def _recipient(customer: Customer, by: User) -> Recipient | None:
    return next(iter(recipients_of([customer], user=by)[customer.pk]), None)


def _licenseids(numbers: Any) -> list[LicenseID]:
    """With their holdings, in this order; each once."""
    wanted = list(dict.fromkeys(numbers))
    held = Prefetch("holdings", Holding.objects.select_related("product").order_by("support_expires_on", "pk"))
    rows = LicenseID.objects.select_related("customer__reseller").prefetch_related(held).in_bulk(wanted)
    return [rows[number] for number in wanted]


def _told(due: Due, rows: Sequence[DeskRow]) -> str:
    about = sorted((row.licenseid_id, row.expires_on.isoformat()) for row in rows)
    return f"{due.kind} {due.quote_key} {about}"


def is_still_written(mail: OutgoingMail) -> bool:
    """Whether a quote or a question that waits may go: of what the portal wrote by itself, not to a customer of whom
    somebody said meanwhile that it writes them nothing.
    """
    told = Reminder.objects.filter(mail_key=mail.key).values_list("licenseid__customer", flat=True).first()
    return told is None or not is_quiet(told)


def is_mail_wanted(mail: OutgoingMail) -> bool:
    """Whether a letter about an expiry that waits still says something: one of its renewals is still to be had."""
    told = set(Reminder.objects.filter(mail_key=mail.key).values_list("licenseid", "expires_on"))
    numbers, on = {number for number, _day in told}, day_of(mail.created_at)
    # The desk may be at a later day than the letter: what is over by then was still to be had on its own day.
    return _is_any_to_be_had(current_rows(numbers, on=on), told) or _is_any_to_be_had(rows_of(numbers, on=on), told)


def _is_any_to_be_had(rows: Iterable[DeskRow], told: Collection[tuple[int, date]]) -> bool:
    wanted = [row for row in rows if (row.licenseid_id, row.expires_on) in told and row.stage in STAGES_OF[EXPIRY]]
    declined = are_declined(row.quote_key for row in wanted)
    return any(row.quote_key not in declined and not is_quiet(row.customer_id) for row in wanted)
