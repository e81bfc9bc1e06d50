"""Notices that an e-mail was not delivered after all (RFC 3464): whose it was, what became of it, and why."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.message import Message

from ... import mime
from ..models import OutgoingMail
from .queue import record_failure
from .smtp import LONGEST_ANSWER, refusal_of, said

OF_OURS = re.compile(r"\+([0-9a-f]{32})@")
"""The sub-address that `compose.bounce_address` gives to every e-mail."""
ADDRESS_HEADERS = ("X-Original-To", "Delivered-To", "Envelope-To", "To")
LARGEST = 1024 * 1024
MOST_CODES = 50
"""Of our sub-addresses in one notice that are looked up."""


class NotABounce(Exception):
    """This is no notice of an e-mail that failed, or of none that the portal sent. The text says which."""


@dataclass(frozen=True)
class Bounce:
    """What a notice says of one recipient."""

    action: str
    """`failed`, `delayed`, `delivered`, `relayed` or `expanded`."""
    status: str
    """`5.1.1`; empty where it was left out."""
    address: str
    answer: str
    """The other server's words."""


def record_bounce(*, source: bytes, recipient: str = "", now: datetime) -> OutgoingMail:
    """Note the failure that a notice tells of. `recipient`: the address the notice came to, where that is known.

    A notice that comes twice is noted once. Raises NotABounce where there is nothing to note; then nothing is written.
    """
    notice = mime.parse(source[:LARGEST])
    failed = next((one for one in read_bounces(notice) if one.action == "failed"), None)
    if failed is None:
        raise NotABounce("the notice tells of no failure")
    mail = find_mail(notice, recipient)
    if mail is None:
        raise NotABounce("the notice is about no e-mail of this portal")
    address = failed.address if failed.address in mail.recipients else mail.to
    error = refusal_of(f"{failed.status} {failed.answer}")
    known = error in (OutgoingMail.Error.UNKNOWN_ADDRESS, OutgoingMail.Error.MAILBOX_FULL)
    record_failure(
        mail=mail,
        error=error if known else OutgoingMail.Error.BOUNCED,
        address=address,
        answer=f"{failed.status} {failed.answer}".strip()[:LONGEST_ANSWER],
        now=now,
    )
    mail.refresh_from_db()
    return mail


def read_bounces(notice: Message) -> list[Bounce]:
    """What a notice says of each recipient. Empty for what is no notice."""
    found = []
    for part in notice.walk():
        if part.get_content_type() == "message/delivery-status":
            groups = part.get_payload()
            for group in groups if isinstance(groups, list) else []:
                if isinstance(group, Message) and group["Action"]:
                    found.append(_bounce(group))
    return found


def _bounce(group: Message) -> Bounce:
    status = re.search(r"\d\.\d{1,3}\.\d{1,3}", str(group["Status"] or ""))
    answer = str(group["Diagnostic-Code"] or "").partition(";")[2] or str(group["Diagnostic-Code"] or "")
    return Bounce(
        action=str(group["Action"]).strip().lower(),
        status=status[0] if status else "",
        address=_address(group["Original-Recipient"]) or _address(group["Final-Recipient"]),
        answer=said(0, answer).partition(" ")[2],
    )


def _address(field: object) -> str:
    """`rfc822; saeki@example.jp` as an address."""
    return str(field or "").partition(";")[2].strip().strip("<>").lower()


def find_mail(notice: Message, recipient: str = "") -> OutgoingMail | None:
    """The e-mail that a notice is about: by the address it came to, else by the Message-ID that it quotes."""
    heads = (value for name in ADDRESS_HEADERS for value in mime.headers(notice, name))
    codes = [code for text in (recipient, *heads) for code in OF_OURS.findall(text.lower())]
    for code in codes[:MOST_CODES]:
        mail = OutgoingMail.objects.filter(message_id__startswith=f"<{code}@").first()
        if mail is not None:
            return mail
    for part in notice.walk():
        if part is not notice and (identity := _quoted_identity(part)):
            return OutgoingMail.objects.filter(message_id=identity).first()
    return None


def _quoted_identity(part: Message) -> str:
    """The Message-ID of the e-mail that comes back, whole or with its headers only."""
    if part.get_content_type() == "text/rfc822-headers":
        part = mime.parse(mime.content(part))
    return mime.header(part, "Message-ID")
