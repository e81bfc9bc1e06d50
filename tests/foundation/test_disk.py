"""Work folders outlive no kill for long, and a disk that is full is told in words."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import translation

from foundation.disk import is_in_work_folder, make_sure_of_room, sweep_work_folders, tell_disk, work_folder


def test_a_folder_goes_with_its_work_and_is_not_swept_meanwhile(tmp_path):
    with work_folder(tmp_path, "backup") as folder:
        (folder / "dump").write_text("x")
        assert folder.stat().st_mode & 0o777 == 0o700
        assert sweep_work_folders(tmp_path) == 0
        assert (folder / "dump").is_file()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_swept_and_nothing_else(tmp_path):
    code = (
        "import os, pathlib, signal, sys; from foundation.disk import work_folder\n"
        f"with work_folder(pathlib.Path({str(tmp_path)!r}), 'restore') as folder:\n"
        "    (folder / 'archive').mkdir(); (folder / 'archive' / 'x').write_text('x')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2]).returncode == -9
    [left] = tmp_path.iterdir()
    assert is_in_work_folder(left / "archive" / "x")
    others = [".portal-backup", ".portal-backup-long-name", "portal-backup-abcdefgh", "backup-abcdefgh", ".restore-x"]
    for name in others:
        (tmp_path / name).mkdir()
    (tmp_path / ".portal-backup-filefile").touch()
    (tmp_path / ".portal-backup-linklink").symlink_to(tmp_path / others[0])
    assert sweep_work_folders(tmp_path) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [*others, ".portal-backup-filefile", ".portal-backup-linklink"]
    )
    assert sweep_work_folders(tmp_path / "none") == 0


def test_it_is_said_in_words():
    with translation.override("en"):
        assert (
            tell_disk(OSError(errno.ENOSPC, "No space")) == "The disk is full, or this much may not be written to it."
        )
        assert tell_disk(PermissionError(errno.EACCES, "x", "/srv")) == "It may not be written to: /srv"
        assert tell_disk(OSError(errno.EROFS, "x", "/srv"), with_place=False) == "It may not be written to."
        assert tell_disk(OSError(errno.EIO, "Input/output error", "/srv")) == "Input/output error: /srv"


def test_room_is_tried_and_nothing_is_left(tmp_path):
    make_sure_of_room(tmp_path / "media", 1000)
    assert list((tmp_path / "media").iterdir()) == []
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        make_sure_of_room(tmp_path / "file" / "media", 1)
