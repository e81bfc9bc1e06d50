"""The archive: a tar file, compressed, with a manifest at its end that names every member's size and SHA-256.

The manifest comes last, so that an archive that was cut off has none.
"""

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.utils.translation import gettext as _

from ...disk import tell_disk

FORMAT = "renewal-quotes-backup"
VERSION = 1
MANIFEST = "manifest.json"
MOST_MANIFEST = 50 * 1024 * 1024
BLOCK = 1024 * 1024
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class BackupFailed(Exception):
    """It cannot be backed up or restored. The text says why to a person, and what to do."""


class Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size)
        self.hash.update(block)
        return block


def write_archive(*, path: Path, members: Iterable[tuple[str, Path]], facts: dict[str, Any]) -> None:
    """Write a new file that only its owner can read, in a work folder: what a failure leaves goes with it."""
    listed = []
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6, format=tarfile.PAX_FORMAT) as archive:
            for name, source in members:
                with source.open("rb") as file:
                    info = _info(name, os.fstat(file.fileno()).st_size)
                    reader = Hashed(file)
                    archive.addfile(info, reader)
                listed.append({"name": name, "size": info.size, "sha256": reader.hash.hexdigest()})
            manifest = {"format": FORMAT, "version": VERSION, **facts, "members": listed}
            content = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
            archive.addfile(_info(MANIFEST, len(content)), io.BytesIO(content))
        raw.flush()
        os.fsync(raw.fileno())


def read_archive(*, path: Path, folder: Path) -> dict[str, Any]:
    """Unpack everything into an empty folder and compare it with the manifest, which is given back.

    Raises BackupFailed for what is no such archive, is damaged, cut off, or holds anything else than it says.
    """
    found: dict[str, tuple[int, str]] = {}
    try:
        with gzip.open(path) as packed, tarfile.open(fileobj=packed, mode="r|") as archive:
            for info in archive:
                if not _is_harmless(info) or info.name in found:
                    raise BackupFailed(_("The archive holds something that no backup holds: %s") % info.name[:200])
                source = archive.extractfile(info)
                if source is None:
                    raise BackupFailed(_("The archive is damaged or incomplete."))
                target = folder / info.name
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                reader = Hashed(source)
                with target.open("xb") as file:
                    while block := reader.read(BLOCK):
                        file.write(block)
                found[info.name] = (info.size, reader.hash.hexdigest())
            while block := packed.read(BLOCK):  # to the end, where the checksum of the whole stands
                if block.strip(b"\0"):
                    raise BackupFailed(_("The archive is damaged or incomplete."))
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BackupFailed(_("The archive is damaged or incomplete.")) from error
    except OSError as error:
        raise BackupFailed(tell_disk(error)) from error
    return _compared(found, folder)


def hash_archive(path: Path) -> str:
    """SHA-256 of the whole archive, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _compared(found: dict[str, tuple[int, str]], folder: Path) -> dict[str, Any]:
    if found.pop(MANIFEST, (MOST_MANIFEST, ""))[0] >= MOST_MANIFEST:
        raise BackupFailed(_("The archive is damaged or incomplete."))
    try:
        manifest: Any = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        listed = {member["name"]: (member["size"], member["sha256"]) for member in manifest["members"]}
        known = (manifest["format"], manifest["version"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise BackupFailed(_("The archive is damaged or incomplete.")) from error
    if known != (FORMAT, VERSION):
        raise BackupFailed(_("This is no backup of this portal, or one of a newer version."))
    if different := sorted(name for name in listed.keys() | found.keys() if listed.get(name) != found.get(name)):
        raise BackupFailed(_("The archive was altered: %s") % ", ".join(different[:10]))
    whole: dict[str, Any] = manifest
    return whole


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def _is_harmless(info: tarfile.TarInfo) -> bool:
    """A plain file with a plain path below the folder."""
    path = PurePosixPath(info.name)
    parts_are_plain = not path.is_absolute() and ".." not in path.parts and str(path) == info.name
    return info.isreg() and parts_are_plain and "\\" not in info.name and "\x00" not in info.name
