"""What is worth a line in the log, and what must not stand in one."""

import logging
import re

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def without_traceback_of_refusals(record: logging.LogRecord) -> bool:
    """A filter: that somebody may not do something is answered 403 and said in one line. It is no error of ours."""
    if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
        record.exc_info = None
        record.exc_text = None
    return True


def without_address(record: logging.LogRecord) -> bool:
    """A filter: a line about a request names the address by its pattern, never as it was asked for.

    Django's own lines ("Not Found: …") name what was asked for, which may hold a token, whole or mistyped.
    """
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
        shown = pattern_of(request)
        record.args = tuple(
            shown if isinstance(value, str) and value.startswith("/") else value for value in record.args
        )
    return True


def pattern_of(request: HttpRequest) -> str:
    """`/s/<str:token>/`; for an address that does not exist its first part, if that can be no secret."""
    if match := request.resolver_match:
        return f"/{match.route}"
    first, _slash, rest = request.path.lstrip("/").partition("/")
    return f"/{first if PLAIN.fullmatch(first) else '…'}{'/…' if rest else ''}"


PLAIN = re.compile(r"[a-z-]{1,20}(?:\.[a-z]{2,5})?")
EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
TOKEN = re.compile(rf"(?<=/|=)(?!{UUID}\b)(?>[\w:-]{{24,}})(?!\.py\b)|(?<=%2F)(?>[\w:-]{{24,}})", re.IGNORECASE)
"""A part of an address that is long enough to be a secret: of a share link, an invitation, a forgotten password."""


class Discreet(logging.Formatter):
    """Writes lines without e-mail addresses, and without tokens in addresses. The keys of quotes and drafts stay:
    they open nothing by themselves.

    Errors of a database name values, and those of a form where the visitor came from.
    """

    def format(self, record: logging.LogRecord) -> str:
        return TOKEN.sub("[token]", EMAIL.sub("[e-mail]", super().format(record)))
