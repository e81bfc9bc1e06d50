"""Values in the one form in which either database gives them back: a hash taken before writing is then true after it.

PostgreSQL has no null characters, cuts spaces off what is too long, writes addresses its own way, keeps JSON as values
rather than as text (no order of keys, 1e2 is 100) and refuses halves of surrogate pairs. SQLite takes all as it is.
"""

import ipaddress
import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.functional import Promise

_SURROGATE = re.compile("[\ud800-\udfff]")


def canonical_address(text: str | None) -> str | None:
    """An IP address as it is counted, compared and kept: an IPv4 address within IPv6 as IPv4, without zone, in lower
    case, shortest. None for what is no address.
    """
    try:
        address = ipaddress.ip_address((text or "").strip())
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.IPv6Address(int(address)))
    return str(address)


def canonical_text(text: object, most: int | None = None) -> str:
    """The text without null characters, U+FFFD for each half of a surrogate pair, at most `most` characters long."""
    said = str(text)
    if "\x00" in said:
        said = said.replace("\x00", "")
    if not said.isascii():
        said = _SURROGATE.sub("\ufffd", said)
    return said[:most]


def canonical_json(value: Any) -> Any:
    """What is JSON already, with canonical texts and keys; lists for tuples; whole numbers as `int`.

    Raises ValueError for NaN and infinities, TypeError for what JSON does not know.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"JSON knows no {value}.")
        return int(value) if value.is_integer() else value
    if isinstance(value, str | Promise):
        return canonical_text(value)
    if isinstance(value, Mapping):
        return {
            canonical_text(key if isinstance(key, str) else json.dumps(key)): canonical_json(each)
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [canonical_json(each) for each in value]
    raise TypeError(f"JSON knows no {type(value).__name__}.")


def make_canonical(row: models.Model) -> None:
    """Every field of a row that is about to be written, by its kind. Texts that are too long for their column are cut.

    Raises ValueError and TypeError as `canonical_json` does, and decimal.InvalidOperation for a number that is none.
    """
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if value is not None:
            setattr(row, field.attname, _canonical(field, value))


def _canonical(field: Any, value: Any) -> Any:
    if isinstance(field, models.GenericIPAddressField):
        return canonical_address(value)
    if isinstance(field, models.JSONField):
        return canonical_json(value)
    if isinstance(field, models.CharField | models.TextField):
        return canonical_text(value, field.max_length)
    if isinstance(field, models.DecimalField):
        return Decimal(value).quantize(Decimal(1).scaleb(-field.decimal_places))
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return value
