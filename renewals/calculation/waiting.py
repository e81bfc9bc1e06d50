"""What a renewal costs on later days: from each day on which its price may change before the support expires."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pricing.engine.pricing import RenewalPricing
from pricing.engine.renewal import price_renewal
from pricing.loader import load_prices_of_days
from pricing.models import PriceList
from pricing.queries import published_lists


@dataclass(frozen=True, slots=True)
class Later:
    """The same renewal on a later day."""

    day: date
    price_list: PriceList | None
    """The published list that takes effect on it; None: something that is left out has expired the day before (R4)."""
    pricing: RenewalPricing


def first_expiry(pricing: RenewalPricing) -> date | None:
    """The earliest last day of support among what is renewed; None: nothing is."""
    renewed = [choice.holding for choice in pricing.request.holdings if choice.renewal_quantity]
    return min((holding.support_expires_on for holding in renewed), default=None)


def price_later(pricing: RenewalPricing) -> Sequence[Later]:
    """From which days on it costs something else, after the quote's day and until the first expiry, that day included:
    whoever waits until then pays that. On the first day of each published list; and when what is left out counts no
    more, where that changes the sum.

    No query where nothing is renewed, else one; three where there are such days.
    """
    request, expiry = pricing.request, first_expiry(pricing)
    if expiry is None or expiry <= request.on:
        return ()
    lists = {one.effective_on: one for one in published_lists() if request.on < one.effective_on <= expiry}
    dropped = {one.support_expires_on + timedelta(days=1) for one in pricing.counted_left_out}
    days = sorted({*lists, *(day for day in dropped if day <= expiry)})
    if not days:
        return ()
    prices = load_prices_of_days(days=days)
    found, before = [], pricing
    for day in days:
        then = price_renewal(replace(request, on=day), prices[day].tables)
        if day in lists or _sum_of(then) != _sum_of(before):
            found.append(Later(day, lists.get(day), then))
        before = then
    return found


def _sum_of(pricing: RenewalPricing) -> int | None:
    return None if pricing.is_refused else pricing.subtotal
