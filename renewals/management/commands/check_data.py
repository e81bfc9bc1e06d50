"""manage.py check_data: what of the data would make a renewal wrong, reseller by reseller."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from licensing.models import Reseller

from ...checks.findings import Reader
from ...checks.queries import CHECKS, count_by_reseller
from ...checks.scope import scope_of


class Command(BaseCommand):
    help = "Look for holdings, license IDs, customers and products that would make a renewal wrong. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reseller", default="", metavar="CODE", help="only this reseller's data")
        parser.add_argument("--most", type=int, default=10, metavar="N", help="rows told of each check (default: 10)")
        parser.add_argument("--strict", action="store_true", help="end with 1 when something is found")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Prints a paragraph for each reseller of whom something is found, and for what belongs to none."""
        resellers = {one.pk: one for one in Reseller.objects.order_by("code")}
        if options["reseller"]:
            resellers = {pk: one for pk, one in resellers.items() if one.code == options["reseller"]}
            if not resellers:
                raise CommandError(_("There is no reseller “%(code)s”.") % {"code": options["reseller"]})
        on = timezone.localdate()
        only = next(iter(resellers)) if options["reseller"] else None
        whole = scope_of(on=on, reseller=only)
        checks = [check for check in CHECKS if check.path or only is None]
        counts = {check.code: count_by_reseller(check, whole) for check in checks}
        total = sum(sum(found.values()) for found in counts.values())
        for pk in (*resellers, None):
            found = [(check, counts[check.code][pk]) for check in checks if counts[check.code].get(pk)]
            if not found:
                continue
            head = f"{resellers[pk].code}: {resellers[pk].name}" if pk else _("of no reseller")
            self.stdout.write(f"{head} ({sum(count for _check, count in found):,})")
            scope = scope_of(on=on, reseller=pk)
            for check, count in found:
                self.stdout.write(f"  {check.title}: {count:,}")
                most = max(options["most"], 0)
                for one in check.tell(list(check.find(scope)[:most]), Reader(None)):
                    self.stdout.write(f"    {one.subject}  {one.customer}  {one.said}".rstrip())
                if count > most:
                    self.stdout.write("    " + _("and %(count)s more") % {"count": f"{count - most:,}"})
        if not total:
            self.stdout.write(_("Nothing was found."))
        elif options["strict"]:
            raise CommandError(_("Found: %(count)s.") % {"count": f"{total:,}"}, returncode=1)
