"""Outgoing e-mail: queued with what it tells of, handed over by a worker, tried again, never sent twice for one click.

Whoever sends holds a lease. Up to the moment when the text itself is handed over, a worker that dies has sent nothing,
and another begins anew. From that moment on nobody knows, and a person decides (docs/decisions/0018).
"""

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from ...outbox import Clock, Lease, LeaseLost, try_later
from ...transactions import one_transaction, was_given_up
from ..models import WITH_TEXT, OutgoingMail
from .compose import TextUnreadable, compose, seal
from .smtp import NotHandedOver, hand_over

logger = logging.getLogger(__name__)
State, Error = OutgoingMail.State, OutgoingMail.Error

RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
"""How long it waits after each attempt that failed; after the last of them it is given up."""
LEASE = timedelta(minutes=5)
"""Longer than any talk with a mail server takes: each of its steps ends after EMAIL_TIMEOUT."""
KEEP_FAILED_TEXT = timedelta(days=7)
"""For how long an e-mail that was given up can be tried again."""


@dataclass(frozen=True)
class MailKind:
    """What an app does with the e-mail that is about its things."""

    settled: Callable[[OutgoingMail, datetime], None]
    """It was sent, failed, or was cancelled. Called in the transaction that writes this."""
    is_wanted: Callable[[OutgoingMail], bool]
    """Asked before each attempt: what it tells of may be void by now."""


_kinds: dict[str, MailKind] = {}
_doubts: dict[str, Callable[[OutgoingMail], bool]] = {}


def watch_mail(
    *,
    kind: str,
    settled: Callable[[OutgoingMail, datetime], None] = lambda _mail, _now: None,
    is_wanted: Callable[[OutgoingMail], bool] = lambda _mail: True,
) -> None:
    """From an app's `ready`: what is called for e-mail whose `about` begins with the kind and a colon."""
    _kinds[kind] = MailKind(settled, is_wanted)


def doubt_mail(*, kind: str, is_wanted: Callable[[OutgoingMail], bool]) -> None:
    """From the `ready` of an app that writes what another app watches: asked too, before each attempt."""
    _doubts[kind] = is_wanted


def queue_mail(
    *,
    key: str,
    to: str,
    subject: str,
    body: str,
    to_name: str = "",
    cc: Sequence[str] = (),
    language: str = "",
    sender_name: str = "",
    reply_to: str = "",
    attachment: tuple[str, bytes] | None = None,
    about: str = "",
    entry: dict[str, Any] | None = None,
    by: AbstractBaseUser | None = None,
    now: datetime,
) -> OutgoingMail:
    """Put an e-mail into the queue, in the caller's transaction. The same key again is the same e-mail, whatever else.

    `key`: what asks for it, for example a form's key. `about`: `kind:reference`. `attachment`: name and bytes of a
    PDF. `entry`: what a person typed, without tokens, to offer it again after a failure.
    Raises ValidationError, by field, for addresses and headers that cannot be.
    """
    mail = OutgoingMail(
        key=key,
        about=about,
        to=to,
        to_name=to_name,
        cc=list(cc),
        language=language or translation.get_language() or settings.LANGUAGE_CODE,
        subject=subject,
        sender_name=sender_name,
        reply_to=reply_to,
        sealed_text=seal(body),
        attachment_name=attachment[0] if attachment else "",
        attachment=attachment[1] if attachment else None,
        entry=entry or {},
        next_attempt_at=now,
        message_id=f"<{uuid.uuid4().hex}@{urlsplit(settings.PUBLIC_URL).hostname}>",
        created_by_id=by.pk if by else None,
        created_at=now,
    )
    mail.clean_fields()
    OutgoingMail.objects.bulk_create([mail], ignore_conflicts=True)  # waits for whoever writes the same key
    [queued] = OutgoingMail.objects.filter(key=key)
    return queued


def deliver_due(*, clock: Clock) -> int:
    """Hand over all that is due, one after the other; first tidy up after workers that died. Returns how much."""
    settle_lost(now=clock())
    forget_texts(now=clock())
    count = 0
    while (mail := _due(clock()).order_by("next_attempt_at", "pk").only("pk").first()) is not None:
        deliver(mail=mail, clock=clock)
        count += 1
    return count


def deliver(*, mail: OutgoingMail, clock: Clock) -> OutgoingMail:
    """Try to hand over one e-mail that waits, unless another worker is at it. Returns it as it is afterwards."""
    lease = Lease(row=mail, length=LEASE, clock=clock)
    is_taken = lease.take()
    mail = OutgoingMail.objects.get(pk=mail.pk)
    if is_taken:
        try:
            _try(mail, lease)
        except LeaseLost:
            logger.warning("e-mail %s went to another worker", mail.pk)
        if not mail.is_settled:  # else it is as it was read when that was written
            mail.refresh_from_db()
    return mail


def try_again(*, mail: OutgoingMail, now: datetime) -> bool:
    """Queue again what was given up, and do at once what waits. False where the text is gone or the e-mail was sent."""
    waiting = OutgoingMail.objects.filter(pk=mail.pk, state=State.QUEUED).update(next_attempt_at=now)
    failed = OutgoingMail.objects.filter(pk=mail.pk, state=State.FAILED, sealed_text__isnull=False)
    return bool(waiting) or bool(
        failed.update(state=State.QUEUED, attempts=0, next_attempt_at=now, settled_at=None, handing_over_at=None)
    )


def record_failure(*, mail: OutgoingMail, error: str, address: str = "", answer: str = "", now: datetime) -> bool:
    """Note that an e-mail the server took did not arrive after all. False where that is known already."""
    changes = _settled(State.FAILED, now) | {"error": error, "error_address": address, "error_answer": answer}
    return _settle(mail, OutgoingMail.objects.filter(pk=mail.pk, state=State.SENT), changes, now)


def settle_lost(*, now: datetime) -> int:
    """What to do with e-mail whose worker died: begin anew, or, where the server may have it, say so. How many."""
    count = 0
    for mail in OutgoingMail.objects.filter(state=State.SENDING, leased_until__lte=now):
        held = OutgoingMail.objects.filter(pk=mail.pk, state=State.SENDING, leased_by=mail.leased_by)
        if mail.handing_over_at is None:
            done = bool(held.filter(handing_over_at__isnull=True).update(state=State.QUEUED, next_attempt_at=now))
        else:
            done = _settle(mail, held, _settled(State.FAILED, now) | {"error": Error.UNCLEAR}, now)
        if done:
            logger.warning("e-mail %s was left behind by a worker", mail.pk)
        count += done
    return count


def forget_texts(*, now: datetime) -> int:
    """Drop the texts of e-mail that was given up some time ago. How many."""
    old = OutgoingMail.objects.filter(state=State.FAILED, settled_at__lte=now - KEEP_FAILED_TEXT)
    old = old.filter(WITH_TEXT)
    return old.update(sealed_text=None, attachment=None) if old.exists() else 0  # seldom: writing waits for writers


def _due(now: datetime) -> Any:
    return OutgoingMail.objects.filter(state=State.QUEUED, next_attempt_at__lte=now)


def _try(mail: OutgoingMail, lease: Lease[OutgoingMail]) -> None:
    held, clock = lease.held, lease.clock
    try:
        name = mail.about.partition(":")[0]
        kind, doubt = _kinds.get(name), _doubts.get(name)
        if (kind is not None and not kind.is_wanted(mail)) or (doubt is not None and not doubt(mail)):
            now = clock()
            if not _settle(mail, held, _settled(State.CANCELLED, now), now):
                raise LeaseLost
            return
        hand_over(message=compose(mail=mail, now=clock()), recipients=mail.recipients, before_data=lease.keep)
    except NotHandedOver as failed:
        _write_failure(mail, held, failed, clock())
    except TextUnreadable:
        _write_failure(mail, held, NotHandedOver(Error.UNREADABLE, is_final=True), clock())
    except LeaseLost:
        raise
    except Exception as failed:  # what a backend raises may name people: its class is enough for the log
        logger.error("e-mail %s: attempt %s failed: %s", mail.pk, mail.attempts, type(failed).__name__)
        _write_failure(mail, held, NotHandedOver(Error.INTERNAL, is_final=False), clock())
    else:
        now = clock()
        changes = _settled(State.SENT, now) | {"sent_at": now, "error": "", "error_address": "", "error_answer": ""}
        if not _settle(mail, lease.handed_over, changes, now):
            raise LeaseLost
        logger.info("e-mail %s was handed over", mail.pk)


def _write_failure(mail: OutgoingMail, held: Any, failed: NotHandedOver, now: datetime) -> None:
    changes: dict[str, Any] = {
        "error": failed.error,
        "error_address": failed.address,
        "error_answer": failed.answer,
    }
    is_last = failed.is_final or mail.attempts > len(RETRY_AFTER)
    if is_last:
        changes |= _settled(State.FAILED, now)
        if not failed.is_final:  # nothing is wrong with the e-mail itself: it can be tried again
            del changes["sealed_text"], changes["attachment"]
        if not _settle(mail, held, changes, now):
            raise LeaseLost
    else:
        changes |= try_later(attempts=mail.attempts, retry_after=RETRY_AFTER, now=now)
        if not held.update(**changes):
            raise LeaseLost
    logger.warning("e-mail %s: attempt %s: %s", mail.pk, mail.attempts, failed.error)


def _settled(state: str, now: datetime) -> dict[str, Any]:
    return {"state": state, "settled_at": now, "next_attempt_at": None, "sealed_text": None, "attachment": None}


@one_transaction
def _settle(mail: OutgoingMail, rows: QuerySet[OutgoingMail], changes: dict[str, Any], now: datetime) -> bool:
    """Write what became of an e-mail, and tell it to whom it is about. False where it is not among the rows any more.

    What goes wrong with the telling is logged, and what became of the e-mail stays written; but where the database gave
    the transaction up, both are written once more, so that nothing is lost.
    """
    if not rows.update(**changes):
        return False
    mail.refresh_from_db()
    if kind := _kinds.get(mail.about.partition(":")[0]):
        try:
            with transaction.atomic():
                kind.settled(mail, now)
        except Exception as failed:
            if was_given_up(failed):
                raise
            logger.error("e-mail %s: %s was not told of its outcome: %s", mail.pk, mail.about, type(failed).__name__)
    return True
