"""What things cost on a day, and what they will: read from any list, published or draft. Writes nothing."""

from dataclasses import dataclass
from datetime import date, timedelta

from licensing.models import LicenseID, Product

from ..engine.pricing import RenewalPricing
from ..engine.renewal import price_renewal
from ..engine.values import HoldingChoice, PriceTable, RenewalRequest, TaxRounding
from ..loader import holding_values, load_price_tables, load_product_tables, segment_value
from ..models import PriceList


@dataclass(frozen=True, slots=True)
class Period:
    """The days on which one list sets a product's prices."""

    price_list: PriceList
    first: date
    until: date | None
    """The last day; None: until another list is published."""
    table: PriceTable | None
    """None: the list has no prices for the product, so it cannot be quoted."""

    def holds(self, on: date) -> bool:
        return self.first <= on and (self.until is None or on <= self.until)


def product_periods(*, product: Product, with_drafts: bool) -> list[Period]:
    """A product's prices list after list, the earliest first. Drafts stand as if they were published for their day.

    Where a draft has the day of a published list, the draft takes its place from that day on.
    """
    lists = PriceList.objects.all()
    if not with_drafts:
        lists = lists.filter(published_at__isnull=False)
    rows = sorted(lists, key=lambda row: (row.effective_on, not row.is_published, row.pk))
    tables = load_product_tables(product=product, price_lists=rows)
    last = {row.effective_on: row for row in rows}
    rows = [row for row in rows if last[row.effective_on] == row]
    ends = [row.effective_on - timedelta(days=1) for row in rows[1:]]
    return [
        Period(row, row.effective_on, until, tables.get(row.pk)) for row, until in zip(rows, [*ends, None], strict=True)
    ]


def price_license_id(*, licenseid: LicenseID, price_list: PriceList, on: date, years: int) -> RenewalPricing:
    """All that a license ID holds now, renewed as it is, priced on a day as if the list were in force.

    `licenseid` has its reseller loaded, and its holdings with their products.
    """
    request = RenewalRequest(
        license_id=licenseid.code,
        on=on,
        years=years,
        is_reduced=False,
        holdings=tuple(HoldingChoice(value, value.quantity) for value in holding_values(licenseid.holdings.all())),
        tax_rounding=TaxRounding(licenseid.customer.reseller.tax_rounding),
        customer_segment=segment_value(licenseid.customer.segment),
    )
    return price_renewal(request, load_price_tables(price_list=price_list, on=on))
