"""What a renewal costs on later days: with each published price list that takes effect before the support expires."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from pricing.engine.pricing import RenewalPricing
from pricing.engine.renewal import price_renewal
from pricing.loader import load_prices_of_days
from pricing.models import PriceList
from pricing.queries import published_lists


@dataclass(frozen=True, slots=True)
class Later:
    """The same renewal on the first day of a published list."""

    price_list: PriceList
    pricing: RenewalPricing


def first_expiry(pricing: RenewalPricing) -> date | None:
    """The earliest last day of support among what is renewed; None: nothing is."""
    renewed = [choice.holding for choice in pricing.request.holdings if choice.renewal_quantity]
    return min((holding.support_expires_on for holding in renewed), default=None)


def price_later(pricing: RenewalPricing) -> Sequence[Later]:
    """On the first day of each published list after the quote's day and until the first expiry, that day included:
    whoever waits until then pays those prices. No query where nothing is renewed, else one; three where there are
    such lists.
    """
    request, expiry = pricing.request, first_expiry(pricing)
    if expiry is None or expiry <= request.on:
        return ()
    coming = [one for one in published_lists() if request.on < one.effective_on <= expiry]
    if not coming:
        return ()
    prices = load_prices_of_days(days=[one.effective_on for one in coming])
    return [
        Later(one, price_renewal(replace(request, on=one.effective_on), prices[one.effective_on].tables))
        for one in coming
    ]
