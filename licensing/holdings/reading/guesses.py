"""What a column holds, told by its cells, where the name above it is unknown."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from foundation.text.days import read_serial
from foundation.text.typed import half_width, squeeze, with_hyphens

from .cells import as_day, plain, read_code, read_postal_code, read_quantity
from .columns import is_unused
from .day_parts import DAY_PARTS
from .products import Catalogue, code_key
from .states import State, read_state, says_ended

MOSTLY = 0.6
"""Of the cells that hold something."""
COMPANY = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|法人|組合|\([株有同社財医学]\)|co\.?,? ?ltd|inc\.?$|llc|k\.k",
    re.IGNORECASE,
)
OFFICIAL = re.compile(
    r"(?:大学|学校|学園|病院|市役所|区役所|役場|[都道府県市区町村]庁|省|庁|銀行|信用金庫|研究所|協会|財団|センター)$"
)
PREFECTURE = re.compile(r"^(?:〒?\d{3}-?\d{4}\s*)?(?:東京都|北海道|(?:京都|大阪)府|[一-鿿]{2,3}県)")
KATAKANA = re.compile(r"[ァ-ヶー・\s()]+")
PHONE = re.compile(r"0\d{1,4}-\d{1,4}-\d{3,4}|\+81[-\d]+|\(0\d{1,4}\)\d{1,4}-\d{3,4}")


def guess_fields(
    rows: Sequence[Sequence[str]],
    *,
    known: Mapping[int, str],
    names: Sequence[str],
    catalogue: Catalogue,
    license_ids: Collection[str],
) -> dict[int, str]:
    """By column, the field that its cells show, for fields that no name has and columns not known to be anything else.

    A state is told by its words whatever the column's name, where one of them says that something has ended.
    `license_ids`: those of the reseller, by `code_key`. A column is guessed only where one alone fits a field best.
    """
    width = max((len(row) for row in rows), default=0)
    all_cells = {
        index: found
        for index in range(width)
        if index not in known
        if (found := [text for row in rows if index < len(row) and (text := plain(row[index]))])
    }
    cells = {index: found for index, found in all_cells.items() if not (index < len(names) and is_unused(names[index]))}
    guessed: dict[int, str] = {}
    taken = set(known.values())
    if set(DAY_PARTS) & taken:
        taken.add("expires_on")

    def take(field: str, index: int | None) -> None:
        if index is not None and field not in taken:
            guessed[index] = field
            taken.add(field)
            cells.pop(index, None)

    tests: list[tuple[str, Callable[[str], object]]] = [
        ("email", lambda text: re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", half_width(text))),
        ("product_code", lambda text: catalogue.by_code(text)),
        ("product_name", lambda text: catalogue.by_name(text)),
        ("license_id", lambda text: code_key(text) in license_ids),
        ("postal_code", lambda text: "-" in with_hyphens(text) and _reads(read_postal_code, text)),
        ("phone", lambda text: PHONE.fullmatch(with_hyphens(text))),
        ("address", lambda text: PREFECTURE.match(half_width(text))),
        ("name", _is_company),
        ("kana", lambda text: KATAKANA.fullmatch(half_width(text))),
    ]
    if "product_code" in taken or "product_name" in taken:
        tests = [each for each in tests if each[0] not in ("product_code", "product_name")]
    ended = {index: found for index, found in all_cells.items() if any(map(says_ended, found))}
    take("status", _best(ended, lambda text: read_state(text) is not State.UNKNOWN))
    take("expires_on", _last_days(cells))
    for field, test in tests:
        take(field, _best(cells, test))
    take("license_id", _best(cells, _looks_like_id))
    take("quantity", _best(cells, _is_quantity))
    return guessed


def _best(cells: Mapping[int, list[str]], test: Callable[[str], object]) -> int | None:
    """The column most of whose cells pass, if there is one that passes more often than all others."""
    shares = sorted(((sum(bool(test(text)) for text in found) / len(found), -index) for index, found in cells.items()))
    if not shares or shares[-1][0] < MOSTLY or (len(shares) > 1 and shares[-2][0] == shares[-1][0]):
        return None
    return -shares[-1][1]


def _last_days(cells: Mapping[int, list[str]]) -> int | None:
    """The column of days; of several, the one whose days all lie last: a term's end comes after its beginning."""
    days: dict[int, list[date]] = {}
    for index, found in cells.items():
        read = [day for text in found if (day := as_day(text)) is not None]
        if len(read) / len(found) >= MOSTLY:
            days[index] = read
    if len(days) <= 1:
        return next(iter(days), None)
    lengths = {len(read) for read in days.values()}
    if len(lengths) > 1:
        return None
    for index, read in days.items():
        others = [other for key, other in days.items() if key != index]
        if all(day > before for other in others for day, before in zip(read, other, strict=True)):
            return index
    return None


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def _is_company(text: str) -> bool:
    told = half_width(text)
    return bool(COMPANY.search(told) or OFFICIAL.search(told))


def _looks_like_id(text: str) -> bool:
    """Latin letters and digits, or many digits: no quantity has so many."""
    if not _reads(read_code, text):
        return False
    code = squeeze(text)
    least = 4 if re.search(r"[A-Za-z]", code) else 8
    return len(code) >= least and bool(re.search(r"\d", code))


def _is_quantity(text: str) -> bool:
    number = squeeze(text)
    if number.isdigit() and read_serial(number):
        return False
    return _reads(read_quantity, text)
