"""Back everything up into one archive, and restore everything from it."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils.translation import gettext as _

from ...disk import is_in_work_folder, sweep_work_folders, tell_disk, work_folder
from .archive import BackupFailed, hash_archive, read_archive, write_archive
from .databases import NAMES, database_facts, dump_database, is_empty, load_database
from .manifest import check_manifest

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

    All is made in a folder beside it; the file gets its name when it was read again. What an earlier one left that was
    killed is removed. Raises BackupFailed; then no file was written.
    """
    with told_in_words():
        if path.exists():
            raise BackupFailed(_("%s exists already. Choose another name.") % path)
        if not path.parent.is_dir():
            raise BackupFailed(_("The folder %s does not exist.") % path.parent)
        sweep_left(path.parent)
        with work_folder(path.parent, "backup") as folder:
            database, facts = dump_database(folder)
            files = [(f"{MEDIA}/{file.relative_to(media()).as_posix()}", file) for file in uploaded_files()]
            described = {"made_at": now.isoformat(), "vendor": connection.vendor, **facts}
            made = folder / "archive"
            write_archive(path=made, members=[(database.name, database), *files], facts=described)
            database.unlink()
            again = folder / "again"
            again.mkdir()
            check_manifest(read_archive(path=made, folder=again), again)
            found = hash_archive(made)
            os.link(made, path)  # unlike a renaming, it never overwrites
        return Backup(path.stat().st_size, found, len(files))


def restore_backup(*, path: Path, force: bool = False, sha256: str = "") -> Backup:
    """Put what an archive holds in the place of the database and the uploaded files.

    Everything is checked before anything is changed. With `force`, a database and files that are there are lost.
    `sha256`: what the archive's hash must be. Raises BackupFailed.
    """
    with told_in_words():
        if not path.is_file():
            raise BackupFailed(_("There is no file %s.") % path)
        found = hash_archive(path)
        if sha256 and sha256.strip().lower() != found:
            raise BackupFailed(_("The archive is not the one whose hash was noted: its SHA-256 is %s.") % found)
        if not force and not is_empty():
            text = _("The database is not empty. Restore into an empty one, or use --force, and it is lost.")
            raise BackupFailed(text)
        if not force and any(uploaded_files()):
            raise BackupFailed(_("%s is not empty. Use --force, and files of the same name are replaced.") % media())
        media().mkdir(parents=True, exist_ok=True)
        sweep_left(media())
        with work_folder(media(), "restore") as work:
            folder = work / "archive"
            folder.mkdir()
            manifest = read_archive(path=path, folder=folder)
            check_manifest(manifest, folder)
            load_database(folder / NAMES[connection.vendor], folder)
            count = put_files_back(folder / MEDIA)
    if any(sorted(rows) != sorted(manifest[name]) for name, rows in database_facts().items()):
        raise BackupFailed(_("The restored database is not the one of which the archive tells. Do not use it."))
    call_command("migrate", verbosity=0, interactive=False)  # a newer version's tables, and triggers as they should be
    return Backup(path.stat().st_size, found, count)


def put_files_back(source: Path) -> int:
    """Each uploaded file to its place; how many."""
    count = 0
    for file in sorted(source.rglob("*")) if source.is_dir() else []:
        if file.is_file():
            target = media() / file.relative_to(source)
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(file, target)
                target.chmod(0o644)
            except OSError as error:
                text = _(
                    "The database is restored, but this file could not be put back: %(file)s. %(problem)s Mend that, "
                    "then restore again with --force."
                )
                raise BackupFailed(text % {"file": target, "problem": tell_disk(error)}) from error
            count += 1
    return count


def media() -> Path:
    return Path(settings.MEDIA_ROOT)


def uploaded_files() -> Iterator[Path]:
    """Every uploaded file; not the exports, which can be made again, nor what a killed backup or restore left."""
    exports = Path(settings.EXPORT_ROOT).resolve()
    for file in sorted(media().rglob("*")):
        if not file.is_file() or file.is_symlink() or is_in_work_folder(file.relative_to(media())):
            continue
        if exports not in file.resolve().parents:
            yield file


def sweep_left(folder: Path) -> None:
    """Remove what backups and restores left that were killed: here, and among the uploaded files."""
    for parent in {folder, media()}:
        sweep_work_folders(parent)


@contextmanager
def told_in_words() -> Iterator[None]:
    """A disk that is full or cannot be written is a BackupFailed that says so."""
    try:
        yield
    except OSError as error:
        raise BackupFailed(tell_disk(error)) from error
    except sqlite3.Error as error:
        raise BackupFailed(_("The database cannot be copied: %s.") % error) from error
