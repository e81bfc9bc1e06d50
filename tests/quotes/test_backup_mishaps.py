"""Backups that are killed, disks that are full, archives that say what is not so."""

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import translation

from licensing.models import Reseller
from tests.cast import make_cast, sign_in
from tests.making import everything_written, is_postgres
from tests.quotes.backups import SEAL, command, make_portal, read, write
from tools.with_postgres import find_programs

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _folders(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.POSTGRES_PROGRAMS = str(find_programs()) if is_postgres() else ""
    with translation.override("en"):
        yield


@pytest.fixture
def portal(transactional_db):
    return make_portal()


def forged(manifest, **changes):
    return {name: value for name, value in {**manifest, **changes}.items() if value is not ...}


def test_a_manifest_that_is_not_whole_or_not_true_replaces_nothing(portal, tmp_path):
    path, altered = tmp_path / "portal.tar.gz", tmp_path / "altered.tar.gz"
    command("backup", path)
    members = read(path.read_bytes())
    manifest = json.loads(members["manifest.json"])
    [[code, position, digest]] = manifest["heads"]
    says = "The archive does not say of itself what a backup says: {}"
    other = "The archive says something else than the database in it: {}"
    listed = [*manifest["members"], {"name": "evil", "size": 1, "sha256": hashlib.sha256(b"x").hexdigest()}]
    cases = {
        "no heads": ({"heads": ...}, says.format("heads")),
        "heads that are null": ({"heads": None}, says.format("heads")),
        "heads of another kind": ({"heads": [[code, str(position), digest]]}, says.format("heads")),
        "heads with half a hash": ({"heads": [[code, position, digest[:32]]]}, says.format("heads")),
        "heads as an object": ({"heads": {code: [position, digest]}}, says.format("heads")),
        "no head though there is a log": ({"heads": []}, other.format("heads")),
        "another head": ({"heads": [[code, position, "0" * 64]]}, other.format("heads")),
        "an earlier head": ({"heads": [[code, position - 1, digest]]}, other.format("heads")),
        "no migrations": ({"migrations": ...}, says.format("migrations")),
        "empty migrations": ({"migrations": []}, says.format("migrations")),
        "a migration less": ({"migrations": manifest["migrations"][:-1]}, other.format("migrations")),
        "no vendor": ({"vendor": ...}, says.format("members, vendor")),
        "a vendor that is a list": ({"vendor": ["sqlite"]}, says.format("members, vendor")),
        "no moment": ({"made_at": ...}, says.format("made_at")),
        "a moment that is none": ({"made_at": "yesterday"}, says.format("made_at")),
        "a member that no backup has": ({"members": listed}, says.format("members")),
        "nothing at all": (dict.fromkeys(("heads", "migrations", "made_at"), ...), says.format(
            "heads, made_at, migrations")),
        "a list": (None, "The archive is damaged or incomplete."),
    }  # fmt: skip
    before, media = everything_written(), Path(Reseller.objects.get(code="aoba").seal.path)
    for case, (changes, expected) in cases.items():
        text = "[]" if changes is None else json.dumps(forged(manifest, **changes))
        more = {"evil": b"x"} if "that no backup has" in case else {}
        altered.write_bytes(write(members | more | {"manifest.json": text.encode()}))
        assert command("restore", altered, "--force") == expected, case
        assert everything_written() == before, case
        assert media.read_bytes() == SEAL, case
    assert sorted(path.name for path in (tmp_path / "media").iterdir()) == ["resellers"]


def manage(*arguments, limit=None):
    """manage.py as an operator starts it, on the test's database; `limit`: bytes that a file may have."""
    name = str(connection.settings_dict["NAME"])
    url = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}" if is_postgres() else f"sqlite:///{name}"
    begin = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit})); " if limit else ""
    code = (
        f"{begin}import sys; sys.argv[0] = 'manage.py'; import runpy; runpy.run_path('manage.py', run_name='__main__')"
    )
    environment = os.environ | {
        "DATABASE_URL": url, "MEDIA_ROOT": str(project.MEDIA_ROOT), "POSTGRES_PROGRAMS": project.POSTGRES_PROGRAMS,
        "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def killed_when(process, is_far_enough):
    for _tenth in range(6000):
        if is_far_enough() or process.poll() is not None:
            break
        time.sleep(0.005)
    process.kill()
    process.communicate()
    assert process.returncode == -9, "it ended before it was killed"


@pytest.mark.sqlite
@pytest.mark.timeout(300)
def test_what_is_killed_leaves_nothing_to_the_next(portal, tmp_path):
    """The same on both: what the database's own programs write lies in the same folder."""
    media, path = tmp_path / "media", tmp_path / "portal.tar.gz"
    (media / "resellers" / "large.png").write_bytes(os.urandom(40_000_000))
    work = lambda parent, name: list(parent.glob(f".portal-*/{name}"))  # noqa: E731
    killed_when(manage("backup", path), lambda: work(tmp_path, "archive"))
    assert [each.name for each in tmp_path.glob("*.gz")] == []
    assert work(tmp_path, "lock")
    assert "with 2 uploaded files. It was read again." in command("backup", path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["media", "portal.tar.gz"]

    before = everything_written()
    killed_when(manage("restore", path, "--force"), lambda: work(media, "archive/*"))
    assert work(media, "lock")
    assert everything_written() == before
    again = tmp_path / "again.tar.gz"
    assert "with 2 uploaded files" in command("backup", again), "what lies in the work folder is nobody's upload"
    assert sorted(each.name for each in media.iterdir()) == ["resellers"]
    assert "with 2 uploaded files" in command("restore", path, "--force")
    assert everything_written() == before


@pytest.mark.timeout(300)
def test_a_full_disk_is_said_and_nothing_is_left(portal, tmp_path):
    said, _none = (process := manage("backup", tmp_path / "portal.tar.gz", limit=50_000)).communicate(timeout=120)
    assert process.returncode == 1
    assert said.count("\n") == 1, said
    assert "CommandError" in said
    assert "ディスクの空きがない" in said, said
    assert [each.name for each in tmp_path.iterdir()] == ["media"]


def test_a_folder_that_cannot_be_written_is_said(portal, tmp_path, settings):
    path = tmp_path / "portal.tar.gz"
    command("backup", path)
    before = everything_written()
    settings.MEDIA_ROOT = path / "media"  # below a file
    assert command("restore", path, "--force") == f"Not a directory: {path / 'media'}"
    assert everything_written() == before


def test_a_picture_that_cannot_be_stored_is_refused_at_its_field(db, tmp_path, settings):
    cast = make_cast()
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    before = Reseller.objects.values().get(code="aoba")
    desk = sign_in(cast.manager)
    names = ("postal_code", "address", "phone", "email", "validity_days", "customers_see_quotes")
    fields = {name: before[name] for name in names}
    picture = SimpleUploadedFile("seal.png", SEAL, "image/png")
    response = desk.post("/manage/company/", {**fields, "phone": "03-0000-0000", "seal": picture})
    text = response.content.decode()
    assert response.status_code == 422
    assert "The image cannot be stored on the portal’s disk. Not a directory. Ask" in text
    assert "03-0000-0000" in text
    assert Reseller.objects.values().get(code="aoba") == before
