"""販売終了 in price files: a row with a day and no prices, perhaps with the product that takes its place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.text.typed import squeeze

from ...engine.values import PRICES, TABLE_COLUMNS, EndOfSale
from .cells import NOTHING, code_key, is_end_word, say_missing_day
from .found import ReadPrices
from .resource import PriceRow

SAYS = ("ended_on", "successor")
WORD_PLACES = ("ended_on", *PRICES, *TABLE_COLUMNS, "rank", "from_quantity", "to_quantity")
"""Where a word such as 販売終了 is looked for, in the order in which one is told."""
WITHOUT_PRICES = frozenset({"product_code", "product_name", "programme", "is_sample", *SAYS})
"""What is read of a row that ends a product; ranks and what belongs to them it has none."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A product is not sold any more."""

    since_on: date
    """The first day on which it is not sold."""
    successor: str = ""
    """The code of the product that takes its place; empty: none."""


def ends_of(ended: Mapping[str, EndOfSale]) -> dict[str, Ended]:
    """Those of a list, as price files say them."""
    return {
        code: Ended(end.since_on, end.successor.code if end.successor else "") for code, end in sorted(ended.items())
    }


def end_as_json(end: Ended) -> dict[str, Any]:
    """Plain JSON, from which `end_from_json` makes the same."""
    return {"ended_on": end.since_on.isoformat(), "successor": end.successor}


def end_from_json(content: Mapping[str, Any] | None) -> Ended | None:
    """None: the content is a price table, or nothing."""
    if content is None or "ended_on" not in content:
        return None
    return Ended(date.fromisoformat(content["ended_on"]), content["successor"])


def cells_of_end(cells: dict[str, str]) -> dict[str, str]:
    """The cells that are read: all, but where the row ends a product and has no price, none that prices need.

    A word such as 販売終了 is no price; where the day is missing, only the first such word is left to be told.
    """
    if _has(cells, PRICES):
        return cells
    says = _has(cells, SAYS)
    word = None if says else next((name for name in WORD_PLACES if is_end_word(cells.get(name, ""))), None)
    if not says and word is None:
        return cells
    return {name: text for name, text in cells.items() if name in WITHOUT_PRICES or name == word or "." in name}


def _has(cells: Mapping[str, str], names: Iterable[str]) -> bool:
    texts = [text for name in names if (text := cells.get(name))]
    return any(text.isdigit() or (squeeze(text).casefold() not in NOTHING and not is_end_word(text)) for text in texts)


def says_end(row: PriceRow) -> bool:
    """Whether the row says anything of an end, be it wrong."""
    return row.ended_on is not None or bool(row.successor) or "ended_on" in row.wrong


def read_end(code: str, rows: list[PriceRow], found: ReadPrices) -> bool:
    """Whether rows of one product end it. What is wrong with that has been told; a right end is in `found.ends`."""
    if any(not row.rank and say_missing_day() in row.wrong.values() for row in rows):
        return True
    saying = [row for row in rows if says_end(row)]
    if not saying:
        return False
    row = saying[0]
    priced = next((one for one in rows if one.renewal_price is not None or one.rank), None)
    others = {(one.ended_on, one.successor) for one in saying}
    if priced is not None:
        reason = _(
            "%(code)s also has prices in this file (row %(row)s). Remove its rows with prices, or empty this cell."
        )
        found.error(row, "ended_on", row.ended_on or "", reason % {"code": code, "row": priced.number})
    elif row.ended_on is None and not row.wrong:
        reason = _("The day is missing from which %(code)s is not sold any more. Write it beside the successor.")
        found.error(row, "ended_on", "", reason % {"code": code})
    elif len(others) > 1:
        reason = _("Row %(row)s of the same product says something else. Write it once.")
        found.error(saying[1], "ended_on", saying[1].ended_on or "", reason % {"row": row.number})
    elif row.ended_on is not None and not row.wrong:
        found.ends[code] = Ended(row.ended_on, row.successor)
        found.end_rows[code] = row
    return True


def check_successors(found: ReadPrices) -> None:
    """What takes a product's place has prices in the file; it is known by its code, however that is written."""
    codes = {code_key(code): code for code in [*found.mentioned, *found.tables]}
    codes = {key: codes[code_key(code)] for key, code in found.former.items() if code_key(code) in codes} | codes
    for code, end in list(found.ends.items()):
        if not end.successor:
            continue
        row, successor = found.end_rows[code], codes.get(code_key(end.successor), "")
        if successor == code:
            found.error(row, "successor", end.successor, _("A product cannot be its own successor."))
        elif not successor or successor in found.ends:
            reason = _(
                "%(code)s has no prices in this file, so it cannot be a successor. Correct the code or empty it."
            )
            found.error(row, "successor", end.successor, reason % {"code": end.successor})
        else:
            found.ends[code] = Ended(end.since_on, successor)
            continue
        del found.ends[code]


def keep_ends(before: Mapping[str, Ended], found: ReadPrices) -> None:
    """What the list compared with has ended: sold again, or ended still where the file does not speak of ends."""
    for code in sorted(set(before) & set(found.tables)):
        reason = _("%(code)s is not sold since %(day)s in the list compared with. With these prices it is sold again.")
        day = date_format(before[code].since_on, "SHORT_DATE_FORMAT")
        found.notice(found.first_rows.get(code, 0), "product_code", code, reason % {"code": code, "day": day})
    if found.speaks_of_ends:
        return
    kept = {code: end for code, end in before.items() if code not in found.mentioned}
    if kept:
        reason = _(
            "The file does not say what is not sold any more: it stays as in the list compared with (%(codes)s)."
        )
        found.notice(0, "", "", reason % {"codes": ", ".join(few(kept))})
        found.ends |= kept


def few(codes: Iterable[str], most: int = 10) -> Iterator[str]:
    """The first of them, and a sign where there are more."""
    for position, code in enumerate(codes):
        if position == most:
            yield "…"
            return
        yield code
