"""Restores a backup, and checks every record in it."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from foundation.integrity.backup import BackupFailed, restore_backup


class Command(BaseCommand):
    help = (
        "Restore the database and the uploaded files from an archive that `backup` wrote, into an empty database. "
        "Nothing is changed before the whole archive was checked. Ends with verify_records."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="The archive.")
        parser.add_argument("--force", action="store_true", help="Also into a database that is in use: it is lost.")
        parser.add_argument("--sha256", default="", metavar="HEX", help="What the archive's hash must be.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            restored = restore_backup(path=options["file"], force=options["force"], sha256=options["sha256"])
        except BackupFailed as failed:
            raise CommandError(str(failed)) from None
        facts = {"path": options["file"], "files": restored.files}
        self.stdout.write(_("%(path)s is restored, with %(files)s uploaded files.") % facts)
        call_command("verify_records", stdout=self.stdout, stderr=self.stderr, verbosity=options["verbosity"])
