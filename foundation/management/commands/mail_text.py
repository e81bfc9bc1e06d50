"""Mails a text, such as the report of a night. deploy/nightly.sh uses it, so that no other mail program is needed."""

import sys
from smtplib import SMTPException
from typing import Any

from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

LARGEST = 1_000_000


class Command(BaseCommand):
    help = "Mail what comes on standard input, by the portal's own mail server. Ends with 1 where that takes it not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", required=True, nargs="+", metavar="ADDRESS", help="who gets it")
        parser.add_argument("--subject", required=True, help="in one line")

    def handle(self, **options: Any) -> None:
        text = sys.stdin.buffer.read(LARGEST + 1)
        shown = text[:LARGEST].decode("utf-8", errors="replace")
        if len(text) > LARGEST:
            shown += "\n… (cut: the whole text was too long for an e-mail)"
        try:
            for address in options["to"]:
                validate_email(address)
            send_mail(" ".join(options["subject"].split()), shown, None, options["to"])
        except ValidationError:
            raise CommandError(f"{address} is no e-mail address.") from None
        except (OSError, SMTPException) as error:
            raise CommandError(f"The mail server did not take it: {error}") from None
