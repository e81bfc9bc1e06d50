"""A seal or logo whose file is gone: quotes are issued without it, and everybody who can mend it hears of it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import translation

from tests.making import issue_quote

SEAL = (Path(__file__).parents[2] / "sample" / "aoba-seal.png").read_bytes()


@pytest.fixture
def lost(cast, settings, tmp_path):
    """Both pictures of Aoba are named, and neither file is there: the seal's is gone, the logo's is a folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    for name in ("seal", "logo"):
        getattr(cast.aoba, name).save(f"{name}.png", ContentFile(SEAL))
        Path(getattr(cast.aoba, name).path).unlink()
    Path(cast.aoba.logo.path).mkdir()
    cast.customer.reseller.refresh_from_db()
    return cast.aoba


def told():
    with translation.override("en"):
        return [str(each.msg) for each in run_checks() if each.id == "licensing.W002"]


def test_quotes_are_issued_without_it(lost, cast, licenseid):
    issuer = issue_quote(licenseid, by=cast.staff).document["issuer"]
    assert (issuer["seal"], issuer["logo"]) == (None, None)


def test_the_form_says_so_before(lost, cast, desk, licenseid):
    page = desk.get("/license-ids/LIC-1001/quote/").content.decode()
    assert "The file of your company’s seal cannot be read. Quotes are issued without the seal" in page
    assert 'id="lost-logo"' in page
    Path(lost.logo.path).rmdir()
    for picture in (lost.seal, lost.logo):
        Path(picture.path).write_bytes(SEAL)
    assert 'id="lost-' not in desk.get("/license-ids/LIC-1001/quote/").content.decode()


@pytest.mark.sqlite
def test_check_and_backup_name_the_files(transactional_db, lost, tmp_path):
    text = "Reseller aoba: the file resellers/{} in MEDIA_ROOT cannot be read. Quotes are issued without it."
    expected = [text.format("seal.png"), text.format("logo.png")]
    assert told() == expected
    error = StringIO()
    with translation.override("en"):
        call_command("backup", str(tmp_path / "portal.tar.gz"), stdout=StringIO(), stderr=error, no_color=True)
    assert error.getvalue().splitlines() == expected
    Path(lost.logo.path).rmdir()
    for picture in (lost.seal, lost.logo):
        Path(picture.path).write_bytes(SEAL)
    assert told() == []
