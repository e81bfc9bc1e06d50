"""Checks that every issued quote is still as it was. Ends with 1 where something differs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from foundation.transactions import reading_one_state
from licensing.models import Reseller

from ...archive.verification import Head, Report, count_rows, read_heads, verify_records

TELL_EVERY = 1000


class Command(BaseCommand):
    help = (
        "Hash every stored PDF, record and log entry again, and report every difference. Ends with 1 where there is "
        "one. Prints where each reseller's log ends: note that down outside the portal, and give it again by --heads."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reseller", default="", metavar="CODE", help="Check only this reseller's records.")
        parser.add_argument(
            "--heads", type=Path, metavar="FILE", help="Lines that an earlier check printed: they must still be true."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        heads = read_noted(options["heads"]) if options["heads"] else []
        report = Report()
        with reading_one_state():
            count = count_rows(reseller=options["reseller"])

            def tell(looked_at: int) -> None:
                if looked_at % TELL_EVERY == 0 and options["verbosity"] > 0:
                    self.stderr.write(f"{looked_at} / {count}")

            report.tell = tell
            try:
                for difference in verify_records(report=report, reseller=options["reseller"], heads=heads):
                    self.stdout.write(self.style.ERROR(str(difference)))
            except Reseller.DoesNotExist:
                raise CommandError(_("There is no reseller “%(code)s”.") % {"code": options["reseller"]}) from None
        facts = {"quotes": report.quotes, "entries": report.entries, "differences": report.differences}
        self.stdout.write(_("%(quotes)s quotes with their PDFs and %(entries)s log entries were checked.") % facts)
        for head in report.heads:
            self.stdout.write(str(head))
        if report.differences:
            raise CommandError(_("Differences: %(differences)s. They are listed above.") % facts)
        self.stdout.write(self.style.SUCCESS(_("Everything is as it was issued.")))


def read_noted(path: Path) -> list[Head]:
    """Raises CommandError where the file cannot be read."""
    try:
        heads = read_heads(path.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(str(error)) from None
    if not heads:
        raise CommandError(_("%(path)s holds no line in which a check said where a log ends.") % {"path": path})
    return heads
