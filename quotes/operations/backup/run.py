"""Back everything up into one archive, and restore everything from it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from .archive import BackupFailed, hash_archive, read_archive, write_archive
from .databases import NAMES, database_facts, dump_database, is_empty, load_database

MEDIA = "media"


@dataclass(frozen=True, slots=True)
class Backup:
    """An archive that was written or restored."""

    size: int
    """In bytes."""
    sha256: str
    """Of the archive; noted down elsewhere, it proves later that the archive was not exchanged."""
    files: int
    """Uploaded files in it."""


def write_backup(*, path: Path, now: datetime) -> Backup:
    """Write the database and the uploaded files into a new file, and read it again. The portal may go on working.

    Raises BackupFailed; then no file was written.
    """
    if path.exists():
        raise BackupFailed(_("%s exists already. Choose another name.") % path)
    if not path.parent.is_dir():
        raise BackupFailed(_("The folder %s does not exist.") % path.parent)
    with folder_for(path.parent, "backup-") as folder:
        database, facts = dump_database(folder)
        files = [(f"{MEDIA}/{file.relative_to(media()).as_posix()}", file) for file in uploaded_files()]
        described = {"made_at": now.isoformat(), "vendor": connection.vendor, **facts}
        try:
            write_archive(path=path, members=[(database.name, database), *files], facts=described)
        except OSError as error:
            raise BackupFailed(str(error)) from error
        database.unlink()
        again = folder / "again"
        again.mkdir()
        try:
            read_archive(path=path, folder=again)
        except BackupFailed:
            path.unlink()
            raise
    return Backup(path.stat().st_size, hash_archive(path), len(files))


def restore_backup(*, path: Path, force: bool = False, sha256: str = "") -> Backup:
    """Put what an archive holds in the place of the database and the uploaded files.

    Everything is checked before anything is changed. With `force`, a database and files that are there are lost.
    `sha256`: what the archive's hash must be. Raises BackupFailed.
    """
    if not path.is_file():
        raise BackupFailed(_("There is no file %s.") % path)
    found = hash_archive(path)
    if sha256 and sha256.strip().lower() != found:
        raise BackupFailed(_("The archive is not the one whose hash was noted: its SHA-256 is %s.") % found)
    if not force and not is_empty():
        raise BackupFailed(_("The database is not empty. Restore into an empty one, or use --force, and it is lost."))
    if not force and any(uploaded_files()):
        raise BackupFailed(_("%s is not empty. Use --force, and files of the same name are replaced.") % media())
    media().mkdir(parents=True, exist_ok=True)
    with folder_for(media(), ".restore-") as folder:
        manifest = read_archive(path=path, folder=folder)
        check_fits(manifest)
        load_database(folder / NAMES[connection.vendor], folder)
        count = put_files_back(folder / MEDIA)
    if database_facts()["heads"] != manifest["heads"]:
        raise BackupFailed(_("The restored logs do not end where the archive says. Do not use this database."))
    call_command("migrate", verbosity=0, interactive=False)  # a newer version's tables, and triggers that are missing
    return Backup(path.stat().st_size, found, count)


def check_fits(manifest: dict[str, Any]) -> None:
    """Whether this portal can use what is in the archive. Raises BackupFailed."""
    if manifest.get("vendor") != connection.vendor:
        text = _("The archive is of a %(found)s database, but this is %(here)s. Restore it into the same kind.")
        raise BackupFailed(text % {"found": manifest.get("vendor"), "here": connection.vendor})
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    unknown = [f"{app}.{name}" for app, name in manifest["migrations"] if (app, name) not in known]
    if unknown:
        text = _("The archive was made by a newer version of the portal: %s is not known here. Install that version.")
        raise BackupFailed(text % ", ".join(unknown[:5]))


def put_files_back(source: Path) -> int:
    """Each uploaded file to its place; how many."""
    count = 0
    for file in sorted(source.rglob("*")) if source.is_dir() else []:
        if file.is_file():
            target = media() / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(file, target)
            target.chmod(0o644)
            count += 1
    return count


def media() -> Path:
    return Path(settings.MEDIA_ROOT)


def uploaded_files() -> Iterator[Path]:
    """Every uploaded file; not the exports, which can be made again."""
    exports = Path(settings.EXPORT_ROOT).resolve()
    for file in sorted(media().rglob("*")):
        if file.is_file() and not file.is_symlink() and exports not in file.resolve().parents:
            yield file


@contextmanager
def folder_for(parent: Path, prefix: str) -> Iterator[Path]:
    """A folder that nobody else can read, and that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
