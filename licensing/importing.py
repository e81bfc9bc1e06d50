"""Pictures in and out: a seal or logo that somebody uploads is read within bounds and drawn anew."""

import base64
import logging
import uuid
import warnings
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.base import ContentFile, File
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from foundation.disk import make_sure_of_room, tell_disk

from .models import Reseller
from .models.validators import MAX_IMAGE_BYTES

PICTURES = ("seal", "logo")

logger = logging.getLogger(__name__)

MOST_BYTES = 2 * 1024 * 1024
"""Of an uploaded file. What is kept of it is smaller (`MAX_IMAGE_BYTES`)."""
MOST_PIXELS = 16_000_000
"""Width times height that is unpacked at all: a small file may hold a huge picture."""
LONGEST_SIDE = 1200
"""Pixels that are kept: a logo is printed 44 mm wide, and this is more than 600 dots an inch."""
SIGNS_OF_SVG = (b"<svg", b"<?xml", b"<!DOCTYPE svg")


def read_picture(file: File) -> ContentFile:
    """A seal or logo as it is kept: drawn anew as PNG or JPEG, without anything but its pixels, under a random name.

    Raises ValidationError with what is wrong: too large in bytes or pixels, not a PNG or JPEG, broken; or that the disk
    takes no more.
    """
    if file.size > MOST_BYTES:
        refuse(_("The file is larger than 2 MB. Save the image smaller."), "too-large")
    file.seek(0)
    content = bytes(file.read(MOST_BYTES + 1))
    file.seek(0)
    if any(sign.lower() in content[:1000].lower() for sign in SIGNS_OF_SVG):
        refuse(_("SVG images are not taken, because they may hold more than a drawing. Save it as PNG."), "svg")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            kept, kind = draw_anew(content)
    except ValidationError:
        raise
    except Exception as error:  # a broken file leads the library to whatever error there is
        logger.info("a picture was refused: %r", error)
        refuse(_("This file cannot be read as a PNG or JPEG image. Save it again as PNG, and choose that."), "broken")
    if len(kept) > MAX_IMAGE_BYTES:
        refuse(_("The image holds too much detail. Save it with fewer colours or smaller."), "too-detailed")
    try:
        make_sure_of_room(Path(settings.MEDIA_ROOT), len(kept))
    except OSError as error:
        text = _("The image cannot be stored on the portal’s disk. %(problem)s Ask whoever operates the portal.")
        refuse(text, "no-room", problem=tell_disk(error, with_place=False))
    return ContentFile(kept, name=f"{uuid.uuid4().hex}.{kind}")


def draw_anew(content: bytes) -> tuple[bytes, str]:
    """The first picture of a PNG or JPEG file, upright, no larger than is printed; and the ending of its name.

    Raises ValidationError for too many pixels, and what the library raises for a broken file.
    """
    with Image.open(BytesIO(content), formats=["PNG", "JPEG"]) as opened:
        width, height = opened.size
        if width * height > MOST_PIXELS:
            refuse(
                _("The image has %(width)s × %(height)s pixels, more than 16 million. Save it smaller."),
                "too-many-pixels",
                width=width,
                height=height,
            )
        is_jpeg = opened.format == "JPEG"
        upright = ImageOps.exif_transpose(opened)
        has_alpha = "A" in upright.getbands() or "transparency" in upright.info
        pixels = upright.convert("RGBA" if has_alpha else "RGB")
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.new(pixels.mode, pixels.size)
    clean.paste(pixels)
    out = BytesIO()
    if is_jpeg:
        clean.save(out, "JPEG", quality=92)
        return out.getvalue(), "jpg"
    clean.save(out, "PNG", optimize=True)
    return out.getvalue(), "png"


def refuse(text: Any, code: str, **params: object) -> NoReturn:
    raise ValidationError(text, code=code, params=params)


def picture_as_data(field: FieldFile) -> str:
    """The picture as a data address, so that it shows without being served. Empty where there is none or it is gone."""
    if (content := stored_picture(field)) is None:
        return ""
    kind = "png" if content.startswith(b"\x89PNG") else "jpeg" if content.startswith(b"\xff\xd8") else "svg+xml"
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def stored_picture(field: FieldFile) -> bytes | None:
    """What a seal's or logo's file holds. None where there is no picture, or its file is gone or cannot be read."""
    if not field:
        return None
    try:
        with field.open("rb") as file:
            content: bytes = file.read()
    except (OSError, SuspiciousFileOperation):
        return None
    return content


def lost_pictures(reseller: Reseller) -> list[str]:
    """Which of the reseller's pictures are named but cannot be read from MEDIA_ROOT: `seal`, `logo`. Quotes are issued
    without them.
    """
    return [name for name in PICTURES if (field := getattr(reseller, name)) and stored_picture(field) is None]


def tell_lost_pictures() -> list[str]:
    """Of all resellers, for an operator: a sentence for each picture that cannot be read."""
    text = gettext("Reseller %(code)s: the file %(file)s in MEDIA_ROOT cannot be read. Quotes are issued without it.")
    return [
        text % {"code": reseller.code, "file": getattr(reseller, name).name}
        for reseller in Reseller.objects.only("code", *PICTURES).order_by("code")
        for name in lost_pictures(reseller)
    ]
