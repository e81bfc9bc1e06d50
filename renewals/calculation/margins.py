"""What is left of a priced quote for the reseller, before it is issued; more in `pricing.costs.margins`."""

from collections.abc import Mapping

from licensing.models import Reseller
from pricing.costs.margins import MarginTotals, Rate, SoldLine, free_line, sum_margins
from pricing.costs.queries import rates_on
from pricing.engine.quote import QuotePricing


def margins_today(pricing: QuotePricing, *, reseller: Reseller) -> MarginTotals:
    """The margins with the cost rates of the quote's day. One query."""
    codes = {line.product.code for line in pricing.lines}
    return margins_of(pricing, rates_on(reseller=reseller, codes=codes, on=pricing.on))


def margins_of(pricing: QuotePricing, rates: Mapping[str, Rate]) -> MarginTotals:
    """The margins of its lines, in their order, of the reseller's own behind them, and of the whole. `rates` by product
    code.
    """
    sold = [SoldLine(line.product.code, line.amount.amount, line.offered) for line in pricing.lines]
    sold += [free_line(line.amount, line.quantity, line.line.unit_cost) for line in pricing.free_lines]
    return sum_margins(sold, rates, reduction=pricing.reduction)
