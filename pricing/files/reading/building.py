"""The rows of one product become its price table, or are told what is wrong with them."""

from typing import Any

from django.utils.translation import gettext as _

from foundation.text.search import search_key
from foundation.text.typed import half_width
from licensing.models import Product

from ...engine.values import RANK_COLUMNS, TABLE_COLUMNS, PriceRank, PriceTable, columns_of
from .bands import check_beginnings, check_ends
from .found import ReadPrices
from .resource import PriceRow, discounts_of


def build_table(
    product: Product, rows: list[PriceRow], before: PriceTable | None, found: ReadPrices
) -> PriceTable | None:
    """The product's table; None where it has errors, which have been told."""
    errors = found.error_count
    is_whole = not any(row.wrong for row in rows)
    once = {name: _agreed(rows, name, found) for name in TABLE_COLUMNS}
    has_minimum = once["minimum_quantity"] is not None
    if not has_minimum and not any("minimum_quantity" in row.wrong for row in rows):
        reason = _("The minimum at renewal of %(code)s is missing: write it on one of its rows, or on all.")
        found.error(rows[0], "minimum_quantity", "", reason % {"code": product.code})
    discounts = _agreed_discounts(product, rows, found)
    known = before.rank_by_code if before else {}
    for row in rows:
        if row.rank not in known:
            row.rank = half_width(row.rank)
    _check_twice(rows, found)
    check_beginnings(rows, found)
    if product.code not in found.newcomers.products:
        _tell_names(product, rows, found)
    if not is_whole or not has_minimum or found.error_count > errors:
        return None
    rows = sorted(rows, key=lambda row: row.from_quantity or 0)
    check_ends(rows, found)
    if found.error_count > errors:
        return None
    ranks = tuple(PriceRank(row.rank, **columns_of(row, RANK_COLUMNS)) for row in rows)
    return PriceTable(product_code=product.code, ranks=ranks, multi_year_discounts=discounts, **once)


def _agreed(rows: list[PriceRow], name: str, found: ReadPrices) -> Any:
    """What a product has once: on one of its rows or on several, but not differently."""
    first = None
    for row in rows:
        value = getattr(row, name)
        if value in (None, ""):
            continue
        if first is None:
            first = row
        elif value != getattr(first, name):
            reason = _("Row %(row)s of the same product says %(other)s. Write the same on each row, or only on one.")
            found.error(row, name, value, reason % {"row": first.number, "other": getattr(first, name)})
    return getattr(first or rows[0], name)


def _agreed_discounts(product: Product, rows: list[PriceRow], found: ReadPrices) -> dict[int, Any]:
    years = sorted({years for row in rows for years in discounts_of(row)})
    discounts = {number: _agreed(rows, f"discount_{number}", found) for number in years}
    if discounts and not product.is_multi_year_discountable:
        name = f"discount_{years[0]}"
        row = next(row for row in rows if getattr(row, name) is not None)
        reason = _(
            "%(product)s may not have a multi-year discount (R10). Empty the cells, or first mark the product as one "
            "that may have them."
        )
        found.error(row, name, getattr(row, name), reason % {"product": product})
    return discounts


def _check_twice(rows: list[PriceRow], found: ReadPrices) -> None:
    first: dict[str, PriceRow] = {}
    for row in rows:
        if row.rank and row.rank in first:
            reason = _("The product has this rank in row %(row)s already. Each rank has one row.")
            found.error(row, "rank", row.rank, reason % {"row": first[row.rank].number})
        first.setdefault(row.rank, row)


def _tell_names(product: Product, rows: list[PriceRow], found: ReadPrices) -> None:
    """Where the file calls a product otherwise than the portal: perhaps it means another one."""
    programme = product.programme
    known = {
        "product_name": {product.name, product.name_en},
        "programme": {programme.code, programme.name, programme.name_en},
    }
    for name, names in known.items():
        odd = [row for row in rows if getattr(row, name) not in {"", *names}]
        keys = {search_key(text) for text in names if text} if odd else set()
        for row in odd:
            written = getattr(row, name)
            if search_key(written) not in keys:
                shown = product.name if name == "product_name" else programme.name
                reason = _("The portal calls it %(name)s, and will go on doing so. Is %(code)s the right product?")
                found.notice(row, name, written, reason % {"name": shown, "code": product.code})
                break
