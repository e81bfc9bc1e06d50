"""Sending a quote by e-mail: the reseller's text with its placeholders, a share link, the PDF.

A text is a text: `{name}` is replaced if the name is one of PLACEHOLDERS, once, and what comes in its place is not
looked at again. Nothing else in it means anything.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from foundation.mail.models import OutgoingMail
from foundation.mail.operations.queue import queue_mail
from foundation.transactions import one_transaction
from licensing.models import User

from ..links.operations import can_share, link_days, record_made, record_stopped, stop, write_link
from ..models import Quote, QuoteEvent, QuoteStatus, Shared, ShareLink, State, shown_state
from ..paper import download_name
from ..record.events import record_event
from ..record.refusals import NotShareable
from ..record.transitions import has_left
from .lost import tell_lost

LINK = "link"
SIGNATURE = _("the signature of whoever sends it, from the own page; without one company and name")
PLACEHOLDERS: dict[str, str | Promise] = {
    "customer": _("the customer's company name"),
    "person": _("the recipient's name with 様; without a name ご担当者様"),
    "number": _("the quote's number"),
    "subject": _("the quote's subject"),
    "total": _("the total with tax"),
    "valid_until": _("the last day of validity"),
    LINK: _("the share link"),
    "reseller": _("your company name"),
    "sender": _("the name of whoever sends it"),
    "signature": SIGNATURE,
}
MARKS = {
    "ja": "【共有リンクのアドレス（送信時に入ります）】",
    "en": "[address of the share link, filled in when it is sent]",
}
"""What stands for the link's address in a letter that is being written; in its language."""
PATTERN = re.compile(r"\{\s*([^{}\r\n]*?)\s*\}")
ABOUT = "quote"

DEFAULTS = {
    "ja": (
        "【お見積 {number}】{subject}",
        """{customer}
{person}

いつもお世話になっております。
{reseller}の{sender}でございます。

ライセンス更新のお見積をお送りいたします。

　見積番号　　　：{number}
　件名　　　　　：{subject}
　御見積金額　　：{total}（税込）
　見積有効期限　：{valid_until}

下記のページで、お見積の内容をご確認いただけます。
PDFのダウンロードと、ご発注のご希望などのご回答もこちらからお願いいたします。

{link}

※ログインせずに開けるページです。このリンクの取扱いにご注意ください。

ご不明な点がございましたら、このメールにご返信ください。
何卒よろしくお願い申し上げます。

--
{signature}
""",
    ),
    "en": (
        "Quote {number}: {subject}",
        """{customer}
Dear {person},

Thank you for your continued business. Please find below our quote for the renewal of your licenses.

  Quote number: {number}
  Subject:      {subject}
  Total:        {total} (tax included)
  Valid until:  {valid_until}

On this page you can read the quote, download the PDF, and tell us whether you wish to order:

{link}

The page opens without a log-in, so please keep the link to yourselves.

If you have any questions, just reply to this e-mail.

Best regards,

--
{signature}
""",
    ),
}


@dataclass(frozen=True)
class Letter:
    """What is sent, in whole or still with its placeholders."""

    subject: str
    body: str


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced. Names that are not known stay as they are."""
    return PATTERN.sub(lambda found: values.get(found[1], found[0]), text)


def has_link(text: str) -> bool:
    return LINK in PATTERN.findall(text) or any(mark in text for mark in MARKS.values())


def finish(text: str, values: Mapping[str, str]) -> str:
    """A letter's text as it goes out: the link in the place of its mark, and what somebody typed in braces.

    Where a value holds a brace itself, nothing in braces is looked at: nobody could tell one from the other.
    """
    filled = text if is_literal(values) else fill_in(text, values)
    for mark in MARKS.values():
        filled = filled.replace(mark, values[LINK])
    return filled


def is_literal(values: Mapping[str, str]) -> bool:
    """Whether braces in a letter mean nothing, because a name in it has some."""
    return any("{" in value for name, value in values.items() if name != LINK)


def letter_values(*, quote: Quote, to_name: str, sender: User, link: str) -> dict[str, str]:
    """What stands in the places of the placeholders, in the quote's language."""
    language = language_of(quote)
    name = " ".join(to_name.split())
    with override(language):
        return {
            "customer": quote.customer_name,
            "person": polite_name(name, language),
            "number": quote.number,
            "subject": quote.subject,
            "total": f"¥{quote.total:,}",
            "valid_until": date_format(quote.valid_until, "DATE_FORMAT"),
            LINK: link,
            "reseller": quote.document["issuer"]["name"],
            "sender": sender_name(sender, language),
            "signature": signature_of(sender, quote.document["issuer"]["name"], language),
        }


def language_of(quote: Shared) -> str:
    """In which it was issued, and is sent."""
    return "en" if quote.document["language"] == "en" else "ja"


def signature_of(user: User, reseller: str, language: str) -> str:
    """With what a letter ends: the person's own signature, else company and name as the language has them."""
    if own := user.mail_signature.strip():
        return own.replace("\r\n", "\n")
    name = sender_name(user, language)
    return f"{name}\n{reseller}" if language == "en" else f"{reseller}\n{name}"


def sender_name(user: User, language: str) -> str:
    return user.name_en or user.name if language == "en" else user.name


def polite_name(name: str, language: str) -> str:
    """How a letter addresses somebody in its language, also where nobody is named."""
    if language == "en":
        return name or "Sir or Madam"
    if not name:
        return "ご担当者様"
    return name if name.endswith("様") else f"{name} 様"


@one_transaction
def send_quote(
    *,
    quote: Quote,
    form_key: str,
    to: str,
    to_name: str,
    cc: Sequence[str],
    letter: Letter,
    with_link: bool,
    with_pdf: bool,
    by: User,
    make_address: Callable[[str], str],
    now: datetime,
    is_reminder: bool = False,
) -> OutgoingMail:
    """Queue an e-mail with the quote. The same `form_key` again is the same e-mail: nothing more is written.

    `make_address` makes the address of a share link from its token; the link is made here, and its token stands in the
    sealed text of the e-mail only. `is_reminder`: nobody wrote it; it is sent only while the quote waits for an answer.
    Raises NotShareable for a quote that no longer counts, ValidationError for addresses
    and lines that cannot be.
    """
    key = f"{ABOUT}:{quote.key}:{form_key}"
    status = QuoteStatus.objects.select_for_update(no_key=True).get(pk=quote.pk)  # one click after the other
    if (sent := OutgoingMail.objects.filter(key=key).first()) is not None:
        return sent
    if not can_share(status.state) or has_left(quote):
        raise NotShareable(quote, status.state)
    link, token = _write_link(quote, recipient_words(to_name, to), by, now) if with_link else (None, "")
    address = make_address(token) if link else ""
    values = letter_values(quote=quote, to_name=to_name, sender=by, link=address)
    mail = queue_mail(
        key=key,
        to=to,
        to_name=" ".join(to_name.split()),
        cc=cc,
        language=language_of(quote),
        subject=finish(letter.subject, {**values, LINK: ""}).strip(),
        body=finish(letter.body, values),
        sender_name=f"{values['sender']} ({values['reseller']})",
        reply_to=by.email,
        attachment=(download_name(document=quote.document)[0], bytes(quote.pdf.content)) if with_pdf else None,
        about=f"{ABOUT}:{quote.key}",
        entry={
            "to": to,
            "to_name": to_name,
            "cc": list(cc),
            "subject": letter.subject,
            "body": letter.body,
            "with_link": with_link,
            "with_pdf": with_pdf,
            "link": link.pk if link else None,
            "is_reminder": is_reminder,
        },
        by=by,
        now=now,
    )
    if link:
        record_made(link=link, now=now)
    _record(QuoteEvent.Kind.MAIL_QUEUED, quote, mail, now, by=by)
    return mail


def recipient_words(to_name: str, to: str) -> str:
    """For whom a link is, so that two to the same person can be told apart."""
    return f"{to_name.strip()} <{to}>"[:200] if to_name.strip() else to[:200]


def _write_link(quote: Quote, recipient: str, by: User, now: datetime) -> tuple[ShareLink, str]:
    return write_link(
        quote=quote,
        recipient=recipient,
        expires_on=link_days(quote=quote, on=now.astimezone(timezone.get_default_timezone()).date()).usual,
        max_downloads=settings.SHARE_LINK_MAX_DOWNLOADS,
        by=by,
        now=now,
    )


def is_expired(*, quote: Quote, state: str, now: datetime) -> bool:
    """Whether its last day has passed: it can be sent, but must be meant."""
    on = now.astimezone(timezone.get_default_timezone()).date()
    return shown_state(state=state, valid_until=quote.valid_until, on=on) != state


def is_mail_wanted(mail: OutgoingMail) -> bool:
    """Whether an e-mail that waits still brings something: its quote counts, its customer has not come to another
    reseller, and its link was not revoked.
    """
    quote = Quote.objects.only("status").select_related("status").filter(key=_quote_key(mail)).first()
    if quote is None or not can_share(State(quote.status.state)) or has_left(quote):
        return False
    if mail.entry.get("is_reminder") and (quote.status.state != State.ISSUED or quote.status.answer):
        return False
    link = mail.entry.get("link")
    return link is None or ShareLink.objects.filter(pk=link, revoked_at=None).exists()


def note_mail_settled(mail: OutgoingMail, now: datetime) -> None:
    """Write into the quote's log what became of its e-mail. A link that reached nobody is revoked.

    Called in the transaction that holds the e-mail; the link is locked before the log, like everywhere.
    """
    quote = Quote.objects.defer("document", "trace", "asked").get(key=_quote_key(mail))
    is_sent = mail.state == OutgoingMail.State.SENT
    link = lock_unreached(mail)
    if link:
        stop(locked=link, now=now)
    tell_lost(quote=quote, mail=mail, now=now)
    _record(QuoteEvent.Kind.MAIL_SENT if is_sent else QuoteEvent.Kind.MAIL_FAILED, quote, mail, now)
    if link and mail.created_by:
        record_stopped(link=link, by=mail.created_by, now=now)


def lock_unreached(mail: OutgoingMail) -> ShareLink | None:
    """The open link of an e-mail that certainly reached nobody, locked."""
    is_lost = mail.state == OutgoingMail.State.FAILED and mail.sealed_text is None
    if not is_lost or mail.error == OutgoingMail.Error.UNCLEAR or mail.created_by is None or mail.cc:
        return None
    links = ShareLink.objects.select_for_update(no_key=True)
    return links.filter(pk=mail.entry.get("link"), revoked_at=None).first()


def _quote_key(mail: OutgoingMail) -> str:
    return mail.about.partition(":")[2]


def _record(kind: str, quote: Quote, mail: OutgoingMail, now: datetime, *, by: User | None = None) -> None:
    record_event(quote=quote, kind=kind, now=now, by=by, detail=detail_of(mail, kind))


def detail_of(mail: OutgoingMail, kind: str) -> dict[str, Any]:
    """What the log says of an e-mail: to whom, and where it failed, why."""
    detail: dict[str, Any] = {"mail": mail.pk, "to": mail.to, "cc": mail.cc, "subject": mail.subject}
    if kind == QuoteEvent.Kind.MAIL_FAILED:
        error = mail.error if mail.state == OutgoingMail.State.FAILED else mail.state
        detail |= {"error": error, "address": mail.error_address, "answer": mail.error_answer}
    return detail
