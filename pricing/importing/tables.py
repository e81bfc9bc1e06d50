"""Rows become price tables; and all that is wrong with them is told, each with its row, column, value and reason."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from licensing.models import Product
from licensing.models.text import search_key

from ..engine.rank import in_code_order
from ..engine.values import PriceRank, PriceTable
from .cells import code_key
from .columns import LABELS, NEEDED, find_column, find_columns, is_header, is_unused, letter
from .files import FileRefused, Sheet, open_file
from .resource import PriceRow, PriceRowResource, discounts_of

MOST_PROBLEMS = 10_000
"""That are kept; all are counted."""
HEAD_ROWS = 30
"""Among how many rows with something in them the names of the columns are looked for."""
Tell = Callable[[int, int], object]
"""Hears how many of how many rows are read."""


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with a cell; `row` 0: with the file."""

    row: int
    column: str
    value: str
    reason: str
    is_error: bool = True
    """Else it is only worth knowing."""


@dataclass(slots=True)
class ReadPrices:
    """What a file holds."""

    tables: dict[str, PriceTable] = field(default_factory=dict)
    """By product code, of the products without errors."""
    problems: list[CellProblem] = field(default_factory=list)
    error_count: int = 0
    row_count: int = 0
    is_sample: bool | None = None
    """None: the file does not say."""
    sheet: str = ""
    mentioned: set[str] = field(default_factory=set)
    """Codes of the portal's products in the file, with errors or without."""
    heads: dict[str, str] = field(default_factory=dict)
    """What stands above each column, with the column's letter."""

    def error(self, row: int, column: str, value: object, reason: str) -> None:
        self.error_count += 1
        self._add(row, column, value, reason, is_error=True)

    def notice(self, row: int, column: str, value: object, reason: str) -> None:
        self._add(row, column, value, reason, is_error=False)

    def _add(self, row: int, column: str, value: object, reason: str, *, is_error: bool) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            text = "" if value is None else str(value)
            head = self.heads.get(column) or (str(LABELS[column]) if column in LABELS else column)
            self.problems.append(CellProblem(row, head, text[:200], reason, is_error))


def read_prices(
    data: bytes,
    *,
    products: Mapping[str, Product],
    before: Mapping[str, PriceTable],
    tell: Tell = lambda done, count: None,
) -> ReadPrices:
    """All price tables of a file. `products`: the portal's, programmes loaded; `before`: the tables to compare with.

    Raises FileRefused where there is no table of prices in the file.
    """
    found = ReadPrices()
    sheet, rows = _choose_sheet(open_file(data), found)
    resource = PriceRowResource()
    groups: dict[str, list[PriceRow]] = {}
    unknown: dict[str, list[PriceRow]] = {}
    by_key = _by_key(products)
    samples: dict[bool, int] = {}
    for number, cells in rows:
        row = resource.read_row(number, cells)
        found.row_count += 1
        if found.row_count % 200 == 0:
            tell(found.row_count, max(sheet.row_count, found.row_count))
        for name, reason in row.wrong.items():
            found.error(number, name, cells.get(name, ""), reason)
        if row.is_sample is not None:
            samples.setdefault(row.is_sample, number)
        product = products.get(row.product_code) or by_key.get(code_key(row.product_code))
        if product is not None:
            groups.setdefault(product.code, []).append(row)
        elif row.product_code:
            unknown.setdefault(row.product_code, []).append(row)
    for code, own in unknown.items():
        found.error(own[0].number, "product_code", code, _say_unknown(own))
    for code, own in groups.items():
        found.mentioned.add(code)
        table = _build(products[code], own, before.get(code), found)
        if table is not None:
            found.tables[code] = table
    if len(samples) == 2:
        reason = _("Some rows say sample prices and others do not. A price list is one or the other.")
        found.error(max(samples.values()), "is_sample", "", reason)
    found.is_sample = next(iter(samples), None)
    if not found.row_count:
        found.error(0, "", "", _("There is no row below the names of the columns. Enter the prices and upload again."))
    found.problems.sort(key=lambda problem: (not problem.is_error, problem.row))
    return found


def _choose_sheet(sheets: list[Sheet], found: ReadPrices) -> tuple[Sheet, Iterator[tuple[int, dict[str, str]]]]:
    """The first sheet with names of columns, and its rows by column."""
    seen: list[str] = []
    first = ""
    for sheet in sheets:
        rows = sheet.read()
        for count, (_number, cells) in enumerate(rows):
            if count >= HEAD_ROWS:
                break
            first = first or ", ".join(cells)
            columns, doubled = find_columns(cells)
            if len(columns) > len(seen):
                seen = [cells[index] for index in columns.values()]
            if not is_header(columns):
                continue
            _check_header(columns, doubled, cells)
            found.sheet = sheet.name
            found.heads = {name: f"{letter(index)}: {cells[index].strip()}" for name, index in columns.items()}
            _tell_of_the_rest(sheets, sheet, cells, found)
            return sheet, (
                (number, {name: cells[index] if index < len(cells) else "" for name, index in columns.items()})
                for number, cells in rows
            )
    told = _("No row with the names of the columns was found. Needed are: %(names)s.") % {"names": _names(NEEDED)}
    if seen:
        told += _(" Recognised was only: %(seen)s.") % {"seen": ", ".join(seen)}
    raise FileRefused(told + _(" The first row reads: %(row)s.") % {"row": first[:200]})


def _check_header(columns: Mapping[str, int], doubled: Mapping[str, list[int]], cells: list[str]) -> None:
    for name, places in doubled.items():
        raise FileRefused(
            _("Two columns mean %(name)s: %(columns)s. Keep one of them, or rename the other.")
            % {
                "name": LABELS[name],
                "columns": ", ".join(f"{letter(index)} ({cells[index].strip()})" for index in places),
            }
        )
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise FileRefused(
            _("These columns are missing: %(names)s. Recognised were: %(seen)s. An exported list shows all columns.")
            % {"names": _names(missing), "seen": ", ".join(cells[index].strip() for index in columns.values())}
        )


def _tell_of_the_rest(sheets: list[Sheet], sheet: Sheet, cells: list[str], found: ReadPrices) -> None:
    for index, text in enumerate(cells):
        if find_column(text) is None and not is_unused(text):
            found.notice(0, letter(index), text.strip(), _("This column is not read: its name is not known."))
    if len(sheets) > 1:
        others = ", ".join(other.name for other in sheets if other is not sheet)
        reason = _("Only the sheet %(name)s is read, not %(others)s.") % {"name": sheet.name, "others": others}
        found.notice(0, "", sheet.name, reason)
    if sheet.formula_count:
        reason = _("Cells with formulas: %(count)s. Read are the results with which the file was saved.")
        found.notice(0, "", sheet.name, reason % {"count": f"{sheet.formula_count:,}"})


def _names(columns: tuple[str, ...] | list[str]) -> str:
    return ", ".join(str(LABELS[name]) for name in columns)


def _by_key(products: Mapping[str, Product]) -> dict[str, Product]:
    """Products by their code without width and case, where that is still one product."""
    found: dict[str, list[Product]] = {}
    for product in products.values():
        found.setdefault(code_key(product.code), []).append(product)
    return {key: own[0] for key, own in found.items() if len(own) == 1}


def _say_unknown(rows: list[PriceRow]) -> str:
    return _(
        "The portal does not know this product (%(count)s rows). Correct the code, or first add the product under "
        "Products and upload the file again."
    ) % {"count": len(rows)}


# --- One product ----------------------------------------------------------------------------------------------


def _build(product: Product, rows: list[PriceRow], before: PriceTable | None, found: ReadPrices) -> PriceTable | None:
    """The product's table; None where it has errors, which have been told."""
    errors = found.error_count
    is_whole = not any(row.wrong for row in rows)
    minimum = _agreed(rows, "minimum_quantity", found)
    if minimum is None and not any("minimum_quantity" in row.wrong for row in rows):
        reason = _("The minimum at renewal of %(code)s is missing: write it on one of its rows, or on all.")
        found.error(rows[0].number, "minimum_quantity", "", reason % {"code": product.code})
    discounts = _agreed_discounts(product, rows, found)
    known = before.rank_by_code if before else {}
    for row in rows:
        if row.rank not in known:
            row.rank = unicodedata.normalize("NFKC", row.rank).strip()
    _check_twice(rows, found)
    _tell_names(product, rows, found)
    if not is_whole or minimum is None or found.error_count > errors:
        return None
    rows = sorted(rows, key=lambda row: row.from_quantity or 0)
    _check_order(rows, found)
    if found.error_count > errors:
        return None
    ranks = tuple(
        PriceRank(row.rank, row.from_quantity or 0, row.renewal_price or 0, row.addition_price) for row in rows
    )
    return PriceTable(product.code, minimum, ranks, discounts)


def _agreed(rows: list[PriceRow], name: str, found: ReadPrices) -> int | None:
    """What a product has once: on one of its rows or on several, but not differently."""
    first = None
    for row in rows:
        value = getattr(row, name)
        if value is None:
            continue
        if first is None:
            first = row
        elif value != getattr(first, name):
            reason = _("Row %(row)s of the same product says %(other)s. Write the same on each row, or only on one.")
            found.error(row.number, name, value, reason % {"row": first.number, "other": getattr(first, name)})
    return None if first is None else getattr(first, name)


def _agreed_discounts(product: Product, rows: list[PriceRow], found: ReadPrices) -> dict[int, Any]:
    years = sorted({years for row in rows for years in discounts_of(row)})
    discounts = {number: _agreed(rows, f"discount_{number}", found) for number in years}
    if discounts and not product.is_multi_year_discountable:
        name = f"discount_{years[0]}"
        row = next(row for row in rows if getattr(row, name) is not None)
        reason = _(
            "%(product)s may not have a multi-year discount (R10). Empty the cells, or first mark the product as one "
            "that may have them."
        )
        found.error(row.number, name, getattr(row, name), reason % {"product": product})
    return discounts


def _check_twice(rows: list[PriceRow], found: ReadPrices) -> None:
    for name in ("rank", "from_quantity"):
        first: dict[object, int] = {}
        for row in rows:
            value = getattr(row, name)
            if not value:
                continue
            if value in first:
                if name == "rank":
                    reason = _("The product has this rank in row %(row)s already. Each rank has one row.")
                else:
                    reason = _("The product has a rank from this quantity in row %(row)s already.")
                found.error(row.number, name, value, reason % {"row": first[value]})
            first.setdefault(value, row.number)


def _check_order(rows: list[PriceRow], found: ReadPrices) -> None:
    """Ranks ascend with the quantity, and each ends where the next begins."""
    for lower, higher in pairwise(rows):
        begins = higher.from_quantity or 0
        if in_code_order(lower.rank) > in_code_order(higher.rank):
            reason = _("Rank %(other)s begins at a lower quantity than rank %(rank)s. Look for swapped quantities.")
            found.error(higher.number, "from_quantity", begins, reason % {"rank": higher.rank, "other": lower.rank})
        if lower.to_quantity is not None and lower.to_quantity != begins - 1:
            reason = _("The next rank (%(rank)s, row %(row)s) begins at %(begins)s, so this one ends at %(ends)s.")
            values = {"rank": higher.rank, "row": higher.number, "begins": f"{begins:,}", "ends": f"{begins - 1:,}"}
            found.error(lower.number, "to_quantity", lower.to_quantity, reason % values)
    last = rows[-1]
    if last.to_quantity is not None:
        if last.to_quantity < (last.from_quantity or 0):
            found.error(last.number, "to_quantity", last.to_quantity, _("The rank ends before it begins."))
        else:
            reason = _("The last rank holds for any larger quantity, too: the portal knows no upper end.")
            found.notice(last.number, "to_quantity", last.to_quantity, reason)


def _tell_names(product: Product, rows: list[PriceRow], found: ReadPrices) -> None:
    """Where the file calls a product otherwise than the portal: perhaps it means another one."""
    programme = product.programme
    known = {
        "product_name": {product.name, product.name_en},
        "programme": {programme.code, programme.name, programme.name_en},
    }
    for name, names in known.items():
        keys = {search_key(text) for text in names if text}
        for row in rows:
            written = getattr(row, name)
            if written and search_key(written) not in keys:
                shown = product.name if name == "product_name" else programme.name
                reason = _("The portal calls it %(name)s, and will go on doing so. Is %(code)s the right product?")
                found.notice(row.number, name, written, reason % {"name": shown, "code": product.code})
                break
