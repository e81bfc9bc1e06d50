"""What a text must satisfy that stands in an e-mail's header, is an e-mail address, or is printed."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from .printable import name_characters, unprintable_characters

MOST_COPIES = 10


LONGEST_LOCAL_PART = 64


LONGEST_ADDRESS = 254


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
