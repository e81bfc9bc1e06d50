"""Rows become price tables; and all that is wrong with them is told, each with its row, column, value and reason."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from foundation.spreadsheets.files import Book, Facts, Sheet, open_file
from foundation.spreadsheets.heads import tidy
from foundation.spreadsheets.places import letter, name_columns, name_rows
from foundation.text import strip_invisible
from foundation.text.typed import squeeze
from licensing.models import Product, Programme

from ...engine.values import PriceTable
from .basis import check_basis
from .building import build_table
from .cells import code_key
from .columns import NEEDED, find_column, find_columns, is_header
from .ended import Ended, cells_of_end, check_successors, keep_ends, read_end
from .found import ReadPrices
from .layout import Layout, choose_layout, unknown_columns
from .matrix import ADDITION, RENEWAL, Entry, read_matrix
from .newcomers import by_every_name, make_newcomer
from .notes import Notes
from .quantities import read_band
from .resource import PriceRow, PriceRowResource

Tell = Callable[[int, int], object]
"""Hears how many of how many rows are read."""
AS_WRITTEN = frozenset({"product_name", "programme"})
"""Columns whose texts are shown as they are; from all others what nobody sees is taken off."""


def read_prices(
    data: bytes, *, products: Mapping[str, Product], before: Mapping[str, PriceTable], **more: Any
) -> ReadPrices:
    """All price tables of a file. Raises FileRefused. The rest: as of `read_book`."""
    with open_file(data) as book:
        return read_book(book, products=products, before=before, **more)


def read_book(
    book: Book,
    *,
    products: Mapping[str, Product],
    before: Mapping[str, PriceTable],
    programmes: Sequence[Programme] = (),
    ended: Mapping[str, Ended] | None = None,
    former: Mapping[str, str] | None = None,
    tell: Tell = lambda done, count: None,
) -> ReadPrices:
    """All price tables of an open file. `products`, `programmes`: the portal's; `before`, `ended`: the tables to
    compare with, and what they have ended; `former`: by codes that products had before, those that they have now.

    Raises FileRefused where there is no table of prices in the file.
    """
    found = ReadPrices(former={code_key(old): code for old, code in (former or {}).items()})
    layout = choose_layout(book.sheets, ranks={rank for table in before.values() for rank in table.rank_by_code})
    found.sheet = layout.sheet.name
    found.heads = {name: f"{letter(at)}: {tidy(layout.names[at])}" for name, at in layout.columns.items()}
    found.speaks_of_ends = "ended_on" in layout.columns
    check_basis(layout, found)
    groups, unknown = _read_rows(book, layout, products, before, found, tell)
    _tell_of_the_rest(book.sheets, layout, book.facts, found)
    known = by_every_name(programmes)
    for own in unknown.values():
        product = make_newcomer(own, known, found.newcomers, found)
        if product is None:
            found.error(own[0], "product_code", own[0].product_code, _say_unknown(own))
        elif not read_end(product.code, own, found) and (table := build_table(product, own, None, found)) is not None:
            found.tables[product.code] = table
    for code, own in groups.items():
        found.mentioned.add(code)
        found.first_rows[code] = own[0]
        if read_end(code, own, found):
            continue
        table = build_table(products[code], own, before.get(code), found)
        if table is not None:
            found.tables[code] = table
    check_successors(found)
    keep_ends(ended or {}, found)
    if not found.row_count:
        found.error(0, "", "", _("There is no row below the names of the columns. Enter the prices and upload again."))
    found.problems.sort(key=lambda problem: (not problem.is_error, problem.row))
    return found


def _read_rows(
    book: Book,
    layout: Layout,
    products: Mapping[str, Product],
    before: Mapping[str, PriceTable],
    found: ReadPrices,
    tell: Tell,
) -> tuple[dict[str, list[PriceRow]], dict[str, list[PriceRow]]]:
    """The rows by product: of those that the portal knows, and of the others."""
    resource = PriceRowResource()
    groups: dict[str, list[PriceRow]] = {}
    unknown: dict[str, list[PriceRow]] = {}
    by_key = _by_key(products)
    samples: dict[bool, PriceRow] = {}
    for entry in _entries(book, layout, found):
        code = entry.cells["product_code"]
        product = products.get(code) or by_key.get(code_key(code)) or products.get(found.former.get(code_key(code), ""))
        own = before.get(product.code) if product else None
        row = resource.read_row(entry.number, cells_of_end(_with_quantities(entry, own, found)))
        row.places = entry.places
        if product is None:
            row.facts = {name: text for name, text in entry.cells.items() if "." in name}
        found.row_count += 1
        if found.row_count % 200 == 0:
            tell(found.row_count, max(layout.sheet.row_count, found.row_count))
        for name, reason in row.wrong.items():
            found.error(row, name, entry.cells.get(name, ""), reason)
        if row.is_sample is not None:
            samples.setdefault(row.is_sample, row)
        if product is not None:
            if product.code not in groups and code_key(code) != code_key(product.code):
                reason = _("This is a former code. The product’s code is %(code)s now.") % {"code": product.code}
                found.notice(row, "product_code", code, reason)
            groups.setdefault(product.code, []).append(row)
        elif row.product_code:
            unknown.setdefault(code_key(row.product_code), []).append(row)
    if len(samples) == 2:
        reason = _("Some rows say sample prices and others do not. A price list is one or the other.")
        found.error(max(samples.values(), key=lambda row: row.number), "is_sample", "", reason)
    found.is_sample = next(iter(samples), None)
    return groups, unknown


def _entries(book: Book, layout: Layout, found: ReadPrices) -> Iterator[Entry]:
    """The ranks of the chosen sheet, whichever way it is laid out; notes are told once."""
    rows = (row for row in book.read(layout.sheet) if row[0] > layout.last_head_row)
    matrix = layout.matrix
    notes = Notes(layout.columns, sorted(matrix.places) if matrix else ())
    entries = read_matrix(rows, matrix, notes.takes) if matrix else _read_list(rows, layout, notes)
    kinds: set[str] = set()
    for entry in entries:
        entry.cells = {
            name: text if name in AS_WRITTEN else strip_invisible(text) for name, text in entry.cells.items()
        }
        kinds.update(entry.cells)
        yield entry
    if matrix is not None and matrix.is_stacked and found.row_count:
        for name in (RENEWAL, ADDITION):
            if name not in kinds:
                reason = _("The file has no block of these prices. Add it, beside the other or below it.")
                found.error(0, name, "", reason)
    if notes.numbers:
        reason = _("Rows with notes are not read: %(rows)s.") % {"rows": name_rows(notes.numbers)}
        found.notice(0, "", notes.first, reason)


def _read_list(rows: Iterator[tuple[int, list[str]]], layout: Layout, notes: Notes) -> Iterator[Entry]:
    """Each row is a rank. A head that is repeated is none."""
    code, places = layout.columns["product_code"], {index: name for name, index in layout.columns.items()}
    names = [places.get(index, "") for index in range(max(places) + 1)]
    # What may be empty, and is, is left out: that is more than half of the cells.
    needed = dict.fromkeys(NEEDED, "")
    for number, cells in rows:
        text = cells[code] if code < len(cells) else ""
        if not text and notes.takes(number, cells):
            continue
        if text and (not text.isascii() or find_column(text)):
            if notes.takes(number, cells):
                continue
            repeated, _doubled = find_columns(cells)
            if is_header(repeated):
                continue
        yield Entry(number, needed | {name: text for name, text in zip(names, cells, strict=False) if text and name})


def _with_quantities(entry: Entry, before: PriceTable | None, found: ReadPrices) -> dict[str, str]:
    """The texts of a rank, its band taken apart; where a matrix has none, it stays as in the list compared with."""
    cells = entry.cells
    text = cells.get("from_quantity", "")
    if not text and entry.places and cells["rank"] and before is not None:
        key = squeeze(cells["rank"]).casefold()
        rank = next((rank for code, rank in before.rank_by_code.items() if squeeze(code).casefold() == key), None)
        if rank is not None:
            if not found.has_old_quantities:
                reason = _(
                    "The file does not say from which quantity ranks hold: it stays as in the list compared with."
                )
                found.notice(0, "", "", reason)
            found.has_old_quantities = True
            return cells | {"from_quantity": str(rank.from_quantity)}
    if text.isdigit() or not (band := read_band(text)):
        return cells
    begins, ends = band
    return cells | {
        "from_quantity": str(begins),
        "to_quantity": cells.get("to_quantity") or ("" if ends is None else str(ends)),
    }


def _tell_of_the_rest(sheets: Sequence[Sheet], layout: Layout, facts: Facts, found: ReadPrices) -> None:
    """What is not read, and what is read although nobody sees it."""
    sheet = layout.sheet
    for index, text in unknown_columns(layout):
        found.notice(0, letter(index), text, _("This column is not read: its name is not known."))
    others = ", ".join(other.name for other in sheets if other is not sheet)
    if sheet.name and others:
        reason = _("Only the sheet %(name)s is read, not %(others)s.") % {"name": sheet.name, "others": others}
        found.notice(0, "", sheet.name, reason)
    if sheet.is_hidden:
        reason = _("This sheet is hidden, and is read: no other holds a table of prices.")
        found.notice(0, "", sheet.name, reason)
    hidden = [number for number in facts.hidden_rows if number > layout.last_head_row]
    if hidden:
        reason = _("Hidden or filtered rows are read as well: %(rows)s.") % {"rows": name_rows(hidden)}
        found.notice(0, "", sheet.name, reason)
    read = {*layout.columns.values(), *(layout.matrix.places if layout.matrix else ())}
    columns = [index for index in facts.hidden_columns if index in read]
    if columns:
        reason = _("Hidden columns are read as well: %(columns)s.") % {"columns": name_columns(columns)}
        found.notice(0, "", sheet.name, reason)
    if facts.formulas:
        reason = _("Cells with formulas: %(count)s. The results that were saved with the file are read.")
        found.notice(0, "", sheet.name, reason % {"count": f"{facts.formulas:,}"})


def _by_key(products: Mapping[str, Product]) -> dict[str, Product]:
    """Products by their code without width and case, where that is still one product."""
    found: dict[str, list[Product]] = {}
    for product in products.values():
        found.setdefault(code_key(product.code), []).append(product)
    return {key: own[0] for key, own in found.items() if len(own) == 1}


def _say_unknown(rows: Sequence[PriceRow]) -> str:
    return _(
        "The portal does not know this product (%(count)s rows). Correct the code; or give the product's name in a "
        "column of the file, and it can be made on confirmation."
    ) % {"count": len(rows)}
