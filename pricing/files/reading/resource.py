"""One row of a price file, in and out: a rank of a product, with what the product has once."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from import_export import resources
from import_export.fields import Field

from licensing.models.licenses import MOST_HELD

from ...models import MOST_YEN
from .cells import ENDLESS, CellWidget, Code, Day, Percent, Text, Whole, YesNo
from .columns import LABELS, NEEDED, YEARS


@dataclass(slots=True)
class PriceRow:
    """A row of a price file. None: the cell is empty, or there is no such column."""

    number: int = 0
    """Of the row, as spreadsheet programs show it."""
    product_code: str = ""
    product_name: str = ""
    programme: str = ""
    minimum_quantity: int | None = None
    rank: str = ""
    from_quantity: int | None = None
    to_quantity: int | None = None
    renewal_price: int | None = None
    addition_price: int | None = None
    discount_2: Decimal | None = None
    discount_3: Decimal | None = None
    discount_4: Decimal | None = None
    discount_5: Decimal | None = None
    discount_6: Decimal | None = None
    ended_on: date | None = None
    """The first day on which the product is not sold; such a row has no prices."""
    successor: str = ""
    is_sample: bool | None = None
    wrong: dict[str, str] = field(default_factory=dict)
    """The reason by column."""
    facts: dict[str, str] = field(default_factory=dict)
    """What else the row says of its product and programme, as texts by column (`facts`)."""
    places: dict[str, str] = field(default_factory=dict)
    """What stands above each column, with its letter, where that is not the same for all rows."""

    @property
    def has_discount(self) -> bool:
        return bool(discounts_of(self))


DISCOUNTS = {years: f"discount_{years}" for years in YEARS}
"""The columns of multi-year discounts by number of years."""


def column(name: str, widget: Any) -> Field:
    return Field(attribute=name, column_name=name, widget=widget)


MOST_KNOWN = 20_000
"""Texts of one column whose values are kept."""


class PriceRowResource(resources.Resource):  # type: ignore[misc]
    """Reads rows into `PriceRow`, and writes such rows. How prices stand in the database, it does not know."""

    product_code = column("product_code", Text(is_needed=True))
    product_name = column("product_name", Text())
    programme = column("programme", Text())
    minimum_quantity = column("minimum_quantity", Whole(least=1, most=MOST_HELD, is_needed=False))
    rank = column("rank", Code(most=10))
    from_quantity = column("from_quantity", Whole(least=1, most=MOST_HELD))
    to_quantity = column("to_quantity", Whole(least=1, most=99_999_999, is_needed=False, empties=frozenset(ENDLESS)))
    renewal_price = column("renewal_price", Whole(least=0, most=MOST_YEN))
    addition_price = column(
        "addition_price",
        Whole(least=0, most=MOST_YEN, is_needed=False, empties=frozenset({"不可", "対象外", "追加不可"})),
    )
    discount_2 = column("discount_2", Percent())
    discount_3 = column("discount_3", Percent())
    discount_4 = column("discount_4", Percent())
    discount_5 = column("discount_5", Percent())
    discount_6 = column("discount_6", Percent())
    ended_on = column("ended_on", Day())
    successor = column("successor", Text())
    is_sample = column("is_sample", YesNo())

    def __init__(self) -> None:
        super().__init__()
        self._import_fields: list[Field] = super().get_import_fields()
        self._readers: list[tuple[str, CellWidget, dict[str, tuple[Any, str]]]] = [
            (field.column_name, field.widget, {}) for field in self._import_fields
        ]
        self._export_fields: dict[Any, list[Field]] = {}

    def get_import_fields(self) -> list[Field]:
        """Asked for every row, and always the same."""
        return self._import_fields

    def get_export_fields(self, selected_fields: Any = None) -> list[Field]:
        chosen = tuple(selected_fields or ())
        if chosen not in self._export_fields:
            self._export_fields[chosen] = super().get_export_fields(selected_fields)
        return self._export_fields[chosen]

    def export_field(self, field: Field, instance: PriceRow, **kwargs: Any) -> Any:
        return field.widget.render(getattr(instance, field.column_name))

    def read_row(self, number: int, cells: dict[str, str]) -> PriceRow:
        """A row from its texts by column, with the reason of every cell that is wrong."""
        row = PriceRow(number)
        for name, widget, known in self._readers:
            text = cells.get(name)
            # What may be empty, and is, need not be read.
            if text is None or not (text or name in NEEDED):
                continue
            if (found := known.get(text)) is None:
                found = known[text] = read_cell(widget, text)
                if len(known) > MOST_KNOWN:
                    known.clear()
            value, reason = found
            if reason:
                row.wrong[name] = reason
            elif value is not None:
                setattr(row, name, value)
        return row

    def get_export_headers(self, selected_fields: Any = None) -> list[str]:
        return [str(LABELS[field.column_name]) for field in self.get_export_fields(selected_fields)]


def read_cell(widget: CellWidget, text: str) -> tuple[Any, str]:
    """A text as the column's value, or why it is none. It is read once: prices and ranks come again and again."""
    try:
        return widget.clean(text), ""
    except ValueError as error:
        return None, str(error)


def discounts_of(row: PriceRow) -> dict[int, Decimal]:
    """Percent by number of years, as far as the row names them."""
    return {years: percent for years, name in DISCOUNTS.items() if (percent := getattr(row, name)) is not None}
