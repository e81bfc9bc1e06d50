"""Offers of many quotes at once: each is checked as if it were alone, and what they have in common is read once."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from licensing.models import LicenseID, Product, User
from pricing.engine.values import Product as EngineProduct
from pricing.loader import Prices
from quotes.record.keep import find_alike
from quotes.record.offers import Offer
from quotes.record.refusals import IssuedAlike

from ..asked import Asked, product_codes
from ..calculation.calculate import Calculation, Elsewhere, calculate_with
from ..calculation.sentences import sentence_marks
from ..refusals import CannotBePrinted, ContactGone, NeedsApproval, NotAcknowledged, PriceChanged, QuoteRefused
from .approved import Requests
from .operations import Priced, Read, ReadBy, make_offer, refuse_unseen
from .thresholds import Rates


@dataclass(frozen=True)
class Common:
    """What many are priced with on a day."""

    on: date
    prices: Prices
    products: Mapping[str, Product]
    """Rows by code: all that is held or added."""
    values: Mapping[str, EngineProduct]
    """The same as the engine sees them."""
    elsewhere: Elsewhere

    def calculate(self, asked: Asked, licenseids: Sequence[LicenseID]) -> Calculation:
        """What one of them costs. No query."""
        return calculate_with(
            asked=asked,
            customer=licenseids[0].customer,
            on=self.on,
            prices=self.prices,
            products=self.values,
            elsewhere=self.elsewhere,
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """One quote that somebody reviewed and wants issued."""

    key: uuid.UUID
    licenseids: Sequence[LicenseID]
    asked: Asked
    seen_total: int
    """Yen with tax, as it was reviewed."""
    read: Mapping[Read, ReadBy]
    again: bool = False
    """A second quote of the same content on one day is meant."""


Refusal = QuoteRefused | NotAcknowledged | PriceChanged | CannotBePrinted | ContactGone | NeedsApproval | IssuedAlike


def make_offers(
    *, wishes: Sequence[Wish], common: Common, requests: Requests, rates: Rates, by: User, now: datetime
) -> tuple[list[Offer], dict[uuid.UUID, Refusal]]:
    """What can be kept of them, and why the others cannot, by their keys. In the transaction of a caller that waited
    for its turn, looked whether the keys are free, and loaded all of it since. `requests` for approval and cost `rates`
    of where the reseller has thresholds.
    """
    offers: list[Offer] = []
    refused: dict[uuid.UUID, Refusal] = {}
    for wish in wishes:
        try:
            offers.append(_offer(wish, common, by, now, requests, rates))
        except (QuoteRefused, NotAcknowledged, PriceChanged, CannotBePrinted, ContactGone, NeedsApproval) as refusal:
            refused[wish.key] = refusal
    meant = {wish.key for wish in wishes if wish.again}
    once = [offer for offer in offers if offer.key not in meant]
    alike = find_alike(once) if once else {}
    refused |= {key: IssuedAlike(quote) for key, quote in alike.items()}
    return [offer for offer in offers if offer.key not in alike], refused


def _offer(wish: Wish, common: Common, by: User, now: datetime, requests: Requests, rates: Rates) -> Offer:
    calculation = common.calculate(wish.asked, wish.licenseids)
    read = dict(_still_read(calculation, wish.read))
    refuse_unseen(calculation, seen_total=wish.seen_total, read=read)
    products = {code: common.products[code] for code in product_codes(wish.asked)}
    priced = Priced(wish.key, wish.licenseids, wish.asked, products, calculation, revises=None)
    return make_offer(priced, by=by, now=now, read=read, requests=requests, rates=rates)


def _still_read(calculation: Calculation, read: Mapping[Read, ReadBy]) -> Iterator[tuple[Read, ReadBy]]:
    """Ticks beside which the same sentences would stand now."""
    for part in calculation.pricing.parts:
        for code, mark in sentence_marks(part.warnings).items():
            one = (part.request.license_id, code)
            if one in read and read[one].mark == mark:
                yield one, read[one]


def day_of(now: datetime) -> date:
    """The day in Japan."""
    return now.astimezone(timezone.get_default_timezone()).date()
