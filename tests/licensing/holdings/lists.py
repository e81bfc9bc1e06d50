"""Lists of what is held, as vendors, distributors and one's own Excel write them."""

import io
from collections.abc import Sequence

from openpyxl import Workbook

from licensing.holdings.operations import choose_columns, keep_list
from licensing.holdings.reading import Catalogue, Found, Known, look_at, read_held
from licensing.holdings.tasks import check_held_list
from licensing.models import HeldImport, Reseller, User
from tests.cast import NOW

PRODUCTS = Catalogue(
    [
        Known(1, "SMP-STD-S", "サンプル サーバー保護 標準", "Sample Server Protection Standard"),
        Known(2, "SMP-STD-C", "サンプル 端末保護 標準", "Sample Endpoint Protection Standard"),
        Known(3, "SMP-ADV-C", "サンプル 端末保護 上位", "Sample Endpoint Protection Advanced"),
    ]
)
HEAD = ["顧客名", "ライセンスID", "製品コード", "数量", "満了日"]
ROW = ["株式会社青空商事", "L-1001", "SMP-STD-S", "10", "2027/3/31"]


def as_csv(*rows: Sequence[str], encoding: str = "cp932", delimiter: str = ",") -> bytes:
    lines = (delimiter.join(f'"{cell}"' if set(cell) & set(',\n"') else cell for cell in row) for row in rows)
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def as_xlsx(
    *sheets: tuple[str, Sequence[Sequence[object]]], merged: Sequence[str] = (), hidden: Sequence[str] = ()
) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "hidden"
    for cells in merged:
        book.worksheets[0].merge_cells(cells)
    book.active = next(n for n, sheet in enumerate(book.worksheets) if sheet.title not in hidden)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def guess(content: bytes, *license_ids: str) -> dict[str, str]:
    """By field, the name above its column; a column without a name by its number."""
    layout = look_at(content, catalogue=PRODUCTS, license_ids=[each.casefold() for each in license_ids]).layout
    return {field: layout.names[index] or str(index) for index, field in layout.fields.items()}


def read(content: bytes, **options: object) -> Found:
    return read_held(content, catalogue=PRODUCTS, **options)  # type: ignore[arg-type]


def values(found: Found) -> list[tuple[object, ...]]:
    """Of each row: its number, customer, license ID, product, quantity, day."""
    return [
        (
            row.number,
            row.values.get("name"),
            row.values.get("license_id"),
            row.product.code if row.product else None,
            row.values.get("quantity"),
            str(row.values.get("expires_on", "")),
        )
        for row in found.rows
    ]


def told(found: Found) -> list[tuple[int, str, str, str]]:
    """The errors: row, column, value, reason."""
    return [(each.row, each.column, each.value, each.reason) for each in found.problems if each.is_error]


def being_checked(reseller: Reseller, by: User, product: str = ROW[2]) -> HeldImport:
    """A list that waits for its check."""
    content = as_csv(HEAD, ["緑建設", f"HELD-{reseller.pk}", product, *ROW[3:]])
    upload = keep_list(content=content, file_name="", reseller=reseller, by=by, now=NOW)
    return choose_columns(
        upload=upload,
        sheet=0,
        fields=dict(enumerate(("name", "license_id", "product_code", "quantity", "expires_on"))),
        names_key="",
        is_whole=False,
        task=check_held_list,
        by=by,
        now=NOW,
    )
