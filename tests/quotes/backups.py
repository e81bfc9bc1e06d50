"""A portal worth a backup, the two commands, and archives taken apart and put together."""

import gzip
import io
import tarfile
from io import StringIO
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from quotes.record.transitions import withdraw
from tests.cast import NOW, make_cast, make_license_id
from tests.making import issue_quote

SEAL = (Path(__file__).parents[2] / "sample" / "aoba-seal.png").read_bytes()


def make_portal():
    """A reseller with its seal, and two quotes, of which one is withdrawn."""
    cast = make_cast()
    licenseid = make_license_id(cast.customer, "LIC-1001", ("SMP-BS", 45))
    issue_quote(licenseid, by=cast.staff)
    second = issue_quote(licenseid, by=cast.staff, changes={"subject": "二通目"})
    withdraw(quote=second, reason="誤り", by=cast.staff, now=NOW)
    cast.aoba.seal.save("seal.png", ContentFile(SEAL))
    return cast


def command(name, *arguments):
    out = StringIO()
    try:
        call_command(name, *map(str, arguments), stdout=out, stderr=StringIO(), no_color=True)
    except CommandError as error:
        return str(error)
    return out.getvalue()


def read(archive):
    with tarfile.open(fileobj=io.BytesIO(archive)) as file:
        return {info.name: file.extractfile(info).read() for info in file}


def write(members):
    """An archive as `backup` writes it, of other members."""
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb") as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()
