"""What would be left of the renewals of a page, after the reseller's own cost: as their amounts are estimated. Reads
only.

Nothing of it is kept in the rows of the list (docs/decisions/0058).
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from foundation.among import among
from licensing.models import Holding, LicenseID
from pricing.costs.margins import MarginTotals, SoldLine, sum_margins
from pricing.costs.queries import rates_of_days

from ..models import DeskRow
from .amounts import Amounts


@dataclass(frozen=True, slots=True)
class _Expiring:
    licenseid: LicenseID
    expires_on: date
    held: list[Holding]
    others: list[Holding]


def margins_of_rows(rows: Collection[DeskRow], *, reseller: int) -> dict[int, MarginTotals]:
    """By the row's number, with the cost rates in force on the day of expiry, as its prices are. Not there is what is
    carried out, or cannot be priced. Four queries, however many there are.
    """
    holdings: dict[int, list[Holding]] = defaultdict(list)
    found = Holding.objects.filter(licenseid__in=among({row.licenseid_id for row in rows}))
    for one in found.select_related("product__programme", "licenseid"):
        holdings[one.licenseid_id].append(one)
    expiring = {
        row.pk: _Expiring(
            held[0].licenseid,
            row.expires_on,
            held,
            [one for one in holdings[row.licenseid_id] if one.support_expires_on != row.expires_on],
        )
        for row in rows
        if (held := [one for one in holdings[row.licenseid_id] if one.support_expires_on == row.expires_on])
    }
    amounts = Amounts(expiring.values())
    codes = {one.product.code for each in expiring.values() for one in each.held}
    rates = rates_of_days(reseller=reseller, codes=codes, days={each.expires_on for each in expiring.values()})
    margins = {}
    for number, each in expiring.items():
        pricing = amounts.pricing_of(each)
        if not pricing.is_refused:
            sold = [SoldLine(line.product.code, line.amount.amount, line.offered) for line in pricing.lines]
            margins[number] = sum_margins(sold, rates[each.expires_on], reduction=0)
    return margins
