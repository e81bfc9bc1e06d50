"""How any letter is queued, with the link to what it brings, and what the log says of it then and later."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import queue_mail
from licensing.models import User

from ..links.operations import link_days, record_made, record_stopped, stop, write_link
from ..models import QuoteEvent, Shared, ShareLink
from ..record.events import record_event
from .lost import tell_lost
from .words import Letter

Kind = QuoteEvent.Kind


def queue_letter(
    *,
    key: str,
    about: str,
    to: str,
    to_name: str,
    language: str,
    typed: Letter,
    filled: Letter,
    values: Mapping[str, str],
    by: User,
    now: datetime,
    cc: Sequence[str] = (),
    attachment: tuple[str, bytes] | None = None,
    entry: Mapping[str, Any] | None = None,
) -> OutgoingMail:
    """Queue the e-mail of a letter, in the caller's transaction and in the name of `by`: `typed` is kept, to be offered
    again, with what else `entry` says of it, and `filled` goes out. The same `key` again is the same e-mail.

    Raises ValidationError for addresses and lines that cannot be.
    """
    said = {"to": to, "to_name": to_name, "cc": list(cc), "subject": typed.subject, "body": typed.body}
    return queue_mail(
        key=key,
        to=to,
        to_name=" ".join(to_name.split()),
        cc=cc,
        language=language,
        subject=filled.subject,
        body=filled.body,
        sender_name=f"{values['sender']} ({values['reseller']})",
        reply_to=by.email,
        attachment=attachment,
        about=about,
        entry={**said, **(entry or {})},
        by=by,
        now=now,
    )


def link_for(quote: Shared, *, to: str, to_name: str, by: User, now: datetime) -> tuple[ShareLink, str]:
    """A share link for whoever gets a letter, and its token, in the transaction of a caller that holds the status."""
    return write_link(
        quote=quote,
        recipient=_recipient_words(to_name, to),
        expires_on=link_days(quote=quote, on=now.astimezone(timezone.get_default_timezone()).date()).usual,
        max_downloads=settings.SHARE_LINK_MAX_DOWNLOADS,
        by=by,
        now=now,
    )


def record_queued(*, quote: Shared, mail: OutgoingMail, link: ShareLink | None = None, by: User, now: datetime) -> None:
    """Write into the log that a letter waits, and that its link was made."""
    if link:
        record_made(link=link, now=now)
    record_event(quote=quote, kind=Kind.MAIL_QUEUED, now=now, by=by, detail=detail_of(mail, Kind.MAIL_QUEUED))


def note_settled(*, quote: Shared, mail: OutgoingMail, now: datetime) -> None:
    """Write into the log what became of a letter. A link that reached nobody is revoked.

    Called in the transaction that holds the e-mail; the link is locked before the log, like everywhere.
    """
    link = _lock_unreached(mail)
    if link:
        stop(locked=link, now=now)
    tell_lost(quote=quote, mail=mail, now=now)
    kind = settled_kind(mail)
    record_event(quote=quote, kind=kind, now=now, detail=detail_of(mail, kind))
    if link and mail.created_by:
        record_stopped(link=link, by=mail.created_by, now=now)


def settled_kind(mail: OutgoingMail) -> QuoteEvent.Kind:
    return Kind.MAIL_SENT if mail.state == OutgoingMail.State.SENT else Kind.MAIL_FAILED


def reached_nobody(mail: OutgoingMail) -> bool:
    """Whether it is certain that an e-mail did not arrive, nor ever will."""
    is_lost = mail.state == OutgoingMail.State.FAILED and mail.sealed_text is None
    return is_lost and mail.error != OutgoingMail.Error.UNCLEAR and not mail.cc


def key_of(mail: OutgoingMail) -> str:
    """The key of what an e-mail is about."""
    return mail.about.partition(":")[2]


def detail_of(mail: OutgoingMail, kind: str) -> dict[str, Any]:
    """What the log says of an e-mail: to whom, where it failed, why, and which acknowledgement it brings."""
    detail: dict[str, Any] = {"mail": mail.pk, "to": mail.to, "cc": mail.cc, "subject": mail.subject}
    if kind == Kind.MAIL_FAILED:
        error = mail.error if mail.state == OutgoingMail.State.FAILED else mail.state
        detail |= {"error": error, "address": mail.error_address, "answer": mail.error_answer}
    return detail | {name: mail.entry[name] for name in ("acknowledgement", "name") if name in mail.entry}


def _recipient_words(to_name: str, to: str) -> str:
    """For whom a link is, so that two to the same person can be told apart."""
    return f"{to_name.strip()} <{to}>"[:200] if to_name.strip() else to[:200]


def _lock_unreached(mail: OutgoingMail) -> ShareLink | None:
    if not reached_nobody(mail) or mail.created_by is None:
        return None
    links = ShareLink.objects.select_for_update(no_key=True)
    return links.filter(pk=mail.entry.get("link"), revoked_at=None).first()
