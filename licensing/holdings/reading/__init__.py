"""Reading lists of what is held: which column is which, and what the rows say. No database is asked here."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from foundation.spreadsheets.bounds import MOST_ROWS
from foundation.spreadsheets.files import FileRefused, check_head, open_file
from foundation.spreadsheets.places import letter, name_columns, name_rows
from foundation.spreadsheets.refusals import check_size
from foundation.text.language import join_words

from .columns import (
    CONTACT_COLUMNS,
    EXPORTED,
    FIRST_SHOWN,
    LABELS,
    OF_CONTACT,
    OF_CUSTOMER,
    OF_HOLDING,
    label_of_contact,
    missing_fields,
    name_fields,
)
from .found import MOST_PROBLEMS, Found, HeldRow, Problem
from .layout import FIRST_ROWS, Layout, choose_layout, unread_columns
from .products import Catalogue, Known, code_key
from .rows import RowReader, product_text
from .states import HAS_ENDED, IS_HELD, StateReader, says_ended

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
    states: Mapping[str, int] | None = None,
    on: date | None = None,
    tell: Callable[[int, int], None] = lambda _done, _count: None,
) -> Found:
    """All rows of the sheet, with what is wrong with them. `fields`: by column, where somebody corrected the guess.

    `states`: by `state_text`, what somebody said of it; `on`: the day in Japan on which it is read.
    Raises FileRefused where the file cannot be read, or columns are missing.
    """
    with open_file(content) as book:
        layout = choose_layout(book.sheets, catalogue=catalogue, license_ids=license_ids, wanted=sheet)
        if fields is not None:
            layout = replace(layout, fields=dict(fields))
        if missing := layout.missing:
            told = _("These columns are missing: %(names)s. Say which columns they are.")
            raise FileRefused(told % {"names": name_fields(missing)})
        said = StateReader(answers=states, on=on)
        reader = RowReader(names=layout.names, fields=layout.fields, catalogue=catalogue, chosen=chosen, states=said)
        count = max(layout.sheet.row_count, 1)
        for done, (number, cells) in enumerate(book.read(layout.sheet, most=MOST_ROWS)):
            if done % TELL_EVERY == 0:
                tell(min(done, count), count)
            if number > layout.last_head_row:
                reader.read(number, cells)
        reader.end()
        found = reader.found
        found.asked = said.asked
        for index, numbers in said.seen.items():
            _note_watched(found, layout.names[index] or letter(index), numbers)
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

    if says_ended(layout.sheet.name):
        note(layout.sheet.name, _("The name of this sheet says that nothing is held any more. Is it the right one?"))
    carried = [row.number for row in found.rows if row.carried]
    if carried:
        note(rows(carried), _("In these rows an empty cell was taken to mean what stands above it."))
    if found.skipped:
        note(rows(found.skipped), _("These rows were left out: they sum up, remark on something or repeat names."))
    if found.ended:
        count = f"{len(found.ended):,}"
        told = _("By their state nothing is held any more in these rows (%(count)s). They are not imported.")
        note(rows(found.ended), told % {"count": count})
    if hidden := [number for number in hidden_rows if number > layout.last_head_row]:
        note(rows(hidden), _("These rows are hidden in the file. They are read as well."))
    if hidden := [index for index in hidden_columns if index in layout.fields]:
        note(columns(name_columns(hidden)), _("These columns are hidden in the file. They are read as well."))
    if unread := list(unread_columns(layout, layout.fields)):
        note(columns(join_words(unread)), _("These columns are not read."))


def _note_watched(found: Found, column: str, numbers: list[int]) -> None:
    """A column that nobody reads as a state says in these rows that nothing is held any more."""
    told = _(
        "The column %(column)s says in these rows that nothing is held any more. They are taken as held: if that is "
        "wrong, go back to the columns and choose “%(state)s” for it."
    )
    value = _("Rows %(rows)s") % {"rows": name_rows(numbers)}
    reason = told % {"column": column, "state": LABELS["status"]}
    found.note(Problem(0, "", value[:200], reason, is_error=False))


__all__ = [
    "CONTACT_COLUMNS",
    "EXPORTED",
    "FIRST_ROWS",
    "FIRST_SHOWN",
    "HAS_ENDED",
    "IS_HELD",
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
    "label_of_contact",
    "look_at",
    "missing_fields",
    "name_fields",
    "product_text",
    "read_held",
]
