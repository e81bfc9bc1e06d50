"""Writes a backup: the database and the uploaded files in one archive."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.integrity.backup import BackupFailed, write_backup
from licensing.importing import tell_lost_pictures


class Command(BaseCommand):
    help = (
        "Write the database and the uploaded files into one new archive, while the portal runs, and read it again. "
        "It holds everything, passwords' hashes too: keep it where only you can read it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="The archive to write, such as portal-20261123.tar.gz.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            made = write_backup(path=path.absolute(), now=timezone.now())
        except BackupFailed as failed:
            raise CommandError(str(failed)) from None
        facts = {"path": path, "size": f"{made.size:,}", "files": made.files}
        self.stdout.write(_("%(path)s: %(size)s bytes, with %(files)s uploaded files. It was read again.") % facts)
        self.stdout.write(f"SHA-256 {made.sha256}")
        for text in tell_lost_pictures():
            self.stderr.write(self.style.WARNING(text))
