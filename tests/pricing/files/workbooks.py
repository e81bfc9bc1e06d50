"""Price files for tests: ordinary ones, and such as somebody might make to do harm."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal

from openpyxl import Workbook

from licensing.models import Product, Programme
from pricing.engine.values import PriceRank, PriceTable

HEAD = "product_code,min_renew_qty,rank,qty_from,qty_to,renew_unit_price,add_unit_price"
SHEET = "xl/worksheets/sheet1.xml"


def make_products(*codes: str, discountable: Iterable[str] = ()) -> dict[str, Product]:
    """Products that are in no database."""
    programme = Programme(code="通常", name="通常", name_en="Standard")
    return {
        code: Product(
            code=code, name=f"製品 {code}", programme=programme, is_multi_year_discountable=code in discountable
        )
        for code in codes
    }


def make_table(code: str = "SMP-1", *prices: tuple[str, int, int, int | None], minimum: int = 5) -> PriceTable:
    """Without prices: two ranks."""
    ranks = prices or (("A", 5, 2600, 5200), ("B", 25, 2390, None))
    return PriceTable(code, minimum, tuple(PriceRank(*rank) for rank in ranks), {})


def with_discounts(table: PriceTable, **discounts: str) -> PriceTable:
    percents = {int(name[-1]): Decimal(percent) for name, percent in discounts.items()}
    return PriceTable(table.product_code, table.minimum_quantity, table.ranks, percents)


def make_csv(*rows: str, head: str = HEAD) -> bytes:
    return "\r\n".join([head, *rows, ""]).encode()


def make_xlsx(rows: Sequence[Sequence[object]], *more: tuple[str, Sequence[Sequence[object]]]) -> bytes:
    """A workbook as a spreadsheet program saves it; `more`: further sheets by name."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    for name, own in more:
        sheet = book.create_sheet(name)
        for row in own:
            sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The same workbook, one of its parts replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part.filename))
        new.writestr(name, content)
    return stream.getvalue()


def part_of(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)
