"""Which sheet of a file holds the prices, where its names of columns stand, and which column is which."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from foundation.spreadsheets.files import FileRefused, Sheet
from foundation.spreadsheets.heads import tidy
from foundation.spreadsheets.places import letter

from .columns import LABELS, NEEDED, find_column, find_columns, is_header, is_unused, join_names
from .matrix import ADDITION, RENEWAL, Matrix, find_matrix

HEIGHTS = (1, 2, 3)
"""Rows over which the names of the columns may be spread."""


@dataclass(slots=True)
class Layout:
    """How a sheet is to be read."""

    sheet: Sheet
    last_head_row: int
    """Number of the last row of names."""
    names: list[str]
    """What stands above each column."""
    columns: dict[str, int]
    doubled: dict[str, list[int]] = field(default_factory=dict)
    """Columns that are named more than once."""
    matrix: Matrix | None = None
    """None: each row is one rank of a product."""

    @property
    def missing(self) -> list[str]:
        if self.matrix is not None:
            kinds = {price.kind for price in self.matrix.prices}
            prices = () if self.matrix.is_stacked else (RENEWAL, ADDITION)
            return [
                name
                for name in ("minimum_quantity", *prices)
                if name not in (kinds if name in prices else self.columns)
            ]
        return [name for name in NEEDED if name not in self.columns]

    @property
    def is_whole(self) -> bool:
        return not self.missing and not self.doubled


def choose_layout(sheets: Sequence[Sheet], *, ranks: Collection[str] = ()) -> Layout:
    """The sheet that fits and that its author shows: visible before hidden, the one that opens first before others.

    `ranks`: codes that are known to be ranks. Raises FileRefused where none holds prices, or one lacks a column.
    """
    found = [layout for sheet in sheets if (layout := find_layout(sheet, ranks)) is not None]
    if not found:
        for sheet in sheets:
            if sheet.refused:
                raise FileRefused(sheet.refused)
        raise FileRefused(_say_no_head(sheets))
    best = max(
        found,
        key=lambda layout: (
            not layout.sheet.is_hidden,
            layout.sheet.state != "veryHidden",
            layout.is_whole,
            layout.sheet.is_active and layout.sheet.name != "",
            len(layout.columns),
            -layout.sheet.position,
        ),
    )
    _check(best, found)
    return best


def find_layout(sheet: Sheet, ranks: Collection[str]) -> Layout | None:
    """Where the names of columns stand in a sheet; None: nowhere among its first rows."""
    best: Layout | None = None
    for start in range(len(sheet.head)):
        layout = _read_names(sheet, start, 1)
        if layout and (best is None or len(layout.columns) > len(best.columns) or _goes_on(best, layout, sheet, start)):
            best = layout
    if best is not None and best.is_whole:
        return best
    for start in range(len(sheet.head)):
        for height in HEIGHTS[1:]:
            layout = _read_names(sheet, start, height)
            if layout is not None and layout.is_whole:
                return layout
    matrix = find_matrix(sheet, ranks)
    if matrix is not None:
        return Layout(sheet, matrix.last_head_row, matrix.names, matrix.columns, matrix=matrix)
    return best


def _goes_on(best: Layout, layout: Layout, sheet: Sheet, start: int) -> bool:
    """Whether the row only repeats the one before: names that were merged over two rows."""
    return sheet.head[start - 1][0] == best.last_head_row and layout.columns == best.columns


def _read_names(sheet: Sheet, start: int, height: int) -> Layout | None:
    rows = sheet.head[start : start + height]
    if len(rows) < height:
        return None
    names = join_names([cells for _number, cells in rows])
    columns, doubled = find_columns(names)
    return Layout(sheet, rows[-1][0], names, columns, doubled) if is_header(columns) else None


def _check(layout: Layout, found: Sequence[Layout]) -> None:
    for name, places in layout.doubled.items():
        told = _("Two columns mean %(name)s: %(columns)s. Keep one of them, or rename the other.") % {
            "name": LABELS[name],
            "columns": ", ".join(f"{letter(index)} ({tidy(layout.names[index])})" for index in places),
        }
        raise FileRefused(_in_sheet(layout, told, found))
    if layout.missing:
        told = _(
            "These columns are missing: %(names)s. Recognised were: %(seen)s. An exported list shows all columns."
        ) % {
            "names": name_columns(layout.missing),
            "seen": ", ".join(tidy(layout.names[index]) for index in layout.columns.values()),
        }
        raise FileRefused(_in_sheet(layout, told, found))


def _in_sheet(layout: Layout, told: str, found: Sequence[Layout]) -> str:
    """The sentence with the sheet's name, and with hidden sheets that would have fitted."""
    if layout.sheet.name:
        told = _("Sheet %(sheet)s: %(text)s") % {"sheet": layout.sheet.name, "text": told}
    hidden = [other.sheet.name for other in found if other.sheet.is_hidden and other.is_whole]
    if hidden:
        told += " " + _("The hidden sheet %(names)s has all columns: show it, if it is the one.") % {
            "names": ", ".join(hidden)
        }
    return told


def _say_no_head(sheets: Sequence[Sheet]) -> str:
    """What was looked for, and what was seen instead."""
    told = _("No row with the names of the columns was found. These are needed: %(names)s.") % {
        "names": name_columns(NEEDED)
    }
    seen: Mapping[str, int] = {}
    cells: list[str] = []
    for sheet in sheets:
        for _number, own in sheet.head:
            columns, _doubled = find_columns(own)
            if len(columns) > len(seen):
                seen, cells = columns, own
    if seen:
        told += _(" Only these were recognised: %(seen)s.") % {
            "seen": ", ".join(tidy(cells[at]) for at in seen.values())
        }
    named = [sheet.name for sheet in sheets if sheet.name]
    if named:
        told += " " + _("These sheets were looked at: %(names)s.") % {"names": ", ".join(named[:20])}
    first = next((sheet.head[0][1] for sheet in sheets if sheet.head), [])
    return told + _(" The first row reads: %(row)s.") % {"row": ", ".join(first)[:200]}


def name_columns(columns: Sequence[str]) -> str:
    return ", ".join(str(LABELS[name]) for name in columns)


def unknown_columns(layout: Layout) -> Iterator[tuple[int, str]]:
    """Place and name of each column that is not read, although somebody may think so."""
    read = set(layout.columns.values()) | (layout.matrix.places if layout.matrix else set())
    for index, text in enumerate(layout.names):
        if index not in read and find_column(text) is None and not is_unused(text):
            yield index, tidy(text)
