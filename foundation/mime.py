"""E-mail that anybody may have written: parsed within bounds, and read as text as far as it can be. Nothing raises."""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from typing import Any

LONGEST_HEADER = 16_000
"""Characters of one header that are looked at; what reads them takes the square of that."""
MOST_PARTS = 200
"""So many and so deep; with those of the e-mails within it, and the groups of a delivery status."""
HEAD_ENDS = re.compile(rb"\r?\n\r?\n")
GUESSES = ("iso-2022-jp", "utf-8", "cp932")
"""Charsets that are tried where the one that is named is none, or not that of the text."""
PYTHONS_OWN = {"unicode-escape", "raw-unicode-escape", "punycode", "idna", "undefined"}
"""Codecs that no e-mail is written in: they read backslashes as Python does, and complain of them."""


class _Bounded(Compat32):
    def header_source_parse(self, sourcelines: list[str]) -> Any:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEADER]


class _TooManyParts(Exception):
    pass


def parse(source: bytes) -> Message:
    """An e-mail with its parts; one that has too many of them, or too deep ones, with its head only."""
    count = 0

    def make(policy: Any = None) -> Message:
        nonlocal count
        count += 1
        if count > MOST_PARTS:
            raise _TooManyParts
        return Message(policy=policy)

    try:
        return message_from_bytes(source, make, policy=_Bounded())
    except Exception:  # a part within a part within a part …, or whatever else the library meets
        head = BytesHeaderParser(policy=_Bounded()).parsebytes(HEAD_ENDS.split(source, maxsplit=1)[0])
        for name in ("Content-Type", "Content-Transfer-Encoding"):
            del head[name]  # it has no content any more
        return head


def header(message: Message, name: str) -> str:
    """A header in one line, decoded as far as it can be; empty where there is none."""
    value = str(message[name] or "")
    with suppress(Exception):  # what nobody can decode stays as it came
        value = str(make_header(decode_header(value)))
    return " ".join(storable(value).split())


def headers(message: Message, name: str) -> Iterator[str]:
    """All headers of a name, as they came."""
    return (storable(str(value)) for value in message.get_all(name, []))


def content(part: Message) -> bytes:
    """What a part holds, without what it was packed in for the way; empty for one that holds parts."""
    with suppress(Exception):  # a charset that is none; content that is not packed as it says
        payload = part.get_payload(decode=True)
        return payload if isinstance(payload, bytes) else b""
    raw = part.get_payload()
    return raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else b""


def text(part: Message) -> str:
    """A part's text in the charset that it names, else in one that fits; without what nobody sees."""
    held, named = content(part), ""
    with suppress(Exception):
        named = part.get_content_charset() or ""
    for charset in (named, *GUESSES):
        with suppress(LookupError, ValueError):  # LookupError: also for what is no charset of texts
            if codecs.lookup(charset).name not in PYTHONS_OWN:
                return storable(held.decode(charset))
    return storable(held.decode("utf-8", errors="replace"))


def storable(text: str) -> str:
    """Without control characters, halves of characters and what else nobody sees or no database takes."""
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char)[0] != "C")
