"""Bands of quantities as people write them: 「50～249」, 「250以上」, 「〜49」."""

import re

from foundation.text.typed import DASHES, squeeze

_UNIT = r"(?:本|個|台|ライセンス|クライアント|ユーザー?|名|licenses?|users?|clients?)?"
_NUMBER = r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})"
_TO = rf"(?:[~\-〜{DASHES}]|から|to|\.\.+|…|‥|→)"
_BAND = re.compile(rf"{_NUMBER}{_UNIT}{_TO}{_NUMBER}{_UNIT}(?:まで)?", re.IGNORECASE)
_OPEN = re.compile(rf"{_NUMBER}{_UNIT}(?:以上|超|\+|{_TO}(?:以上|上限なし|無制限|∞|{_UNIT}))", re.IGNORECASE)
_UP_TO = re.compile(rf"(?:~|〜|up ?to){_NUMBER}{_UNIT}(?:まで)?|{_NUMBER}{_UNIT}(?:まで|以下)", re.IGNORECASE)
_BELOW = re.compile(rf"{_NUMBER}{_UNIT}未満", re.IGNORECASE)
_FROM_BELOW = re.compile(rf"{_NUMBER}{_UNIT}以上{_TO}?{_NUMBER}{_UNIT}(未満|以下|まで)", re.IGNORECASE)
ANY = re.compile(
    "|".join(found.pattern for found in (_FROM_BELOW, _BAND, _OPEN, _UP_TO, _BELOW)).replace("([0-9]", "(?:[0-9]"),
    re.IGNORECASE,
)
"""A band within a longer text that is plain already."""


def read_band(text: str) -> tuple[int, int | None] | None:
    """From and to of a band, both inclusive; to None: no upper end. None: the text is no band."""
    plain = squeeze(text)
    if found := _FROM_BELOW.fullmatch(plain):
        return _whole(found[1]), _whole(found[2]) - (found[3] == "未満")
    if found := _BAND.fullmatch(plain):
        return _whole(found[1]), _whole(found[2])
    if found := _OPEN.fullmatch(plain):
        return _whole(found[1]) + plain.endswith("超"), None
    if found := _UP_TO.fullmatch(plain):
        return 1, _whole(found[1] or found[2])
    if found := _BELOW.fullmatch(plain):
        return 1, _whole(found[1]) - 1
    return None


def _whole(text: str) -> int:
    return int(text.replace(",", ""))
