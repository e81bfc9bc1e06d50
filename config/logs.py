"""What is worth a line in the log, and what must not stand in one."""

import logging
import re

from django.core.exceptions import PermissionDenied


def without_traceback_of_refusals(record: logging.LogRecord) -> bool:
    """A filter: that somebody may not do something is answered 403 and said in one line. It is no error of ours."""
    if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
        record.exc_info = None
        record.exc_text = None
    return True


EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
TOKEN = re.compile(rf"(?<=/)(?!{UUID}\b)[\w:-]{{32,}}(?![\w.:-])")
"""A part of an address that is long enough to be a secret: of a share link, an invitation, a forgotten password."""


class Discreet(logging.Formatter):
    """Writes lines without e-mail addresses, and without tokens in addresses. The keys of quotes and drafts stay:
    they open nothing by themselves.

    Django's own lines name the address that was not found or not allowed; errors of a database name values.
    """

    def format(self, record: logging.LogRecord) -> str:
        return TOKEN.sub("[token]", EMAIL.sub("[e-mail]", super().format(record)))
