"""What a field of master data must satisfy beyond its type."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import validate_email
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.text.printable import name_characters, unprintable_characters

MAX_IMAGE_BYTES = 512 * 1024
MOST_COPIES = 10
LONGEST_LOCAL_PART = 64
LONGEST_ADDRESS = 254
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


def validate_one_line(value: str) -> None:
    """No line break and no other control character: what stands in an e-mail's header would become another header."""
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in value):
        raise ValidationError(_("Write this in one line, without line breaks or control characters."), code="lines")


def validate_printable(value: str) -> None:
    """Nothing that the fonts of quotes do not have: private use, emoji, control characters, scripts they lack."""
    if found := unprintable_characters(value):
        raise ValidationError(
            _("%(characters)s cannot be printed on quotes. Write it with other characters."),
            code="cannot-be-printed",
            params={"characters": name_characters(found)},
        )


def validate_address(value: str) -> None:
    """One e-mail address, as mail servers take it: no name beside it, only ASCII before the @."""
    name, at, domain = value.rpartition("@")
    if not at or not name or not domain:
        raise ValidationError(
            _("“%(value)s” is not an e-mail address. It needs a name, @ and a domain, like name@example.co.jp."),
            code="address",
            params={"value": value},
        )
    try:
        validate_email(value)
    except ValidationError:
        is_right = False
    else:
        is_right = len(name) <= LONGEST_LOCAL_PART and len(value) <= LONGEST_ADDRESS
    if not is_right:
        raise ValidationError(
            _("“%(value)s” is not an e-mail address. Look for spaces, dots and letters that do not belong there."),
            code="address",
            params={"value": value},
        )


def validate_addresses(values: list[str]) -> None:
    """A list of e-mail addresses, not too many. Every one that is wrong is named."""
    errors: list[ValidationError] = []
    for value in values:
        try:
            validate_address(value)
        except ValidationError as error:
            errors.append(error)
    if len(values) > MOST_COPIES:
        errors.append(
            ValidationError(_("At most %(most)s copies are sent."), code="too-many", params={"most": MOST_COPIES})
        )
    if errors:
        raise ValidationError(errors)


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
