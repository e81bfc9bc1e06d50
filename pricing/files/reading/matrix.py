"""The vendor's matrix: a product in each row, its ranks side by side, in blocks for renewal and addition.

Above a price stand, in one row or in several, what it is for (更新, 追加), its rank, and perhaps the rank's quantities
(「A 5～24本」). A block may also stand below the other, with a line that says which it is.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from foundation.spreadsheets.files import Row, Sheet
from foundation.spreadsheets.heads import header_key, stack_names
from foundation.spreadsheets.places import letter
from foundation.text.typed import half_width, squeeze

from .cells import NOTHING
from .columns import find_column
from .quantities import ANY

MOST_HEAD_ROWS = 4
RENEWAL, ADDITION = "renewal_price", "addition_price"
_KINDS = (
    (ADDITION, re.compile("新規・?/?追加|追加|新規|addition(?:al)?|add|new", re.IGNORECASE)),
    (RENEWAL, re.compile("更新|renewal|renew", re.IGNORECASE)),
)
_NO_RANK = re.compile(
    r"標準|税抜き?|税別|税込み?|単価|価格|料金|円|ランク|数量|本数|本|ライセンス|クライアント|/|年|1年|"
    r"price|rank|unit|yen|jpy|[\s()\[\]【】〈〉<>『』「」:：,、。・|｜／\-_=]",
    re.IGNORECASE,
)
_RANK = re.compile(r"[A-Z]{1,2}[0-9]{0,2}|[0-9]{1,2}|S{1,3}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Price:
    """A column of prices."""

    index: int
    kind: str
    """`renewal_price`, `addition_price`, or empty: the line above the block says it."""
    rank: str
    band: str
    """As it is written; empty: the file does not say it there."""


@dataclass(slots=True)
class Matrix:
    """Where in a sheet what stands."""

    last_head_row: int
    names: list[str]
    columns: dict[str, int]
    """Of what a product has once."""
    prices: list[Price]
    kind: str = ""
    """Of the prices whose columns do not say it, until a line between the rows says otherwise."""

    @property
    def is_stacked(self) -> bool:
        """Whether the blocks stand below each other."""
        return bool(self.kind)

    @property
    def places(self) -> set[int]:
        return {price.index for price in self.prices}


@dataclass(slots=True)
class Entry:
    """A rank of a product as it stands in a matrix: texts by column, and where each of them stands."""

    number: int
    cells: dict[str, str]
    places: dict[str, str] = field(default_factory=dict)


def find_matrix(sheet: Sheet, ranks: Collection[str]) -> Matrix | None:
    """Where a matrix begins among the first rows of a sheet; None: nowhere."""
    best: Matrix | None = None
    known = {squeeze(rank).casefold() for rank in ranks}
    for start in range(len(sheet.head)):
        for height in range(1, MOST_HEAD_ROWS + 1):
            rows = sheet.head[start : start + height]
            if len(rows) < height:
                break
            matrix = _read_head(rows, sheet.head[:start], sheet.name, known)
            if matrix is not None and (best is None or _worth(matrix) > _worth(best)):
                best = matrix
    return best


def _worth(matrix: Matrix) -> tuple[int, int, int, int]:
    return (
        sum(1 for price in matrix.prices if price.kind),
        len(matrix.columns),
        sum(1 for price in matrix.prices if price.band),
        len(matrix.prices),
    )


def _read_head(rows: Sequence[Row], before: Sequence[Row], sheet: str, known: Collection[str]) -> Matrix | None:
    stacked = list(stack_names([cells for _number, cells in rows]))
    columns: dict[str, int] = {}
    prices: list[Price] = []
    for index, own in enumerate(stacked):
        column = next((name for text in ("".join(own), *reversed(own)) if (name := find_column(text))), None)
        if column is not None and column not in (RENEWAL, ADDITION, "from_quantity", "to_quantity", "rank"):
            columns.setdefault(column, index)
        elif (price := _read_price(index, " ".join(own), known)) is not None:
            prices.append(price)
    if any(price.kind for price in prices):
        prices = [price for price in prices if price.kind]
    else:
        prices = [price for price in prices if len(price.rank) == 1 or squeeze(price.rank).casefold() in known]
    if "product_code" not in columns or len({price.rank for price in prices}) < 2:
        return None
    place = columns["product_code"]
    if any(_is_data(cells, place) for _number, cells in rows) or _is_title(rows[0][1], place):
        return None
    kind = ""
    if not any(price.kind for price in prices):
        told = [" ".join(cells) for _number, cells in reversed(before)]
        kind = next((found for text in (*told[:3], sheet) if (found := kind_of(text))), "")
        if not kind:
            return None
    names = [" ".join(own) for own in stacked]
    return Matrix(rows[-1][0], names, columns, prices, kind)


def _is_data(cells: Sequence[str], place: int) -> bool:
    """Whether a row already is one of a product, and no name of a column."""
    text = cells[place] if place < len(cells) else ""
    return bool(text) and find_column(text) is None


def _is_title(cells: Sequence[str], place: int) -> bool:
    """Whether a row says only one thing, and says it left of all prices: it stands above the names, and is none."""
    filled = [index for index, text in enumerate(cells) if text]
    return len(filled) == 1 and filled[0] <= place


def kind_of(text: str) -> str:
    """Which prices a name is about, if it is about one kind only or about both as 新規・追加."""
    found = [kind for kind, words in _KINDS if words.search(half_width(text))]
    return found[0] if len(found) == 1 else ""


def _read_price(index: int, text: str, known: Collection[str]) -> Price | None:
    name = half_width(text)
    kind = kind_of(name)
    for _kind, words in _KINDS:
        name = words.sub(" ", name)
    squeezed = re.sub(r"\s+(?=[~\-〜0-9以未])|(?<=[~\-〜])\s+", "", name) if ANY.search(name) is None else name
    band = ANY.search(squeezed)
    rest = squeezed if band is None else squeezed[: band.start()] + " " + squeezed[band.end() :]
    rank = rest.strip() if squeeze(rest).casefold() in known else _NO_RANK.sub("", rest)
    if not rank or (squeeze(rank).casefold() not in known and not _RANK.fullmatch(rank)):
        return None
    return Price(index, kind, rank, band[0] if band else "")


def read_matrix(rows: Iterable[Row], matrix: Matrix, is_note: Callable[[int, Sequence[str]], bool]) -> Iterator[Entry]:
    """An entry for each rank of a product that has a price; one without a rank for a row without prices."""
    kind = matrix.kind
    waiting: dict[str, dict[str, Entry]] = {}
    for number, cells in rows:
        texts = list(dict.fromkeys(text for text in cells if text))
        code = cells[matrix.columns["product_code"]] if matrix.columns["product_code"] < len(cells) else ""
        if matrix.is_stacked and len(texts) == 1 and (told := kind_of(texts[0])):
            kind = told
            continue
        if find_column(code) == "product_code" or _repeats_head(texts, matrix) or is_note(number, cells):
            continue
        own = _read_row(number, cells, matrix, kind)
        if matrix.is_stacked:
            _gather(waiting, code, own, kind)
        else:
            yield from own.values()
    for entries in waiting.values():
        yield from entries.values()


def _repeats_head(texts: Sequence[str], matrix: Matrix) -> bool:
    """Whether a row within the table only repeats names: the second row of a head that is repeated."""
    keys = {header_key(name) for price in matrix.prices for name in (price.rank, price.band, matrix.names[price.index])}
    return len(texts) > 1 and all(header_key(text) in keys for text in texts)


def _read_row(number: int, cells: Sequence[str], matrix: Matrix, kind: str) -> dict[str, Entry]:
    once = {name: cells[index] if index < len(cells) else "" for name, index in matrix.columns.items()}
    entries: dict[str, Entry] = {}
    for price in matrix.prices:
        text = cells[price.index] if price.index < len(cells) else ""
        entry = entries.setdefault(price.rank, Entry(number, once | {"rank": price.rank, "from_quantity": ""}))
        name = price.kind or kind
        entry.cells[name] = text
        place = f"{letter(price.index)}: {matrix.names[price.index]}"
        entry.places[name] = place
        entry.places.setdefault("rank", place)
        if price.band and not entry.cells["from_quantity"]:
            entry.cells["from_quantity"] = price.band
            entry.places["from_quantity"] = place
    filled = {
        rank: entry
        for rank, entry in entries.items()
        if any(squeeze(entry.cells.get(name, "")).casefold() not in NOTHING for name in (RENEWAL, ADDITION))
    }
    return filled or {"": Entry(number, once | {"rank": "", "from_quantity": ""})}


def _gather(waiting: dict[str, dict[str, Entry]], code: str, own: Mapping[str, Entry], kind: str) -> None:
    """Put a rank's price of the lower block to that of the upper one; the upper row is the one that is told."""
    entries = waiting.setdefault(code, {})
    for rank, entry in own.items():
        known = entries.get(rank)
        if known is None:
            entries[rank] = entry
        elif not rank:  # a product without prices in either block
            continue
        elif kind in known.cells:
            entries[f"{rank}\0{entry.number}"] = entry
        else:
            known.cells[kind] = entry.cells[kind]
            known.places[kind] = f"{entry.places[kind]} ({entry.number})"
