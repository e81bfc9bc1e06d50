"""Make a comparison: every alternative is priced anew, put on one paper, and crosses to the records."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from foundation.transactions import one_transaction
from licensing.models import Customer, LicenseID, User
from licensing.operations.turns import wait_and_look
from licensing.queries import products_by_code
from pricing.engine.quote import QuotePricing
from pricing.engine.rules.r02_support_period import last_day
from quotes.models import FEWEST_ALTERNATIVES, MOST_ALTERNATIVES, Comparison
from quotes.record.clock import refuse_earlier_day
from quotes.record.comparisons import Compared, ComparedAlternative, keep_comparison

from ..asked import Asked, product_codes, to_json
from ..calculation.calculate import calculate
from ..issue.operations import contact_of
from ..issue.printing import find_unprintable, refuse_unprintable
from ..issue.thresholds import LINE_MARGIN, QUOTE_MARGIN, REDUCTION, passed_thresholds
from ..models import ApprovalRequest
from ..refusals import PriceChanged, QuoteRefused
from .document import Priced, build_comparison


@dataclass(frozen=True)
class Wanted:
    """One alternative, as it was chosen."""

    label: str
    asked: Asked
    seen_total: int
    """Yen with tax, as it was on screen."""


PROMISED = (REDUCTION, LINE_MARGIN, QUOTE_MARGIN)
"""Thresholds that keep an alternative from a customer."""


class HoldingsDiffer(Exception):
    """What is held is not what the alternatives were made of any more."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


class NotApproved(Exception):
    """An alternative gives away more than the reseller's threshold, and nobody approved it as it is (R20)."""


@one_transaction
def make_comparison(
    *, key: uuid.UUID, licenseids: Sequence[LicenseID], alternatives: Sequence[Wanted], by: User, now: datetime
) -> Comparison:
    """Make one with its number and PDF, all or nothing. `licenseids` are those of each alternative's parts, in their
    order, of one customer, loaded with it, its reseller and their holdings. The same key is the same comparison.

    Raises QuoteRefused, PriceChanged, NotApproved, HoldingsDiffer, CannotBePrinted, ContactGone, ClockBehind,
    ChangedHands, FormKeyTaken where the key is another customer's, DrawingFailed; then nothing was written.
    """
    if not FEWEST_ALTERNATIVES <= len(alternatives) <= MOST_ALTERNATIVES:
        raise ValueError("two to six alternatives are compared")
    codes = [one.code for one in licenseids]
    if any([part.license_id for part in one.asked.parts] != codes for one in alternatives):
        raise ValueError("the alternatives are not of these license IDs")
    wait_and_look(licenseids)
    customer = licenseids[0].customer
    refuse_earlier_day(reseller=customer.reseller, now=now)
    _refuse_other_holdings(licenseids, alternatives)
    on = now.astimezone(timezone.get_default_timezone()).date()
    wanted = {code for one in alternatives for code in product_codes(one.asked)}
    products = {row.code: row for row in products_by_code(wanted).values()}
    priced = []
    for one in alternatives:
        calculation = calculate(asked=one.asked, customer=customer, on=on, products=products.values())
        if calculation.pricing.is_refused:
            raise QuoteRefused(calculation)
        if calculation.pricing.total != one.seen_total:
            raise PriceChanged(calculation)
        _refuse_unapproved(one.asked, calculation.pricing, customer)
        priced.append(Priced(one.label, one.asked, calculation))
    contact = contact_of(alternatives[0].asked, customer)
    document = build_comparison(alternatives=priced, customer=customer, contact=contact, made_by=by, now=now)
    price_list = priced[0].calculation.prices.price_list
    if price_list is None:
        raise ValueError("A comparison without a price list was not refused.")
    typed = {"subject": alternatives[0].asked.subject}
    typed |= {f"label-{number}": one.label for number, one in enumerate(alternatives)}
    places = find_unprintable(
        licenseids=licenseids, products=products.values(), price_list=price_list, by=by, contact=contact, typed=typed
    )
    refuse_unprintable(document, places)
    compared = Compared(
        key=key,
        licenseids=licenseids,
        alternatives=[
            ComparedAlternative(
                one.label,
                to_json(one.asked),
                one.calculation.pricing.subtotal,
                one.calculation.pricing.tax,
                one.calculation.pricing.total,
            )
            for one in priced
        ],
        document=document,
        price_list=price_list,
        retain_until=last_day(on, settings.RETENTION_YEARS),
    )
    return keep_comparison(compared=compared, by=by, now=now)


def _refuse_unapproved(asked: Asked, pricing: QuotePricing, customer: Customer) -> None:
    """What is shown to a customer is promised: no less is needed than for the quote. An amount alone promises nothing
    that the list does not say.
    """
    if all(passed["kind"] not in PROMISED for passed in passed_thresholds(customer.reseller, pricing)):
        return
    approved = ApprovalRequest.objects.filter(
        state=ApprovalRequest.State.APPROVED, reseller=customer.reseller, customer=customer, total=pricing.total
    )
    if all(stored != to_json(asked) for stored in approved.values_list("asked", flat=True)):
        raise NotApproved


def _refuse_other_holdings(licenseids: Sequence[LicenseID], alternatives: Sequence[Wanted]) -> None:
    held = {
        one.code: {(row.pk, row.quantity, row.support_expires_on) for row in one.holdings.all()} for one in licenseids
    }
    asked = {
        part.license_id: {(row.holding, row.quantity, row.support_expires_on) for row in part.holdings}
        for one in alternatives
        for part in one.asked.parts
    }
    if differing := [code for code, rows in held.items() if asked[code] != rows]:
        raise HoldingsDiffer(differing)
