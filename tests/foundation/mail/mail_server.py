"""A real mail server on this machine, which answers as a test tells it."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Taken:
    """An e-mail that the server took."""

    sender: str
    recipients: list[str]
    source: bytes

    @property
    def message(self) -> EmailMessage:
        read = message_from_bytes(self.source, policy=policy.default)
        assert isinstance(read, EmailMessage)
        return read


@dataclass
class MailServer:
    """What it answers, and what it took."""

    port: int = 0
    to_sender: str = "250 OK"
    to_recipients: dict[str, str] = field(default_factory=dict)
    """Address to answer; all others are taken."""
    to_content: list[str] = field(default_factory=list)
    """The answers to the next e-mails, then 250."""
    seconds: float = 0
    """How long it thinks when it has the whole e-mail."""
    taken: list[Taken] = field(default_factory=list)
    has_content: bool = False
    """Whether it ever had the whole of an e-mail."""

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.to_sender.startswith("250"):
            envelope.mail_from = address
        return self.to_sender

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        answer = self.to_recipients.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.to_content.pop(0) if self.to_content else "250 OK"
        self.has_content = True
        if answer == "break":
            server.transport.abort()
            return "421 gone"
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if answer.startswith("250"):
            self.taken.append(Taken(envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        return answer


class Listener(Controller):
    """Leaves no connection behind."""

    def factory(self) -> Any:
        session = super().factory()
        self.sessions = [*getattr(self, "sessions", []), session]
        return session

    async def hang_up(self) -> None:
        for session in getattr(self, "sessions", []):
            if session.transport is not None:
                session.transport.abort()
        await asyncio.sleep(0.02)


@contextmanager
def run_mail_server(**answers: Any) -> Iterator[MailServer]:
    """A server that listens; it stops at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = MailServer(port=port, **answers)
    controller = Listener(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler
    finally:
        asyncio.run_coroutine_threadsafe(controller.hang_up(), controller.loop).result()
        controller.stop(no_assert=True)
