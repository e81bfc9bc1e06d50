"""The talk with the mail server: one e-mail, for all its recipients or none; what goes wrong has one of few names."""

import contextlib
import logging
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from typing import cast

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from ..models import OutgoingMail

logger = logging.getLogger(__name__)
Error = OutgoingMail.Error
ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
UNKNOWN = {"1.0", "1.1", "1.2", "1.3", "1.6", "1.10"}
"""Enhanced status codes (RFC 3463, without the class) that say: no such mailbox, no such domain."""
FULL = {"2.2"}
OUT_OF_SPACE = 552
LONGEST_ANSWER = 500


class NotHandedOver(Exception):
    """The mail server did not take the e-mail, or nobody knows whether it did (`UNCLEAR`)."""

    def __init__(self, error: str, *, is_final: bool, address: str = "", answer: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.is_final = is_final
        """Trying again would not help."""
        self.address = address
        self.answer = answer
        """In the server's words; empty where they might tell a secret."""


def hand_over(*, message: EmailMessage, recipients: Sequence[str], before_data: Callable[[], None]) -> None:
    """Give an e-mail to the mail server of the settings, for all recipients or for none.

    `before_data` is called when every recipient was accepted and nothing of the e-mail has left yet; what it raises
    ends the talk. `message.from_email` is where bounces go. Raises NotHandedOver.
    """
    connection = get_connection()
    if not isinstance(connection, EmailBackend):  # console, folder, tests
        before_data()
        connection.send_messages([message])
        return
    try:
        _talk(_connect(connection), message, recipients, before_data)
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):  # whatever was said after the e-mail was taken
            connection.close()


def _connect(connection: EmailBackend) -> smtplib.SMTP:
    try:
        connection.open()
        return cast(smtplib.SMTP, connection.connection)
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError):
        logger.error("the mail server refuses the log-in, or does not offer the log-in or TLS that EMAIL_URL asks for")
        # Without the server's answer, which may quote what was sent.
        raise NotHandedOver(Error.LOG_IN_REFUSED, is_final=False) from None
    except smtplib.SMTPResponseException as answered:
        answer = said(answered.smtp_code, answered.smtp_error)
        raise NotHandedOver(Error.TRY_LATER, is_final=False, answer=answer) from None
    except OSError as failed:  # smtplib's own are OSErrors too
        logger.error("the mail server is not reached: %s", _reason(failed))
        raise NotHandedOver(Error.NO_CONNECTION, is_final=False, answer=_reason(failed)) from None


def _reason(failed: OSError) -> str:
    """Why there is no connection, without the host and without a secret."""
    if isinstance(failed, ssl.SSLCertVerificationError):
        return "certificate not valid"
    if isinstance(failed, ssl.SSLError):
        return "TLS failed"
    if isinstance(failed, socket.gaierror):
        return "host name not found"
    if isinstance(failed, TimeoutError):
        return "timed out"
    return "connection refused" if isinstance(failed, ConnectionRefusedError) else "connection failed"


def _talk(
    server: smtplib.SMTP, message: EmailMessage, recipients: Sequence[str], before_data: Callable[[], None]
) -> None:
    content: bytes = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own
    try:
        server.ehlo_or_helo_if_needed()
        options = [f"size={len(content)}"] if server.has_extn("size") else []
        code, answer = server.mail(message.from_email, options)
        if code != 250:
            raise _sender_refused(code, answer)
        refused = []
        for address in recipients:
            code, answer = server.rcpt(sanitize_address(address, "utf-8"))  # a Japanese domain in its ASCII form
            if code not in (250, 251):
                refused.append(_recipient_refused(code, answer, address))
        if refused:
            raise next((one for one in refused if one.is_final), refused[0])
    except smtplib.SMTPResponseException as answered:
        answer_text = said(answered.smtp_code, answered.smtp_error)
        raise NotHandedOver(Error.TRY_LATER, is_final=False, answer=answer_text) from None
    except OSError as failed:
        raise NotHandedOver(Error.NO_CONNECTION, is_final=False, answer=_reason(failed)) from None
    before_data()
    try:
        code, answer = server.data(content)
    except smtplib.SMTPDataError as refused_before:  # nothing of it was taken
        code, answer = refused_before.smtp_code, bytes(refused_before.smtp_error)  # type: ignore[arg-type]
    except OSError as failed:
        raise NotHandedOver(Error.UNCLEAR, is_final=True, answer=_reason(failed)) from None
    if code != 250:
        is_final = code >= 500
        raise NotHandedOver(
            Error.CONTENT_REFUSED if is_final else Error.TRY_LATER, is_final=is_final, answer=said(code, answer)
        )


def _sender_refused(code: int, answer: bytes) -> NotHandedOver:
    if code == OUT_OF_SPACE:  # larger than the server takes
        return NotHandedOver(Error.CONTENT_REFUSED, is_final=True, answer=said(code, answer))
    error = Error.SENDER_REFUSED if code >= 500 else Error.TRY_LATER
    return NotHandedOver(error, is_final=False, answer=said(code, answer))


def _recipient_refused(code: int, answer: bytes, address: str) -> NotHandedOver:
    text = said(code, answer)
    error = Error.TRY_LATER if code < 500 else refusal_of(text)
    return NotHandedOver(error, is_final=code >= 500, address=address, answer=text)


def refusal_of(answer: str) -> str:
    """What a mail server means that will not take an e-mail for an address, now or later."""
    found = ENHANCED.search(answer)
    status = f"{found[2]}.{found[3]}" if found else ""
    if status in FULL or (not found and answer.startswith("552")):
        return Error.MAILBOX_FULL
    if status in UNKNOWN or (not found and answer.startswith(("550", "551", "553"))):
        return Error.UNKNOWN_ADDRESS
    return Error.ADDRESS_REFUSED


def said(code: int, answer: bytes | str) -> str:
    """A server's answer as one line of plain text."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    printable = "".join(character if character.isprintable() else " " for character in f"{code} {text}")
    return " ".join(printable.split())[:LONGEST_ANSWER]
