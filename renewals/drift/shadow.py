"""Price quotes as they would be priced on a day: what was asked for, of what is held on it. Writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from licensing.models import Holding
from licensing.models import Product as ProductRow
from licensing.queries import former_codes
from pricing.engine.quote import price_quote
from pricing.engine.values import Product
from pricing.loader import Prices, product_value, segment_value
from quotes.models import Quote, QuotePart

from ..asked import Asked, AskedHolding, fit, free_lines_of, from_json, held_of, product_codes, to_requests, with_codes


def totals_today(quotes: Sequence[Quote], *, prices: Prices, on: date) -> dict[int, int | None]:
    """By quote: its total in yen with tax as a revision of it would have on the day; None where that is refused.

    A quote of which a license ID has come to somebody else is left out: nobody revises it. `prices` are in force on
    the day. Six queries for however many.
    """
    parts = list(
        QuotePart.objects.filter(quote__in=[quote.pk for quote in quotes])
        .select_related("licenseid__customer", "quote__customer")
        .defer("quote__document", "quote__trace", "quote__acknowledged")
        .order_by("quote", "position")
    )
    parts_of: dict[int, list[QuotePart]] = {}
    for part in parts:
        parts_of.setdefault(part.quote_id, []).append(part)
    held = _held_of(part.licenseid_id for part in parts)
    renamed = former_codes()
    wanted: dict[int, tuple[Asked, str]] = {}
    for number, own in parts_of.items():
        quote = own[0].quote
        owner = (quote.customer.present_id, quote.reseller_id)
        if any((part.licenseid.customer_id, part.licenseid.customer.reseller_id) != owner for part in own):
            continue
        asked = with_codes(from_json(quote.asked), renamed)
        fitted = tuple(
            replace(fit(row, held=held.get(part.licenseid_id, ())), license_id=part.licenseid.code)
            for row, part in zip(asked.parts, own, strict=True)
        )
        wanted[number] = (replace(asked, parts=fitted), own[0].licenseid.customer.segment)
    products = _products(asked for asked, _segment in wanted.values())
    return {number: _total(asked, segment, prices, products, on) for number, (asked, segment) in wanted.items()}


def _total(asked: Asked, segment: str, prices: Prices, products: dict[str, Product], on: date) -> int | None:
    if product_codes(asked) - products.keys():
        return None  # a product that there is no more
    requests = to_requests(asked, on=on, products=products, customer_segment=segment_value(segment))
    pricing = price_quote(requests, prices.tables, reduction=asked.reduction, free_lines=free_lines_of(asked))
    return None if pricing.is_refused else pricing.total


def _held_of(licenseids: Iterable[int]) -> dict[int, list[AskedHolding]]:
    rows = Holding.objects.filter(licenseid__in=set(licenseids)).select_related("product")
    by_license_id: dict[int, list[Holding]] = {}
    for row in rows.order_by("support_expires_on", "product__code", "pk"):
        by_license_id.setdefault(row.licenseid_id, []).append(row)
    return {number: held_of(own) for number, own in by_license_id.items()}


def _products(asked: Iterable[Asked]) -> dict[str, Product]:
    codes = {code for one in asked for code in product_codes(one)}
    rows = ProductRow.objects.filter(code__in=codes).select_related("programme")
    return {row.code: product_value(row) for row in rows}
