"""E-mail as it goes out, and how its text is sealed while it waits."""

from datetime import datetime
from email.charset import BASE64, Charset
from email.header import decode_header, make_header
from email.utils import format_datetime, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from ... import sealing
from ..models import OutgoingMail

PURPOSE = "outgoing mail"


class TextUnreadable(Exception):
    """The text was sealed with a secret key that the portal does not have any more."""


class PortalMail(EmailMessage):
    """Long headers begin on their first line. Django folds without counting the name, which leaves that line empty."""

    def message(self, **options: Any) -> Any:
        made = super().message(**options)
        for name, value in made.items():
            if "\n" in str(value):
                header = make_header(decode_header(value), header_name=name)
                made.replace_header(name, header)
        return made


def seal(text: str) -> bytes:
    """The text as it waits in the database. Who reads the database, or a copy of it, does not have the key."""
    return sealing.seal(text, purpose=PURPOSE)


def unseal(sealed: bytes) -> str:
    """Raises TextUnreadable."""
    try:
        return sealing.unseal(sealed, purpose=PURPOSE)
    except sealing.Unreadable:
        raise TextUnreadable from None


def compose(*, mail: OutgoingMail, now: datetime) -> EmailMessage:
    """The e-mail as it goes out: plain text in UTF-8, which every mail program of today reads.

    Its sender is the portal, as the domain's SPF and DMARC demand; the person stands in the name and in Reply-To.
    Where answers go to a person, their absence notes may too: only what nobody answers is marked as automatic.
    Raises TextUnreadable.
    """
    text = unseal(bytes(mail.sealed_text or b""))
    headers = {
        "From": _named(mail.sender_name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]),
        "Date": format_datetime(now.astimezone(timezone.get_current_timezone())),
        "Message-ID": mail.message_id,
        "Content-Language": mail.language,
    }
    if not mail.reply_to:
        headers["Auto-Submitted"] = "auto-generated"
    message = PortalMail(
        subject=mail.subject,
        body=text,
        from_email=bounce_address(message_id=mail.message_id),
        to=[_named(mail.to_name, mail.to)],
        cc=list(mail.cc),
        reply_to=[_named(mail.sender_name, mail.reply_to)] if mail.reply_to else None,
        headers=headers,
    )
    if settings.EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":
        charset = Charset("utf-8")  # 7-bit: no server on the way needs to know 8BITMIME
        charset.body_encoding = BASE64
        message.encoding = None if text.isascii() else charset
    if mail.attachment is not None:
        message.attach(mail.attachment_name, bytes(mail.attachment), "application/pdf")
    return message


def _named(name: str, address: str) -> str:
    plain = name.replace("\\", "").replace('"', "").strip()
    return f'"{plain}" <{address}>' if plain else address


def bounce_address(*, message_id: str) -> str:
    """Where the notice goes that this e-mail was not delivered: an address of its own, if there is a mailbox for it."""
    if not settings.BOUNCE_ADDRESS:
        return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    local, _at, domain = settings.BOUNCE_ADDRESS.partition("@")
    return f"{local}+{message_id.strip('<>').partition('@')[0]}@{domain}"
