"""Confirms that the clock is right where a log holds entries of a later day, so that quotes are issued again."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from licensing.models import Reseller

from ...record.clock import confirm_clock, logs_ahead


class Command(BaseCommand):
    help = (
        "Where a log holds entries of a later day than today, no quote is issued: the clock is wrong now, or was then. "
        "If it is wrong now, set it right and do not use this command. If it was wrong then, say so: the log keeps "
        "who confirmed it and why, and verify_records no longer reports the steps back before it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--today", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD",
                            help="Today, in Japan, from another clock than this machine's.")  # fmt: skip
        parser.add_argument("--reason", required=True, help="What happened. It stays in the log.")
        parser.add_argument("--by", required=True, metavar="NAME", help="Who confirms it. It stays in the log.")
        parser.add_argument("--reseller", default="", metavar="CODE", help="Only this reseller's log.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        today = timezone.localdate(now)
        reason, by_name, code = options["reason"].strip(), options["by"].strip(), options["reseller"]
        if options["today"] != today:
            text = _("By this machine’s clock today is %(today)s. Set the clock right first. Nothing was written.")
            raise CommandError(text % {"today": today})
        if not reason or not by_name:
            raise CommandError(_("Say why, and who you are. Nothing was written."))
        if code and not Reseller.objects.filter(code=code).exists():
            raise CommandError(_("There is no reseller “%(code)s”.") % {"code": code})
        found = list(logs_ahead(now=now, reseller=code))
        if not found:
            self.stdout.write(_("No log is ahead of the clock. Nothing was written."))
        for ahead in found:
            event = confirm_clock(ahead=ahead, reason=reason, by_name=by_name, now=now)
            facts = {
                "code": ahead.reseller.code,
                "latest": timezone.localdate(ahead.latest),
                "position": event.position,
            }
            text = _("%(code)s: its log holds entries up to %(latest)s; confirmed by log entry %(position)s.")
            self.stdout.write(text % facts)
