"""Price lists out, as XLSX or CSV, in the columns in which they are read in."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import tablib
from django.utils.translation import gettext as _
from import_export.formats import base_formats
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from foundation.spreadsheets.cp932 import REPLACEMENT, as_cp932, find_equals, unknown_to_cp932
from foundation.spreadsheets.escapes import escape_formula
from licensing.models import Product

from ..engine.values import PriceTable
from .columns import YEARS
from .ended import Ended
from .facts import fact_fields, facts_of, label_of
from .resource import PriceRow, PriceRowResource

WIDTHS = {"product_name": 44, "programme": 14, "minimum_quantity": 16}


@dataclass(frozen=True, slots=True)
class Lost:
    """A text that cp932 cannot hold as it is."""

    row: int
    column: str
    text: str
    characters: str


def price_rows(tables: Iterable[PriceTable], products: Mapping[str, Product], *, is_sample: bool) -> Iterator[PriceRow]:
    """A row per rank. What the product has once: the minimum stands on each of its rows, discounts on its first."""
    for table in tables:
        product = products[table.product_code]
        ends = [higher.from_quantity - 1 for _lower, higher in pairwise(table.ranks)]
        for position, rank in enumerate(table.ranks):
            discounts = table.multi_year_discounts if position == 0 else {}
            columns: dict[str, Any] = {f"discount_{years}": discounts.get(years) for years in YEARS}
            yield PriceRow(
                product_code=product.code,
                product_name=product.name,
                programme=product.programme.code,
                minimum_quantity=table.minimum_quantity,
                rank=rank.rank,
                from_quantity=rank.from_quantity,
                to_quantity=ends[position] if position < len(ends) else None,
                renewal_price=rank.renewal_price,
                addition_price=rank.addition_price,
                is_sample=is_sample,
                **columns,
            )


def end_rows(ended: Mapping[str, Ended], products: Mapping[str, Product], *, is_sample: bool) -> Iterator[PriceRow]:
    """A row per product that is not sold any more, without prices."""
    for code, end in sorted(ended.items()):
        product = products[code]
        yield PriceRow(
            product_code=code,
            product_name=product.name,
            programme=product.programme.code,
            ended_on=end.since_on,
            successor=end.successor,
            is_sample=is_sample,
        )


def make_dataset(
    tables: Iterable[PriceTable],
    products: Mapping[str, Product],
    *,
    is_sample: bool,
    ended: Mapping[str, Ended] | None = None,
) -> tablib.Dataset:
    """The file's table, what is not sold any more at its end. Only sample prices say that they are."""
    resource = PriceRowResource()
    columns = [name for name in resource.fields if is_sample or name != "is_sample"]
    rows = chain(
        price_rows(tables, products, is_sample=is_sample), end_rows(ended or {}, products, is_sample=is_sample)
    )
    dataset = resource.export(rows, export_fields=columns)
    return _with_facts(dataset, products)


def _with_facts(dataset: tablib.Dataset, products: Mapping[str, Product]) -> tablib.Dataset:
    """Behind the prices what else is known of products, on the first row of each: an empty portal can make them."""
    names = list(fact_fields())
    nothing = ("",) * len(names)
    rows, before = [], ""
    for row in dataset:
        rows.append((*row, *(nothing if row[0] == before else facts_of(products[row[0]]))))
        before = row[0]
    found = tablib.Dataset(*rows, headers=[*dataset.headers, *map(label_of, names)])
    found.title = _("Price list")
    return found


class Xlsx(base_formats.XLSX):  # type: ignore[misc]
    """A workbook with codes as text, numbers as numbers, and a head that stays in sight."""

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        book = Workbook(write_only=True)
        sheet = book.create_sheet(dataset.title)
        for position, name in enumerate([*PriceRowResource.fields, *fact_fields()], start=1):
            sheet.column_dimensions[get_column_letter(position)].width = WIDTHS.get(name, 13)
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

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return ("\ufeff" + as_csv(dataset, str)).encode()


class CsvCp932(base_formats.CSV):  # type: ignore[misc]
    """For programs that know no Unicode. What cannot be written, `find_lost` tells."""

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return as_cp932(as_csv(dataset, find_equals))


def as_csv(dataset: tablib.Dataset, write: Callable[[str], str]) -> str:
    """The table as text. Texts are written so before it is seen to that none begins as a formula does."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    for row in (dataset.headers, *dataset):
        writer.writerow([escape_formula(write(value)) if isinstance(value, str) else value for value in row])
    return stream.getvalue()


def find_lost(dataset: tablib.Dataset) -> list[Lost]:
    """The texts that cp932 cannot hold, each once."""
    found: dict[tuple[int, str], Lost] = {}
    for number, row in enumerate(dataset, start=2):
        for column, text in enumerate(row):
            if isinstance(text, str) and (column, text) not in found and (unknown := unknown_to_cp932(text)):
                found[column, text] = Lost(number, dataset.headers[column], text, "".join(unknown))
    return list(found.values())
