"""Reading lists of what is held: which column is which, and what the rows say. No database is asked here."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from foundation.spreadsheets.bounds import MOST_ROWS
from foundation.spreadsheets.files import FileRefused, check_head, open_file
from foundation.spreadsheets.places import name_columns, name_rows
from foundation.spreadsheets.refusals import check_size

from .columns import LABELS, OF_CONTACT, OF_CUSTOMER, OF_HOLDING, missing_fields, name_fields
from .layout import FIRST_ROWS, Layout, choose_layout, unread_columns
from .products import Catalogue, Known, code_key
from .rows import MOST_PROBLEMS, Found, HeldRow, Problem, RowReader, product_text

TELL_EVERY = 500
"""Rows after which is told how far the reading is."""


@dataclass(frozen=True, slots=True)
class Look:
    """The beginning of a file, and what is guessed of it."""

    layout: Layout
    sheets: list[tuple[int, str]]
    """Position and name of each sheet that may be chosen instead."""


def look_at(
    content: bytes, *, catalogue: Catalogue, license_ids: Collection[str] = (), sheet: int | None = None
) -> Look:
    """Which sheet is meant, and which column is which. `license_ids`: of the reseller, by `code_key`.

    Raises FileRefused where the file cannot be read or holds no table.
    """
    with open_file(content) as book:
        layout = choose_layout(book.sheets, catalogue=catalogue, license_ids=license_ids, wanted=sheet)
        shown = [(each.position, each.name) for each in book.sheets if each.name and each.head and not each.is_hidden]
    return Look(layout, shown)


def read_held(
    content: bytes,
    *,
    catalogue: Catalogue,
    license_ids: Collection[str] = (),
    sheet: int | None = None,
    fields: Mapping[int, str] | None = None,
    chosen: Mapping[str, int] | None = None,
    tell: Callable[[int, int], None] = lambda _done, _count: None,
) -> Found:
    """All rows of the sheet, with what is wrong with them. `fields`: by column, where somebody corrected the guess.

    Raises FileRefused where the file cannot be read, or columns are missing.
    """
    with open_file(content) as book:
        layout = choose_layout(book.sheets, catalogue=catalogue, license_ids=license_ids, wanted=sheet)
        if fields is not None:
            layout = replace(layout, fields=dict(fields))
        if missing := layout.missing:
            told = _("These columns are missing: %(names)s. Say which columns they are.")
            raise FileRefused(told % {"names": name_fields(missing)})
        reader = RowReader(names=layout.names, fields=layout.fields, catalogue=catalogue, chosen=chosen)
        count = max(layout.sheet.row_count, 1)
        for done, (number, cells) in enumerate(book.read(layout.sheet, most=MOST_ROWS)):
            if done % TELL_EVERY == 0:
                tell(min(done, count), count)
            if number > layout.last_head_row:
                reader.read(number, cells)
        reader.end()
        found = reader.found
        _note_facts(found, layout, book.facts.hidden_rows, book.facts.hidden_columns)
    return found


def _note_facts(found: Found, layout: Layout, hidden_rows: list[int], hidden_columns: list[int]) -> None:
    """What is worth knowing of the whole file."""

    def note(value: str, reason: str) -> None:
        found.note(Problem(0, "", value[:200], reason, is_error=False))

    def rows(numbers: list[int]) -> str:
        return _("Rows %(rows)s") % {"rows": name_rows(numbers)}

    def columns(names: str) -> str:
        return _("Columns %(names)s") % {"names": names}

    carried = [row.number for row in found.rows if row.carried]
    if carried:
        note(rows(carried), _("In these rows an empty cell was taken to mean what stands above it."))
    if found.skipped:
        note(rows(found.skipped), _("These rows were left out: they sum up, remark on something or repeat names."))
    if hidden := [number for number in hidden_rows if number > layout.last_head_row]:
        note(rows(hidden), _("These rows are hidden in the file. They are read as well."))
    if hidden := [index for index in hidden_columns if index in layout.fields]:
        note(columns(name_columns(hidden)), _("These columns are hidden in the file. They are read as well."))
    if unread := list(unread_columns(layout, layout.fields)):
        note(columns("、".join(unread)), _("These columns are not read."))


__all__ = [
    "FIRST_ROWS",
    "LABELS",
    "MOST_PROBLEMS",
    "OF_CONTACT",
    "OF_CUSTOMER",
    "OF_HOLDING",
    "Catalogue",
    "FileRefused",
    "Found",
    "HeldRow",
    "Known",
    "Layout",
    "Look",
    "Problem",
    "check_head",
    "check_size",
    "code_key",
    "look_at",
    "missing_fields",
    "name_fields",
    "product_text",
    "read_held",
]
