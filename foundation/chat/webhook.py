"""The talk with a chat's server: one POST to an address on the internet, within bounds, and no other server is asked.

The address is somebody's typing, so the portal must not be led by it to servers behind its own walls: names are
resolved once, every address that comes of it must be a public one, and that very address is connected to. Redirects are
not followed.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from .models import ChatMessage

Error = ChatMessage.Error
STEP_SECONDS = 10
"""For each step of the talk."""
WHOLE_SECONDS = 20
MOST_READ = 2_000
"""Bytes of an answer that are read."""
LONGEST_ADDRESS = 1_000
SECURE_PORT = 443
LATER = (429, 503)
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotPosted(Exception):
    """The server did not take it, or nobody knows whether it did (`UNCLEAR`)."""

    def __init__(self, error: str, *, is_final: bool = True, status: int | None = None, answer: str = "") -> None:
        super().__init__(error)
        self.error, self.is_final, self.status, self.answer = error, is_final, status, answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    text: str


def split(address: str) -> SplitResult:
    """The parts of a webhook's address. Raises ValueError for what is none: https, a host, its usual port, no user."""
    parts = urlsplit(address)
    schemes = ("https", "http") if settings.CHAT_TO_LOOPBACK else ("https",)
    is_usual_port = settings.CHAT_TO_LOOPBACK or parts.port in (None, SECURE_PORT)
    is_plain = address.isascii() and address.isprintable() and " " not in address and len(address) <= LONGEST_ADDRESS
    if not is_plain or parts.scheme not in schemes or not parts.hostname or "@" in parts.netloc or not is_usual_port:
        raise ValueError("no address of a webhook")
    return parts


def post(*, address: str, payload: Any, before_data: Callable[[], None] = lambda: None) -> Answer:
    """Post JSON. `before_data` is called when the server was reached and nothing has left yet. Raises NotPosted."""
    try:
        parts = split(address)
    except ValueError:
        raise NotPosted(Error.NOT_ALLOWED) from None
    connection = _connect(parts)
    timer = threading.Timer(WHOLE_SECONDS, _cut, [connection])
    timer.daemon = True
    timer.start()
    try:
        if isinstance(connection, ssl.SSLSocket):
            _shake_hands(connection)
        before_data()
        return _talk(connection, parts, payload)
    finally:
        timer.cancel()
        connection.close()


def _connect(parts: SplitResult) -> socket.socket:
    host, is_secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (SECURE_PORT if is_secure else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotPosted(Error.NO_CONNECTION, is_final=False) from None
    if not found or not all(is_public(str(one[4][0])) for one in found):
        raise NotPosted(Error.NOT_ALLOWED)
    for family, kind, protocol, _name, place in found:
        plain = socket.socket(family, kind, protocol)
        plain.settimeout(STEP_SECONDS)
        try:
            plain.connect(place)
        except OSError:
            plain.close()
            continue
        if not is_secure:
            return plain
        context = ssl.create_default_context()
        return context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
    raise NotPosted(Error.NO_CONNECTION, is_final=False)


def _shake_hands(connection: ssl.SSLSocket) -> None:
    try:
        connection.do_handshake()
    except OSError:  # ssl's errors are some
        raise NotPosted(Error.NO_CONNECTION, is_final=False) from None


def is_public(text: str) -> bool:
    """Whether an IP address is one of the internet; loopback only where a test's setting says so."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(str(address.ipv4_mapped))
        if address.sixtofour or address.teredo or address in NAT64:  # they lead on to others
            return False
    if settings.CHAT_TO_LOOPBACK and address.is_loopback:
        return True
    return address.is_global and not address.is_multicast


def _talk(connection: socket.socket, parts: SplitResult, payload: Any) -> Answer:
    body = json.dumps(payload, ensure_ascii=False).encode()
    talk = http.client.HTTPConnection(parts.hostname or "", parts.port)
    talk.sock = connection
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        talk.request("POST", path, body, {"Content-Type": "application/json", "Host": parts.netloc})
        response = talk.getresponse()
        answer = Answer(response.status, response.read(MOST_READ).decode("utf-8", "replace"))
    except (OSError, http.client.HTTPException, ValueError):
        raise NotPosted(Error.UNCLEAR) from None
    if 200 <= answer.status < 300:
        return answer
    is_later = answer.status in LATER
    raise NotPosted(
        Error.TRY_LATER if is_later else Error.REFUSED, is_final=not is_later, status=answer.status, answer=answer.text
    )


def _cut(connection: socket.socket) -> None:
    """A server that answers byte by byte does not hold the portal."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
