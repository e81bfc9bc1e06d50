"""A customer's order as a file: what it is, by its content, and whether it can be kept for years. Kept as it came."""

import re
import warnings
import zlib
from io import BytesIO
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _
from PIL import Image

from foundation.text.invisible import strip_invisible

from ..models import OrderFile
from ..record.order_files import GivenFile

MOST_BYTES = 10 * 1024 * 1024
"""Of an uploaded file."""
MOST_PIXELS = 50_000_000
"""Width times height: more than telephones take, and no picture that unpacks without end."""
MOST_UNPACKED = 40 * 1024 * 1024
"""Of what a PDF packs of its own structure; the pictures in it are not looked at."""
LONGEST_NAME = 200
MOST_STREAMS = 50_000
"""Of one PDF."""
NEAR_THE_END = 2048
"""Bytes in which a whole PDF says that it ends; programs put a little after it."""

PDF = b"%PDF-"
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_AT_WORK = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition)(?![A-Za-z0-9])")
"""What makes a PDF more than paper: scripts, programs to start, files inside, films. Long names: none comes by chance
among packed bytes."""
_CALCULATES = re.compile(rb"/XFA(?![A-Za-z0-9])")
"""A form that calculates; its name is short, so that outside of the packed structure it counts with /AcroForm only."""
_LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
_PACKED_STRUCTURE = re.compile(rb"/ObjStm(?![A-Za-z0-9])")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_PACKED_OTHERWISE = re.compile(
    rb"/(?:ASCIIHexDecode|ASCII85Decode|LZWDecode|RunLengthDecode|Crypt|AHx|A85|LZW|RL|Predictor)(?![A-Za-z0-9])"
    rb"|/(?:FlateDecode|Fl)\s*/(?:FlateDecode|Fl)(?![A-Za-z0-9])|/Filter\s+\d"
)
"""Ways of packing the structure that no program takes, but whoever wants to hide something."""


def read_order_file(file: File) -> GivenFile:
    """An uploaded order as it is kept: byte for byte.

    Raises ValidationError with what is wrong and what to do: too large in bytes or pixels, no PDF, PNG or JPEG
    whatever its name says, broken, locked by a password, or with something in it that a program would run.
    """
    if file.size > MOST_BYTES:
        _refuse(_("The file is larger than 10 MB. Save or scan it smaller, and choose that."), "too-large")
    file.seek(0)
    content = bytes(file.read(MOST_BYTES + 1))
    if not content:
        _refuse(_("The file is empty. Choose it again where it is whole."), "empty")
    if content.startswith(PDF):
        _look_at_pdf(content)
        kind = OrderFile.MediaType.PDF
    elif content.startswith((PNG, JPEG)):
        kind = OrderFile.MediaType.PNG if content.startswith(PNG) else OrderFile.MediaType.JPEG
        _look_at_picture(content, kind.label)
    else:
        _refuse(
            _(
                "This file is not a PDF, PNG or JPEG, whatever its name says. Save or scan it as one of these, "
                "and choose that."
            ),
            "other-kind",
        )
    return GivenFile(plain_name(str(file.name), kind), kind.value, content)


def plain_name(name: str, kind: str) -> str:
    """The file's own name, as people see it: without a path and what is invisible; shortened before its ending."""
    last = PureWindowsPath(PurePosixPath(strip_invisible(name)).name).name.strip()
    last = " ".join("".join(char for char in last if char.isprintable()).split())
    ending = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}[kind]
    if not last.strip(" ."):
        last = f"order{ending}"
    stem, dot, tail = last.rpartition(".")
    if len(last) <= LONGEST_NAME:
        return last
    return f"{stem[: LONGEST_NAME - len(tail) - 1]}.{tail}" if dot and len(tail) < 10 else last[:LONGEST_NAME]


def _look_at_pdf(content: bytes) -> None:
    """In time that grows with its size alone, whatever stands in it."""
    if b"%%EOF" not in content[-NEAR_THE_END:]:
        _refuse(_("This PDF is not whole: its end is missing. Save or send it again, and choose that."), "broken")
    outside = _spelt_out(content)
    if _LOCKED.search(outside):
        _refuse(
            _(
                "This PDF is locked by a password or by rights, and may be unreadable one day. Print it to a new "
                "PDF, and choose that."
            ),
            "locked",
        )
    if _AT_WORK.search(outside) or (b"/AcroForm" in outside and _CALCULATES.search(outside)):
        _refuse_what_works()
    left, before, is_structure, is_odd = MOST_UNPACKED, 0, False, False
    for number, start in enumerate(_STREAM.finditer(content)):
        if number == MOST_STREAMS:
            _refuse_unread()
        head = _spelt_out(content[before : start.start()])
        before = start.end()
        is_structure = is_structure or bool(_PACKED_STRUCTURE.search(head))
        is_odd = is_structure and (is_odd or bool(_PACKED_OTHERWISE.search(head)))
        if not is_structure or b"/Filter" not in head:
            continue  # the word may stand within a head, and its stream come later
        text = b"" if is_odd else _unpack(content, before, left)
        if not text:
            _refuse_unread()
        left -= len(text)
        names = _spelt_out(text)
        if _AT_WORK.search(names) or _CALCULATES.search(names):
            _refuse_what_works()
        is_structure = is_odd = False


def _spelt_out(text: bytes) -> bytes:
    """Names as they are read: /J#61vaScript is /JavaScript."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text) if b"#" in text else text


def _unpack(content: bytes, start: int, most: int) -> bytes:
    """A stream of the PDF's own structure, in which names are packed; nothing where it cannot be read to its end."""
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(memoryview(content)[start : content.find(b"endstream", start)], most)
    except zlib.error:
        return b""
    return text if unpacker.eof else b""


def _refuse_unread() -> NoReturn:
    _refuse(_("This PDF cannot be looked into. Print it to a new PDF, and choose that."), "unreadable")


def _refuse_what_works() -> NoReturn:
    _refuse(
        _(
            "There is more in this PDF than paper: a script, a form that calculates, or another file. Print it to a "
            "new PDF, and choose that."
        ),
        "not-only-paper",
    )


def _look_at_picture(content: bytes, kind: str) -> None:
    """Opened as what its first bytes say, and only so far that it is known to be one: a JPEG is drawn small."""
    broken = _("This file cannot be read as a picture. Save or photograph it again, and choose that.")
    too_many = _("The picture has more than 50 million pixels. Save it smaller, and choose that.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(content), formats=[kind]) as picture:
                width, height = picture.size
                if width * height <= MOST_PIXELS:
                    if kind == "PNG":
                        picture.verify()
                    elif not picture.info.get("progressive"):  # which would be unpacked whole
                        picture.draft("RGB", (600, 600))
                        picture.load()
        except Image.DecompressionBombError:
            _refuse(too_many, "too-many-pixels")
        except Exception:  # a broken file leads the library to whatever error there is
            _refuse(broken, "broken")
    if width * height > MOST_PIXELS:
        _refuse(too_many, "too-many-pixels")


def _refuse(text: Any, code: str) -> NoReturn:
    raise ValidationError(text, code=code)
