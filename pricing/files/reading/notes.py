"""Rows that hold no prices but words: 「※…」, 「注）」, headings between products, a closing 「以上」."""

import re
from collections.abc import Mapping, Sequence

from foundation.text.typed import half_width, squeeze

from ...engine.values import RANK_COLUMNS
from .cells import NOTHING

_MARK = re.compile(r"[※*＊†‡•●■◆○◇□▲▼★☆]|[(（【\[<]?\s*(?:注|備考|補足|参考|note|remark)", re.IGNORECASE)
_OF_A_RANK = ("rank", *RANK_COLUMNS)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Notes:
    """Takes such rows out of a table, and remembers which they were."""

    def __init__(self, columns: Mapping[str, int], prices: Sequence[int] = ()) -> None:
        """`prices`: places of further columns that hold something in every row of a product."""
        self.numbers: list[int] = []
        self.first = ""
        self.code = columns["product_code"]
        self.needed = [columns[name] for name in _OF_A_RANK if name in columns] + list(prices)

    def takes(self, number: int, cells: Sequence[str]) -> bool:
        """Whether the row is a note. A row with a code, a rank or a price in its place is none."""
        texts = list(dict.fromkeys(text for text in cells if text))
        first = half_width(texts[0])
        is_marked = bool(_MARK.match(first))
        if not is_marked and (len(texts) > 1 or _CODE.fullmatch(squeeze(first))):
            return False
        rest = [cells[place] for place in self.needed if place < len(cells) and cells[place] != texts[0]]
        if any(squeeze(text).casefold() not in NOTHING and not _is_words(text) for text in rest):
            return False
        if is_marked and self.code < len(cells) and _CODE.fullmatch(squeeze(cells[self.code])):
            return False
        self.numbers.append(number)
        self.first = self.first or first
        return True


def _is_words(text: str) -> bool:
    return not any(character.isdigit() for character in text) and len(squeeze(text)) > 3
