"""What a field of master data must satisfy beyond its type."""

import re

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MAX_IMAGE_BYTES = 512 * 1024
MOST_PASSWORD_CHARACTERS = 128


def validate_registration_number(value: str) -> None:
    """A qualified-invoice number: `T` and a 13-digit corporate number whose first digit is its check digit.

    The check digit is 9 - (sum of the other twelve, from the right weighted 1, 2, 1, 2 …) mod 9
    (National Tax Agency, designation of corporate numbers).
    """
    if not re.fullmatch(r"T\d{13}", value, re.ASCII):
        raise ValidationError(_("Write T and 13 digits, for example T1234567890123."), code="format")
    body = [int(digit) for digit in reversed(value[2:])]
    check = 9 - sum(digit * (1 + index % 2) for index, digit in enumerate(body)) % 9
    if check != int(value[1]):
        raise ValidationError(
            _("The check digit does not fit: the digit after T should be %(check)s. Look for a typing error."),
            code="check-digit",
            params={"check": check},
        )


def validate_image(file: File) -> None:
    """A seal or logo small enough to be copied into every quote. What kind it is, its first bytes tell."""
    try:
        size, head = file.size, read_head(file)
    except FileNotFoundError:  # the stored file was lost: a new one is needed, or none
        size, head = 0, b""
    if size and size > MAX_IMAGE_BYTES:
        raise ValidationError(_("The image is larger than 512 KB. Save it smaller."), code="too-large")
    if not (head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or b"<svg" in head or head.startswith(b"<?xml")):
        raise ValidationError(_("This file is not a PNG, JPEG or SVG image."), code="not-an-image")


def read_head(file: File) -> bytes:
    """The first bytes. A stored file is closed again, an uploaded one stays open at its start."""
    if isinstance(file, FieldFile) and file.closed:
        with file.storage.open(str(file.name)) as stored:
            return bytes(stored.read(512))
    file.seek(0)
    head = bytes(file.read(512))
    file.seek(0)
    return head


class MaximumLengthValidator:
    """A password of at most so many characters: hashing is work, and nobody may choose how much."""

    MESSAGE = _("This password is too long. It may have at most %(most)d characters.")

    def __init__(self, max_length: int = MOST_PASSWORD_CHARACTERS) -> None:
        self.max_length = max_length

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > self.max_length:
            raise ValidationError(self.MESSAGE, code="password_too_long", params={"most": self.max_length})

    def get_help_text(self) -> str:
        return gettext("Your password may have at most %(most)d characters.") % {"most": self.max_length}
