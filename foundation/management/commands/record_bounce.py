"""Takes a notice of undelivered e-mail from the mail server. docs/operating.md tells how to connect it."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone

from ...mail.operations.bounces import LARGEST, NotABounce, record_bounce
from ...mail.operations.notices import keep_notice

TRY_LATER = 75
"""EX_TEMPFAIL: the mail server keeps the notice and asks again."""


class Command(BaseCommand):
    help = (
        "Note the failure that a notice (RFC 3464) on standard input tells of; keep anything else for somebody to read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--recipient", default="", help="the address that the notice came to")

    def handle(self, **options: Any) -> None:
        """Ends with 0 also where there is nothing to note: a mail server would answer the notice with another."""
        source = sys.stdin.buffer.read(LARGEST)
        try:
            self.stdout.write(_note(source, options["recipient"]))
        except Error:
            raise CommandError("The database does not answer.", returncode=TRY_LATER) from None


def _note(source: bytes, recipient: str) -> str:
    """Note the failure, or keep what tells of none for somebody to read; and what was done."""
    try:
        mail = record_bounce(source=source, recipient=recipient, now=timezone.now())
    except NotABounce as reason:
        notice = keep_notice(source=source, recipient=recipient, now=timezone.now())
        if notice is None:
            return f"Nothing noted: {reason}."
        return f"Kept as answer {notice.pk}{f' to e-mail {notice.mail_id}' if notice.mail_id else ''}: {reason}."
    return f"E-mail {mail.pk}: {mail.error or mail.state}."
