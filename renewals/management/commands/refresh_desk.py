"""Bring the list of renewals up to date: what is marked, or everything anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from ...desk.refresh import compact_counts, mark_all, recount, refresh, spread_marks


class Command(BaseCommand):
    help = "Bring the list of renewals up to date. The worker does that by itself; --all makes every row anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="look at every license ID, and count anew")

    def handle(self, **options: Any) -> None:
        on, done = timezone.localdate(), 0
        if options["all"]:
            mark_all()
        spread_marks()
        while count := refresh(on=on):
            done += count
            if done % 10_000 < count:
                self.stdout.write(f"{done:,} license IDs")
        if options["all"]:
            recount()
        else:
            compact_counts()
        self.stdout.write(f"{done:,} license IDs brought up to date.")
