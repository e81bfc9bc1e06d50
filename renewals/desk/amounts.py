"""What a renewal would cost: all that expires renewed as held for one year, by the list in force on that day (R13)."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol

from licensing.models import Holding as HoldingRow
from licensing.models import LicenseID
from pricing.engine.pricing import RenewalPricing
from pricing.engine.renewal import price_renewal
from pricing.engine.values import ANYBODY, Holding, HoldingChoice, Product, RenewalRequest
from pricing.loader import Prices, load_prices_of_days, product_value

from .facts import Held, Licensed, Renewal

YEARS = 1


class Expiring(Protocol):
    """What of a renewal is priced."""

    @property
    def licenseid(self) -> LicenseID | Licensed: ...
    @property
    def expires_on(self) -> date: ...
    @property
    def held(self) -> Sequence[HoldingRow | Held]:
        """What expires then."""

    @property
    def others(self) -> Sequence[HoldingRow | Held]:
        """All else that the license ID holds: it counts for ranks."""


class Amounts:
    """Of some renewals: the prices of all their days are read at once."""

    def __init__(self, renewals: Collection[Expiring]) -> None:
        self._prices: dict[date, Prices] = load_prices_of_days(days={one.expires_on for one in renewals if one.held})
        self._products: dict[int, Product] = {}

    def of(self, renewal: Renewal) -> tuple[int | None, str]:
        """Yen, tax excluded; or None, and the code of why it cannot be priced."""
        if not renewal.held:
            return renewal.carried_subtotal, ""
        pricing = self.pricing_of(renewal)
        return (None, pricing.refusals[0].code) if pricing.is_refused else (pricing.subtotal, "")

    def pricing_of(self, renewal: Expiring) -> RenewalPricing:
        """Of one of them that still holds what expires."""
        choices = [
            *(HoldingChoice(self._value(row), row.quantity) for row in renewal.held),
            *(HoldingChoice(self._value(row), None) for row in renewal.others),
        ]
        request = RenewalRequest(
            renewal.licenseid.code, renewal.expires_on, YEARS, False, tuple(choices), customer_segment=ANYBODY
        )
        return price_renewal(request, self._prices[renewal.expires_on].tables)

    def _value(self, row: HoldingRow | Held) -> Holding:
        product = self._products.get(row.product.pk)
        if product is None:
            product = self._products[row.product.pk] = product_value(row.product)
        return Holding(str(row.pk), product, row.quantity, row.support_expires_on)
