"""Folders for work that a kill may end at any moment, and disks that are full or cannot be written."""

import errno
import fcntl
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from django.core.files.storage import FileSystemStorage
from django.utils.translation import gettext as _

Kind = Literal["backup", "restore", "export"]
OWN_NAME = re.compile(r"\.(portal-(backup|restore|export)|restore)-[a-z0-9_]{8}")
"""Of work folders; the last form is an earlier version's."""
LOCK = "lock"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}
OF_DATABASES = {
    "53100": errno.ENOSPC,
    "SQLITE_FULL": errno.ENOSPC,
    "SQLITE_IOERR_WRITE": errno.ENOSPC,
    "SQLITE_READONLY": errno.EROFS,
}
"""What PostgreSQL and SQLite call it."""


def tell_disk(error: OSError, *, with_place: bool = True) -> str:
    """What is wrong with a disk or folder, for a person; without its place for one who does not operate the portal."""
    if error.errno in FULL:
        return _("The disk is full, or this much may not be written to it.")
    place = str(error.filename or "") if with_place else ""
    if error.errno in CLOSED:
        return _("It may not be written to: %s") % place if place else _("It may not be written to.")
    said = error.strerror or str(error)
    return f"{said}: {place}" if place else f"{said}."


def disk_trouble(error: BaseException | None) -> OSError | None:
    """The disk that is full or cannot be written, where that is why something failed: also the database's disk."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno in FULL | CLOSED:
            return error
        said = getattr(error, "sqlstate", "") or getattr(error, "sqlite_errorname", "")
        if (number := OF_DATABASES.get(said)) is not None:
            return OSError(number, str(error))
        error = error.__cause__ or error.__context__
    return None


def make_sure_of_room(folder: Path, size: int) -> None:
    """Raises OSError where a file of so many bytes could not be written into the folder. Leaves nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(bytes(size))
        file.flush()


class WholeFiles(FileSystemStorage):
    """Uploaded files, which are stored whole or not at all: Django leaves half of one on a disk that is full."""

    def _save(self, name: str, content: Any) -> str:
        is_new = not self.exists(name)
        try:
            return str(super()._save(name, content))  # type: ignore[misc]
        except OSError:
            if is_new:
                with suppress(OSError):
                    Path(self.path(name)).unlink()
            raise


@contextmanager
def work_folder(parent: Path, kind: Kind) -> Iterator[Path]:
    """A folder that nobody else can read, and that is gone afterwards. While it is used it is locked: what a killed
    process left is not, and `sweep_work_folders` removes it.
    """
    folder = Path(tempfile.mkdtemp(prefix=f".portal-{kind}-", dir=parent))
    try:
        with (folder / LOCK).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep_work_folders(parent: Path) -> int:
    """Remove work folders that a killed process left there, and nothing else. Returns how many."""
    count = 0
    for path in parent.iterdir() if parent.is_dir() else ():
        if is_work_folder(path) and _is_left(path):
            shutil.rmtree(path, ignore_errors=True)
            count += 1
    return count


def is_work_folder(path: Path) -> bool:
    """Whether it is named as we name them, and a folder."""
    return OWN_NAME.fullmatch(path.name) is not None and path.is_dir() and not path.is_symlink()


def is_in_work_folder(path: Path) -> bool:
    """Whether any folder on the way is named as ours."""
    return any(OWN_NAME.fullmatch(part) for part in path.parts)


def _is_left(folder: Path) -> bool:
    """One without a lock has only just begun, or ended at once: it goes if it is empty."""
    try:
        with (folder / LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return not any(folder.iterdir())
    except OSError:
        return False
    return True
