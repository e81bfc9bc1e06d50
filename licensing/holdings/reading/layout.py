"""Which sheet of a file holds what is held, where its names of columns stand, and which column is which."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from foundation.spreadsheets.files import FileRefused, Sheet
from foundation.spreadsheets.heads import tidy
from foundation.spreadsheets.places import letter

from .cells import as_day
from .columns import find_fields, is_unused, join_names, missing_fields
from .day_parts import spread_day
from .guesses import guess_fields
from .products import Catalogue
from .states import says_ended

HEIGHTS = (1, 2, 3)
"""Rows over which the names of the columns may be spread."""
LEAST_NAMES = 2
FIRST_ROWS = 8
"""Rows that are shown below the guess."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet is to be read."""

    sheet: Sheet
    last_head_row: int
    """Number of the last row of names; 0: there is none, and the first row is a row of values."""
    names: list[str]
    """What stands above each column."""
    fields: dict[int, str]
    """The field of each column that has one."""

    @property
    def missing(self) -> list[str]:
        return missing_fields(list(self.fields.values()))

    @property
    def rows(self) -> list[tuple[int, list[str]]]:
        """Of the sheet's beginning, those below the names."""
        return [row for row in self.sheet.head if row[0] > self.last_head_row]


def choose_layout(
    sheets: Sequence[Sheet], *, catalogue: Catalogue, license_ids: Collection[str] = (), wanted: int | None = None
) -> Layout:
    """The visible sheet that fits: one with all that holdings need before others, then the one that opens first.

    `wanted`: the position of the sheet that somebody chose. Raises FileRefused where there is none.
    """
    shown = [sheet for sheet in sheets if not sheet.is_hidden and sheet.head]
    asked = [sheet for sheet in shown if wanted is None or sheet.position == wanted]
    readable = [sheet for sheet in asked if not sheet.refused]
    if not readable:
        for sheet in asked:
            raise FileRefused(sheet.refused)
        if any(sheet.head for sheet in sheets if sheet.is_hidden):
            raise FileRefused(_("All sheets with something in them are hidden. Show the right one, and save the file."))
        raise FileRefused(_("There is no table in the file."))
    found = [find_layout(sheet, catalogue=catalogue, license_ids=license_ids) for sheet in readable]
    return max(
        found,
        key=lambda layout: (
            not layout.missing and "license_id" in layout.fields.values(),
            not layout.missing,
            not says_ended(layout.sheet.name),
            layout.sheet.is_active and layout.sheet.name != "",
            len(layout.fields),
            len(layout.names),
            -layout.sheet.position,
        ),
    )


def find_layout(sheet: Sheet, *, catalogue: Catalogue, license_ids: Collection[str] = ()) -> Layout:
    """Where the names of columns stand: the rows that have most of them. Without names, what the cells show."""
    best: tuple[int, int, int] = (0, 0, 0)
    names: list[str] = []
    last_head_row = 0
    for start in range(len(sheet.head)):
        for height in HEIGHTS:
            rows = sheet.head[start : start + height]
            if len(rows) < height:
                break
            joined = join_names([cells for _number, cells in rows])
            named = set(find_fields(joined).values()) - {"status"}  # whose words stand in rows of values, too
            score = (len(named), -height, -start)
            if score[0] >= LEAST_NAMES and score > best:
                best, names, last_head_row = score, joined, rows[-1][0]
    if not names:
        names, last_head_row = _unknown_names(sheet)
    return layout_with(sheet, names, last_head_row, catalogue=catalogue, license_ids=license_ids)


def _unknown_names(sheet: Sheet) -> tuple[list[str], int]:
    """The row above the first that holds a day, where no name is known; nothing where that is the first."""
    for (number, above), (_number, cells) in pairwise(sheet.head):
        if any(as_day(cell) for cell in above):
            break
        if any(as_day(cell) for cell in cells):
            return above if sum(bool(cell) for cell in above) > 1 else [], number
    return [], 0


def layout_with(
    sheet: Sheet, names: list[str], last_head_row: int, *, catalogue: Catalogue, license_ids: Collection[str] = ()
) -> Layout:
    """The layout with these names: by them, and for what they leave open by the cells below."""
    rows = [cells for number, cells in sheet.head if number > last_head_row]
    width = max((len(cells) for cells in [names, *rows]), default=0)
    names = [*map(tidy, names), *[""] * (width - len(names))]
    fields = find_fields(names)
    if parts := spread_day(fields, names, rows):
        fields = fields | parts
    _codes_for_names(fields, rows, catalogue)
    guessed = guess_fields(rows, known=fields, names=names, catalogue=catalogue, license_ids=license_ids)
    return Layout(sheet, last_head_row, names, dict(sorted((fields | guessed).items())))


def _codes_for_names(fields: dict[int, str], rows: Sequence[Sequence[str]], catalogue: Catalogue) -> None:
    """A column called 製品 may hold codes."""
    if "product_code" in fields.values():
        return
    for index, field in fields.items():
        if field == "product_name":
            texts = [row[index] for row in rows if index < len(row) and row[index].strip()]
            codes = sum(catalogue.by_code(text) is not None and len(text.split()) == 1 for text in texts)
            if texts and codes * 2 > len(texts):
                fields[index] = "product_code"
                return


def unread_columns(layout: Layout, fields: Collection[int]) -> Iterator[str]:
    """Columns with a name that nobody chose a field for, but for those that lists always have."""
    for index, name in enumerate(layout.names):
        if name and index not in fields and not is_unused(name):
            yield f"{letter(index)} ({name})"
