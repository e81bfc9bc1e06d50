"""A disk that fills up, or may not be written, while somebody sends something: said, and nothing is written half."""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import zeal
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from licensing.models import Reseller
from tests.cast import make_cast, sign_in
from tests.forms import sent_by
from tests.test_project import ROOT

SEAL = (ROOT / "sample" / "aoba-seal.png").read_bytes()
CLOSED = Path("/sys")
"""A folder that takes files of nobody."""


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    """There is room where one looks first, but not where the file goes."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "resellers").symlink_to(CLOSED)
    return settings.MEDIA_ROOT


@pytest.fixture
def limited():
    """So many bytes may a file of this process have."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(size: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))

    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["admin", "manager"])
def test_a_picture_that_is_not_taken_comes_back_with_what_was_typed(who):
    cast = make_cast()
    desk = sign_in(getattr(cast, who))
    url = f"/admin/licensing/reseller/{cast.aoba.pk}/change/" if who == "admin" else "/manage/company/"
    fields = sent_by(desk.get(url), having="phone")
    before = Reseller.objects.values().get(pk=cast.aoba.pk)
    picture = SimpleUploadedFile("seal.png", SEAL, "image/png")
    with zeal.zeal_ignore():  # the administration makes its page a second time
        answer = desk.post(url, fields | {"phone": "03-0000-0000", "seal": picture})
    assert "cannot be stored on the portal’s disk." in answer.text
    assert "It may not be written to." in answer.text
    assert "03-0000-0000" in answer.text
    assert Reseller.objects.values().get(pk=cast.aoba.pk) == before


def test_no_half_of_a_file_is_left(media, limited):
    limited(1_000)
    with pytest.raises(OSError, match="too large"):
        default_storage.save("other/picture.png", ContentFile(bytes(5_000)))
    limited(10_000)
    assert list((media / "other").iterdir()) == []
    assert default_storage.save("other/picture.png", ContentFile(bytes(5_000))) == "other/picture.png"


@pytest.mark.django_db
@pytest.mark.parametrize("debug", [True, False])
def test_an_upload_that_cannot_even_be_received_is_said(settings, tmp_path, debug):
    """Large ones go to a file before any form sees them."""
    settings.DEBUG, settings.TECHNICAL_ERROR_PAGES = debug, False
    settings.FILE_UPLOAD_TEMP_DIR = CLOSED
    desk = sign_in(make_cast().admin)
    desk.raise_request_exception = False
    large = SimpleUploadedFile("prices.csv", b"x" * 3_000_000)
    answer = desk.post("/admin/pricing/pricelist/import/", {"file": large})
    assert answer.status_code == 507
    assert "It may not be written to." in answer.text
    assert "What you sent last was not saved." in answer.text


@pytest.mark.django_db
def test_the_sample_says_that_it_has_no_room(settings, media):
    settings.DEBUG = True
    with translation.override("en"), pytest.raises(CommandError) as failed:
        call_command("load_sample")
    assert str(failed.value) == (
        f"Nothing was loaded. It may not be written to: {media}/resellers/aoba-seal.png "
        "The sample needs about 10 MB for the database and the uploaded files."
    )
    assert not Reseller.objects.exists()


@pytest.mark.sqlite
def test_a_database_without_room_is_said():
    code = (
        "import resource, sqlite3, sys; from foundation.disk import disk_trouble, tell_disk\n"
        "database = sqlite3.connect(sys.argv[1]); database.execute('PRAGMA max_page_count = 3')\n"
        "try:\n    database.execute('CREATE TABLE x AS SELECT zeroblob(100000)'); database.commit()\n"
        "except sqlite3.Error as error: print(disk_trouble(RuntimeError()), disk_trouble(error).errno)\n"
        "database = sqlite3.connect(sys.argv[1] + '2'); resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
        "try:\n    database.execute('CREATE TABLE x AS SELECT zeroblob(100000)'); database.commit()\n"
        "except sqlite3.Error as error: print(disk_trouble(error).errno)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", code, f"{folder}/database"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == (["None", "28", "28"], "")
