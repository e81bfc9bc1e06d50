"""What a renewal would cost: all that expires renewed as held for one year, by the list in force on that day (R13)."""

from collections.abc import Collection
from datetime import date

from licensing.models import Holding as HoldingRow
from pricing.engine.renewal import price_renewal
from pricing.engine.values import ANYBODY, Holding, HoldingChoice, Product, RenewalRequest
from pricing.loader import Prices, load_prices_of_days, product_value

from .facts import Renewal

YEARS = 1


class Amounts:
    """Of some renewals: the prices of all their days are read at once."""

    def __init__(self, renewals: Collection[Renewal]) -> None:
        self._prices: dict[date, Prices] = load_prices_of_days(days={one.expires_on for one in renewals if one.held})
        self._products: dict[int, Product] = {}

    def of(self, renewal: Renewal) -> tuple[int | None, str]:
        """Yen, tax excluded; or None, and the code of why it cannot be priced."""
        if not renewal.held:
            return renewal.carried_subtotal, ""
        choices = [
            *(HoldingChoice(self._value(row), row.quantity) for row in renewal.held),
            *(HoldingChoice(self._value(row), None) for row in renewal.others),
        ]
        request = RenewalRequest(
            renewal.licenseid.code, renewal.expires_on, YEARS, False, tuple(choices), customer_segment=ANYBODY
        )
        pricing = price_renewal(request, self._prices[renewal.expires_on].tables)
        return (None, pricing.refusals[0].code) if pricing.is_refused else (pricing.subtotal, "")

    def _value(self, row: HoldingRow) -> Holding:
        if row.product_id not in self._products:
            self._products[row.product_id] = product_value(row.product)
        return Holding(str(row.pk), self._products[row.product_id], row.quantity, row.support_expires_on)
