"""Takes a notice of undelivered e-mail from the mail server. docs/operating.md tells how to connect it."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone

from ...operations.bounces import LARGEST, NotABounce, record_bounce

TRY_LATER = 75
"""EX_TEMPFAIL: the mail server keeps the notice and asks again."""


class Command(BaseCommand):
    help = "Read a delivery status notification (RFC 3464) from standard input and note the failure it tells of."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--recipient", default="", help="the address that the notice came to")

    def handle(self, **options: Any) -> None:
        """Ends with 0 also where there is nothing to note: a mail server would answer the notice with another."""
        source = sys.stdin.buffer.read(LARGEST)
        try:
            mail = record_bounce(source=source, recipient=options["recipient"], now=timezone.now())
        except NotABounce as reason:
            self.stdout.write(f"Nothing noted: {reason}.")
        except Error:
            raise CommandError("The database does not answer.", returncode=TRY_LATER) from None
        else:
            self.stdout.write(f"E-mail {mail.pk}: {mail.error or mail.state}.")
