"""Between files and django-import-export: its datasets are filled by our bounded reader and written by our writers."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import tablib
from django.db.models import BooleanField, Field, IntegerField, TextField
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export import widgets
from import_export.formats import base_formats
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from ..text.numbers import whole_number
from ..text.typed import squeeze
from .cp932 import REPLACEMENT, as_cp932, find_equals, unknown_to_cp932
from .escapes import escape_formula
from .files import Sheet, open_file
from .refusals import FileRefused
from .results import refuse_broken

MOST_AT_ONCE = 2_000
"""Rows of master data in a file: each is checked and has its history, while somebody waits for the page."""
YES = {"1", "true", "yes", "はい", "○", "\u3007", "y", "対象"}
NO = {"", "0", "false", "no", "いいえ", "×", "n", "対象外", "-"}
LEAST_NAMES = 2
"""Of columns that stand beside each other only above a table."""
WIDEST, NARROWEST = 44, 13
LOOKED_AT = 200
"""Rows by which columns get their widths."""


class Uploaded(base_formats.Format):  # type: ignore[misc]
    """A file that somebody uploads, CSV or XLSX: which it is, and its encoding, is found out."""

    def __init__(self, encoding: str | None = None) -> None:
        """The library names an encoding; the reader finds it out."""

    def get_title(self) -> str:
        return "XLSX, CSV"

    def can_import(self) -> bool:
        return True

    def knows(self, name: str) -> bool:
        """Whether a column that is asked for is called so. Who knows none takes the first row of a sheet."""
        return False

    def create_dataset(self, in_stream: bytes | None) -> tablib.Dataset:
        """The table of the file, below a row of names; `numbers` are its rows as spreadsheet programs show them.

        Of several sheets it is the one that opens first, if it has such a row; what stands above the names is no row.

        Raises FileRefused where there is none, or too long a one; or where the file was not kept any longer.
        """
        if in_stream is None:
            raise FileRefused(_("The file is not kept any more. Choose it once more."))
        with open_file(in_stream) as book:
            tables = [sheet for sheet in book.sheets if sheet.head and not sheet.is_hidden and not sheet.refused]
            if not tables:
                raise FileRefused(_("There is no table in the file."))
            sheet, above = self._find_names(tables)
            rows = ((number, cells) for number, cells in book.read(sheet) if any(cells) and number > above)
            names = [name.strip() for name in next(rows, (0, [""]))[1]]
            dataset = tablib.Dataset(headers=names)
            dataset.title, dataset.numbers = sheet.name, []
            for number, cells in rows:
                if len(dataset.numbers) == MOST_AT_ONCE:
                    text = _("The file has more than %(most)s rows. Import it in several parts.")
                    raise FileRefused(text % {"most": f"{MOST_AT_ONCE:,}"})
                dataset.append([*cells[: len(names)], *[""] * (len(names) - len(cells))])
                dataset.numbers.append(number)
        return dataset

    def _find_names(self, tables: Sequence[Sheet]) -> tuple[Sheet, int]:
        """The table, and the number of the last row above its names."""
        found = []
        for sheet in tables:
            for number, cells in sheet.head:
                count = len({squeeze(cell) for cell in cells if cell and self.knows(cell)})
                found.append((count >= LEAST_NAMES, sheet.is_active, count, -number, -sheet.position, sheet))
        *_others, count, number, _position, sheet = max(found, key=lambda each: each[:5])
        if not count:
            sheet = max(tables, key=_width)
            return sheet, 0
        return sheet, -number - 1


def _width(sheet: Sheet) -> int:
    """How many names stand in its first row. A text is a table for each delimiter that it may have."""
    return sum(bool(cell) for cell in sheet.head[0][1])


class FieldWidget(widgets.Widget):  # type: ignore[misc]
    """A cell that holds a column of the database: yes or no and choices in words, numbers as numbers."""

    def __init__(self, field: Field[Any, Any]) -> None:
        super().__init__()
        self.field = field

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        """Raises ValueError with what is wrong, for a person."""
        return read_value(self.field, value.strip())

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        words = dict(self.field.flatchoices).get(value)
        return str(words) if words is not None else value


def read_value(field: Field[Any, Any], text: str) -> Any:
    """A cell's text as the column's value; a choice also by its words in either language.

    Raises ValueError where it is no such value; what the database allows is asked of the row (`full_clean`).
    """
    refuse_broken(text)
    if isinstance(field, BooleanField):
        if text.casefold() not in YES | NO:
            raise ValueError(_("Write はい (yes) or いいえ (no)."))
        return text.casefold() in YES
    for value, _words in field.flatchoices:
        if text in (str(value), *_in_both(field, value)):
            return value
    if field.choices and text:
        words = "、".join(str(known) for _value, known in field.flatchoices)
        raise ValueError(_("“%(text)s” is not one of: %(words)s.") % {"text": text, "words": words})
    if isinstance(field, IntegerField):
        number = whole_number(text) if text else None
        if text and number is None:
            raise ValueError(_("“%(value)s” is not a whole number. Write it in digits, like 12.") % {"value": text})
        return number
    # A name stands in headers of letters: a line break, with which it was only laid out in its cell, is a space.
    return text if isinstance(field, TextField) else " ".join(map(str.strip, text.splitlines()))


def _in_both(field: Field[Any, Any], value: Any) -> list[str]:
    found = []
    for language in ("en", "ja"):
        with translation.override(language):
            found += [str(words) for known, words in field.flatchoices if known == value]
    return found


class Xlsx(base_formats.XLSX):  # type: ignore[misc]
    """A workbook with codes as text, numbers as numbers, and a head that stays in sight."""

    def get_title(self) -> Any:
        return gettext_lazy("XLSX (Excel, LibreOffice)")

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        book = Workbook(write_only=True)
        sheet = book.create_sheet(dataset.title)
        for position in range(len(dataset.headers)):
            texts = [len(str(row[position] or "")) for row in dataset[:LOOKED_AT]]
            width = min(WIDEST, max(NARROWEST, *texts, 0))
            sheet.column_dimensions[get_column_letter(position + 1)].width = width
        sheet.freeze_panes = "A2"
        extent = f"A1:{get_column_letter(len(dataset.headers))}{len(dataset) + 1}"
        sheet.auto_filter.ref = extent
        sheet.calculate_dimension = lambda: extent  # without it, who reads the file looks for the end first
        sheet.append([_cell(sheet, text, bold=True) for text in dataset.headers])
        for row in dataset:
            sheet.append([_cell(sheet, value) for value in row])
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    """A cell. A text is one, also where it begins as a formula does."""
    if not isinstance(value, str):
        if isinstance(value, int) and value >= 1000:
            cell = WriteOnlyCell(sheet, value)
            cell.number_format = "#,##0"
            return cell
        return value
    text = ILLEGAL_CHARACTERS_RE.sub(REPLACEMENT, value)
    if not bold and not text.startswith("="):
        return text if text else None
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


class Csv(base_formats.CSV):  # type: ignore[misc]
    """UTF-8 with the mark by which Excel knows it. No text begins as a formula does."""

    def get_title(self) -> Any:
        return gettext_lazy("CSV (UTF-8)")

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return ("\ufeff" + as_csv(dataset, str)).encode()


class CsvCp932(base_formats.CSV):  # type: ignore[misc]
    """For programs that know no Unicode. What cannot be written, `find_lost` tells."""

    def get_title(self) -> Any:
        return gettext_lazy("CSV (Shift_JIS, cp932)")

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return as_cp932(as_csv(dataset, find_equals))


def as_csv(dataset: tablib.Dataset, write: Callable[[str], str]) -> str:
    """The table as text. Texts are written so before it is seen to that none begins as a formula does."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    for row in (dataset.headers, *dataset):
        writer.writerow([escape_formula(write(value)) if isinstance(value, str) else value for value in row])
    return stream.getvalue()


@dataclass(frozen=True, slots=True)
class Lost:
    """A text that cp932 cannot hold as it is."""

    row: int
    column: str
    text: str
    characters: str


def find_lost(dataset: tablib.Dataset) -> list[Lost]:
    """The texts that cp932 cannot hold, each once."""
    found: dict[tuple[int, str], Lost] = {}
    for number, row in enumerate(dataset, start=2):
        for column, text in enumerate(row):
            if isinstance(text, str) and (column, text) not in found and (unknown := unknown_to_cp932(text)):
                found[column, text] = Lost(number, dataset.headers[column], text, "".join(unknown))
    return list(found.values())
