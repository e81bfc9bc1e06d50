"""The index of an export: a row for each record, as a workbook and as CSV. No text in it is ever a formula."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from foundation.spreadsheets.cp932 import as_cp932, find_equals, unknown_to_cp932
from foundation.spreadsheets.escapes import escape_formula
from foundation.spreadsheets.writing import DAY, NUMBER, TEXT, Column, SheetWriter

from ...models import SHOWN_STATES, Quote, QuoteStatus, shown_state
from ...paper.document import list_total

BOM = "\ufeff"


def columns(*, with_reseller: bool) -> list[Column]:
    """Heads, formats and widths, in the language that is active."""
    reseller: list[Column] = [(_("Reseller"), TEXT, 30)] if with_reseller else []
    return [
        *reseller,
        (_("Quote number"), TEXT, 17),
        (_("Issue day"), DAY, 12),
        (_("Customer"), TEXT, 34),
        (_("License ID"), TEXT, 18),
        (_("Subject"), TEXT, 34),
        (_("Total at list prices"), NUMBER, 14),
        (_("Whole reduction, tax excluded"), NUMBER, 14),
        (_("Offered price, tax excluded"), NUMBER, 14),
        (_("Subtotal"), NUMBER, 14),
        (_("Consumption tax"), NUMBER, 12),
        (_("Total with tax"), NUMBER, 14),
        (_("Valid until"), DAY, 12),
        (_("State"), TEXT, 12),
        (_("State since"), DAY, 12),
        (_("Reason or memo"), TEXT, 30),
        (_("Order day"), DAY, 12),
        (_("Customer’s order number"), TEXT, 20),
        (_("Issued by"), TEXT, 16),
        (_("Kept until"), DAY, 12),
        (_("PDF file"), TEXT, 60),
        (_("SHA-256 of the PDF"), TEXT, 66),
        (_("Files of the order (注文書)"), TEXT, 60),
        (_("SHA-256 of the files of the order"), TEXT, 66),
        (_("Acknowledgements of the order (注文請書)"), TEXT, 60),
        (_("SHA-256 of the acknowledgements"), TEXT, 66),
        (_("Checked"), TEXT, 40),
    ]


def cells(
    quote: Quote,
    status: QuoteStatus | None,
    *,
    on: date,
    with_reseller: bool,
    file: str,
    sha256: str,
    order_files: Sequence[tuple[str, str]],
    acknowledgements: Sequence[tuple[str, str]],
    check: str,
) -> list[Any]:
    """One record's row. States are those of the day `on`; `order_files`, `acknowledgements`: names, if any, and
    SHA-256, a line each.
    """
    state = shown_state(state=status.state, valid_until=quote.valid_until, on=on) if status else ""
    listed = list_total(quote.document, offered=quote.subtotal)
    return [
        *([quote.reseller.name] if with_reseller else []),
        quote.number,
        quote.issued_on,
        quote.customer_name,
        quote.license_codes,
        quote.subject,
        listed,
        listed - quote.subtotal,
        quote.subtotal,
        quote.subtotal,
        quote.tax,
        quote.total,
        quote.valid_until,
        str(SHOWN_STATES.get(state, state)),
        status.changed_at.astimezone(get_current_timezone()).date() if status else None,
        status.reason if status else "",
        status.ordered_on if status else None,
        status.order_number if status else "",
        quote.issued_by_name,
        quote.retain_until,
        file,
        sha256,
        "\n".join(name for name, _sha256 in order_files if name),
        "\n".join(sha256 for _name, sha256 in order_files),
        "\n".join(name for name, _sha256 in acknowledgements if name),
        "\n".join(sha256 for _name, sha256 in acknowledgements),
        check,
    ]


class CsvFile:
    """A CSV file that grows row by row. Numbers are digits, days ISO dates."""

    def __init__(self, path: Path, heads: Sequence[str], *, is_cp932: bool = False) -> None:
        self.is_cp932 = is_cp932
        self.lost: dict[str, None] = {}
        """Characters that cp932 does not know."""
        self.file = path.open("xb")
        if not is_cp932:
            self.file.write(BOM.encode())
        self.add(heads)

    def add(self, values: Iterable[Any]) -> None:
        stream = io.StringIO()
        row = [self._written(value) if isinstance(value, str) else _plain(value) for value in values]
        csv.writer(stream, lineterminator="\r\n").writerow(row)
        text = stream.getvalue()
        if self.is_cp932:
            self.lost.update(dict.fromkeys(unknown_to_cp932(text)))
        self.file.write(as_cp932(text) if self.is_cp932 else text.encode())

    def _written(self, text: str) -> str:
        """What cp932 has an equal for is written so before it is seen to that no text begins as a formula does."""
        return escape_formula(find_equals(text) if self.is_cp932 else text)

    def close(self) -> None:
        self.file.close()


class XlsxFile:
    """A workbook whose rows go to the disk as they come, and a sheet that says what it is."""

    def __init__(self, path: Path, heads: list[Column]) -> None:
        self.path = path
        self.book = Workbook(write_only=True)
        self.sheet = SheetWriter(self.book, _("Records"), heads)
        self.sheet.sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A3

    def add(self, values: Iterable[Any]) -> None:
        self.sheet.add(values)

    def close(self, about: Iterable[tuple[str, str]]) -> None:
        self.sheet.end()
        facts = SheetWriter(self.book, _("About"), [(_("what"), TEXT, 30), (_("value"), TEXT, 60)])
        for fact in about:
            facts.add(fact)
        facts.end()
        self.book.save(self.path)


def hash_file(path: Path) -> str:
    """SHA-256 of a file, hexadecimal; of any size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
