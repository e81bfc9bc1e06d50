"""Keeps what comes back and is no notice that `bounces` can read, for somebody to look at; bounded in every way."""

import hashlib
import re
from datetime import datetime
from email.message import Message
from html import unescape

from django.db.models import QuerySet

from ... import mime
from ...transactions import one_transaction
from ..models import MailNotice, OutgoingMail
from .bounces import LARGEST, find_mail

LONGEST_EXCERPT = 2000
"""Characters."""
LARGEST_TEXT = 64 * 1024
"""Characters of a text that are looked at."""
MOST_OF_ONE = 10
"""Kept of one e-mail."""
MOST_UNKNOWN = 1000
"""Kept of no e-mail that could be told: anybody can write to the address."""
OUR_IDENTITY = re.compile(r"<[0-9a-f]{32}@[^<>\s]{1,160}>")
ADDRESS_OF_A_LINK = re.compile(r"(https?://[^\s/?#]{1,255})[/?#]\S*", re.IGNORECASE)
TOKEN = re.compile(r"[A-Za-z0-9_+/=-]{24,}")
"""Or a line of base64: what came back with a text may be our own letter."""


@one_transaction
def keep_notice(*, source: bytes, recipient: str = "", now: datetime) -> MailNotice | None:
    """Keep the sender, the subject and the beginning of the text; with the e-mail that it answers, where it says so.

    `recipient` as for `record_bounce`. None for what has neither subject nor text. What came before is returned as it
    is. The oldest go when there are more than MOST_OF_ONE, or MOST_UNKNOWN.
    """
    source = source[:LARGEST]
    digest = hashlib.sha256(source).hexdigest()
    if (known := MailNotice.objects.filter(digest=digest).first()) is not None:
        return known
    message = mime.parse(source)
    text = _text(message)
    subject = without_tokens(mime.header(message, "Subject"))[:300]
    excerpt = without_tokens(text)[:LONGEST_EXCERPT].strip()
    if not subject and not excerpt:
        return None
    mail = find_mail(message, recipient) or _mail_named_in(message, text)
    notice, _is_new = MailNotice.objects.get_or_create(
        digest=digest,
        defaults={
            "mail": mail,
            "received_at": now,
            "sender": mime.header(message, "From")[:254],
            "subject": subject,
            "excerpt": excerpt,
        },
    )
    _drop_oldest(MailNotice.objects.filter(mail=mail), MOST_OF_ONE if mail else MOST_UNKNOWN)
    return notice


def without_tokens(text: str) -> str:
    """The text without paths of links and long runs of letters and digits: both may let somebody in."""
    text = re.sub(r"=\r?\n", "", text)  # a line that was broken for the way
    return TOKEN.sub("…", ADDRESS_OF_A_LINK.sub(r"\1/…", text))


def _drop_oldest(notices: QuerySet[MailNotice], most: int) -> None:
    kept = notices.order_by("-received_at", "-pk").values_list("pk", flat=True)[:most]
    notices.exclude(pk__in=list(kept)).delete()


def _mail_named_in(message: Message, text: str) -> OutgoingMail | None:
    """By a Message-ID of ours: an answer names it in its head, an old bounce quotes it in its text."""
    heads = (value for name in ("In-Reply-To", "References") for value in mime.headers(message, name))
    found = OUR_IDENTITY.findall("\n".join([*heads, text])[:LARGEST_TEXT])
    return OutgoingMail.objects.filter(message_id__in=found[:50]).first() if found else None


def _text(message: Message) -> str:
    """The first text that is not what came back; of a page, its words."""
    parts = {part.get_content_type(): part for part in reversed(_own_parts(message))}
    for kind in ("text/plain", "text/html"):
        if kind in parts:
            text = mime.text(parts[kind])[:LARGEST_TEXT]
            return text if kind == "text/plain" else _words_of_page(text)
    return ""


def _words_of_page(page: str) -> str:
    body = re.split(r"(?i)</(?:style|head)>", page)[-1]
    return re.sub(r"\s*\n\s*", "\n", unescape(re.sub(r"<[^<>]*>", "\n", body)))


def _own_parts(message: Message) -> list[Message]:
    """The parts of an e-mail, without those of e-mails within it."""
    if message.get_content_maintype() == "message":
        return []
    if message.is_multipart():
        return [part for child in message.get_payload() if isinstance(child, Message) for part in _own_parts(child)]
    return [message]
