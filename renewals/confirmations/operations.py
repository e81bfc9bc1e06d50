"""Ask customers what they need, keep what they answer, remind them once, and make a draft of the answer."""

import secrets
import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.utils import timezone

from foundation.mail.operations.queue import queue_mail
from foundation.transactions import one_transaction
from licensing.models import LicenseID, Reseller, User, hash_token
from licensing.operations.turns import wait_and_look, wait_for_turn
from pricing.engine.values import TaxRounding
from quotes.letters.words import Letter, fill_in
from quotes.models import Quote
from quotes.record.refusals import AlreadyIssued

from ..asked import Asked, held_of
from ..asked import to_json as asked_to_json
from ..drafts.operations import refuse_foreign, write_parts
from ..models import ConfirmationAnswer, ConfirmationPart, QuantityConfirmation, QuoteDraft
from .needed import Needed, still_meant, to_json, wanted_part
from .notices import REMINDER, responsible_for, tell_answer
from .queries import asked_license_ids, last_answer, needed_of, next_expiry, open_parts, to_remind_of
from .texts import LINK, REMINDERS, letter_values

ABOUT = "confirmation"
MOST_LICENSE_IDS = 100
"""In one letter, as in one quote."""


class AlreadyAsked(Exception):
    """Nothing was asked: the customer can still answer an earlier confirmation of these license IDs."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = list(codes)


class NotOpen(Exception):
    """Nothing was written: it was withdrawn, its last day has passed, or a quote was issued."""

    def __init__(self, confirmation: QuantityConfirmation) -> None:
        super().__init__(str(confirmation.pk))
        self.confirmation = confirmation


class HeldChanged(Exception):
    """Nothing was written: what is held is not what the page showed."""


@one_transaction
def ask(
    *,
    key: uuid.UUID,
    licenseids: Sequence[LicenseID],
    to: str,
    to_name: str,
    language: str,
    letter: Letter,
    open_until: date,
    remind_on: date | None,
    with_prices: bool,
    by: User,
    make_address: Callable[[str], str],
    now: datetime,
) -> QuantityConfirmation:
    """Ask a customer about license IDs of theirs, and queue the letter. The same key again asks once.

    `licenseids` are all of one customer, which is loaded with its reseller, with their holdings. `make_address` makes
    the address of the answer's page from its token, which stands in the sealed text of the letter only. Days are
    inclusive. Raises AlreadyAsked, ChangedHands where a license ID has come to somebody else meanwhile, ValidationError
    for addresses that cannot be; ValueError for days that have passed or lie behind each other.
    """
    on = _day(now)
    if not (on <= open_until and (remind_on is None or on <= remind_on <= open_until)):
        raise ValueError(f"cannot be answered until {open_until} and reminded on {remind_on}")
    wait_and_look(licenseids)
    if (asked := QuantityConfirmation.objects.filter(key=key).first()) is not None:
        return asked
    still_open = open_parts(licenseids, on=on).order_by("licenseid__code").values_list("licenseid__code", flat=True)
    if codes := list(dict.fromkeys(still_open)):
        raise AlreadyAsked(codes)
    token = secrets.token_urlsafe(32)
    confirmation = QuantityConfirmation.objects.create(
        key=key,
        customer=licenseids[0].customer,
        asked_by=by,
        asked_at=now,
        to=to,
        to_name=" ".join(to_name.split()),
        language=language,
        subject=letter.subject,
        body=letter.body,
        open_until=open_until,
        remind_on=remind_on,
        with_prices=with_prices,
        token_hash=hash_token(token),
    )
    ConfirmationPart.objects.bulk_create(
        ConfirmationPart(confirmation=confirmation, position=position, licenseid=one)
        for position, one in enumerate(licenseids, start=1)
    )
    _queue(confirmation, licenseids, make_address(token), now=now)
    return confirmation


@one_transaction
def remind(*, confirmation: QuantityConfirmation, make_address: Callable[[str], str], now: datetime) -> bool:
    """Write once more to a customer who has not answered. False where that is not wanted any more, or was done."""
    locked = _lock(confirmation)
    licenseids = to_remind_of(locked)
    if locked.reminded_at or not locked.is_open(_day(now)) or not licenseids:
        return False
    token = secrets.token_urlsafe(32)
    locked.reminded_at, locked.reminder_hash = now, hash_token(token)
    locked.save(update_fields=["reminded_at", "reminder_hash"])
    _queue(locked, licenseids, make_address(token), now=now, is_reminder=True)
    return True


@one_transaction
def answer(
    *,
    confirmation: QuantityConfirmation,
    needed: Needed,
    by_name: str,
    message: str,
    ip: str | None,
    user_agent: str,
    now: datetime,
) -> ConfirmationAnswer:
    """Keep what a customer needs, and tell the reseller. The same again from the same person is the same answer.

    Whoever issues or changes what is held has their turn first. Raises NotOpen, and HeldChanged where the holdings are
    not those that were shown.
    """
    wait_for_turn(asked_license_ids(confirmation))
    locked = _lock(confirmation)
    licenseids = asked_license_ids(locked)
    if not locked.is_open(_day(now)) or not licenseids:
        raise NotOpen(locked)
    shown = {
        (part.licenseid, row.holding, row.quantity, row.support_expires_on)
        for part in needed.parts
        for row in part.holdings
    }
    held = {(one.pk, row.pk, row.quantity, row.support_expires_on) for one in licenseids for row in one.holdings.all()}
    if shown != held or {part.licenseid for part in needed.parts} != {one.pk for one in licenseids}:
        raise HeldChanged
    said = to_json(needed)
    last = last_answer(locked)
    if last and (last.by_name, last.message, last.needed) == (by_name, message, said):
        return last
    given = ConfirmationAnswer.objects.create(
        confirmation=locked,
        at=now,
        by_name=by_name,
        ip=ip,
        user_agent=user_agent,
        message=message,
        needed=said,
    )
    tell_answer(given, licenseids=licenseids, is_corrected=last is not None, now=now)
    return given


@one_transaction
def withdraw(*, confirmation: QuantityConfirmation, by: User, now: datetime) -> bool:
    """Close it: its links open nothing any more. False where it was withdrawn before."""
    locked = _lock(confirmation)
    if locked.withdrawn_at:
        return False
    locked.withdrawn_at, locked.withdrawn_by = now, by
    locked.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return True


@one_transaction
def draft_of(*, confirmation: QuantityConfirmation, key: uuid.UUID, by: User, now: datetime) -> QuoteDraft:
    """A draft that asks for what the customer answered, of the holdings of today; the same key makes it once.

    Raises NotOpen where nothing of it is still to be quoted, AlreadyIssued where the key has become a quote,
    FormKeyTaken where it is that of something else.
    """
    wait_for_turn(asked_license_ids(confirmation))
    if issued := Quote.objects.defer("document", "trace", "asked").filter(key=key).first():
        raise AlreadyIssued(issued)
    confirmation.refresh_from_db(fields=["withdrawn_at"])
    licenseids = asked_license_ids(confirmation)
    if not licenseids or confirmation.withdrawn_at:
        raise NotOpen(confirmation)
    if draft := QuoteDraft.objects.filter(key=key).first():
        refuse_foreign(draft, licenseids)
        return draft
    given = last_answer(confirmation)
    needed = needed_of(given)
    parts = {part.licenseid: part for part in needed.parts} if needed else {}
    customer = licenseids[0].customer
    held = {one.pk: held_of(one.holdings.all()) for one in licenseids}
    asked = Asked(
        parts=tuple(
            wanted_part(still_meant(parts.get(one.pk), held=held[one.pk]), license_id=one.code, held=held[one.pk])
            for one in licenseids
        ),
        tax_rounding=TaxRounding(customer.reseller.tax_rounding),
    )
    draft = QuoteDraft.objects.create(
        key=key, customer=customer, created_by=by, saved_by=by, saved_at=now, asked=asked_to_json(asked)
    )
    write_parts(draft, licenseids)
    return draft


def _queue(
    confirmation: QuantityConfirmation,
    licenseids: Sequence[LicenseID],
    address: str,
    *,
    now: datetime,
    is_reminder: bool = False,
) -> None:
    reseller: Reseller = confirmation.customer.reseller
    by = _writer(confirmation) if is_reminder else confirmation.asked_by
    values = letter_values(
        customer=confirmation.customer.name,
        to_name=confirmation.to_name,
        reseller=reseller,
        sender=by,
        expiries=[(one.code, next_expiry(one, on=_day(now))) for one in licenseids],
        open_until=confirmation.open_until,
        link=address,
        language=confirmation.language,
    )
    subject = fill_in(confirmation.subject, {**values, LINK: ""}).strip()
    queue_mail(
        key=f"{ABOUT}:{confirmation.key}" + (REMINDER if is_reminder else ""),
        about=f"{ABOUT}:{confirmation.key}",
        to=confirmation.to,
        to_name=confirmation.to_name,
        language=confirmation.language,
        subject=REMINDERS[confirmation.language] + subject if is_reminder else subject,
        body=fill_in(confirmation.body, values),
        sender_name=f"{values['sender']} ({values['reseller']})",
        reply_to=by.email,
        by=None if is_reminder else by,
        now=now,
    )


def _writer(confirmation: QuantityConfirmation) -> User:
    """In whose name a customer is reminded: whoever asked, or who stands in for them when they have left."""
    by = confirmation.asked_by
    is_there = by.is_active and by.reseller_id == confirmation.customer.reseller_id
    return by if is_there else next(iter(responsible_for(confirmation)), by)


def _lock(confirmation: QuantityConfirmation) -> QuantityConfirmation:
    rows = QuantityConfirmation.objects.select_related("customer__reseller", "asked_by")
    return rows.select_for_update(no_key=True, of=("self",)).get(pk=confirmation.pk)


def _day(now: datetime) -> date:
    return now.astimezone(timezone.get_default_timezone()).date()
