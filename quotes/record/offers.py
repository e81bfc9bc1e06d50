"""What crosses from what is wanted to what was offered: a quote that is whole but for its number, and its rows."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from foundation.integrity import canonical_json
from licensing.models import Customer, LicenseID, Product, User
from pricing.models import PriceList

from ..models import CODES_BETWEEN, Alternative, Quote, QuotedHolding, QuoteLine, QuoteOrigin, QuotePart
from ..paper import Document


@dataclass(frozen=True, slots=True)
class OfferedHolding:
    """A holding that is renewed or discontinued, and from when until when (R2, R22)."""

    holding: int
    """The number of its row."""
    term_from: date
    term_until: date | None
    """None: it is discontinued, without an end."""


@dataclass(frozen=True, slots=True)
class OfferedPart:
    """One license ID of an offer, as it was priced by itself (R16, R18)."""

    licenseid: LicenseID
    years: int
    is_reduced: bool
    subtotal: int
    """Yen, tax excluded."""
    holdings: tuple[OfferedHolding, ...] = ()
    """What is renewed or discontinued of what it holds."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A quote that is whole but for its number: what was asked, what the paper says, and how it was calculated."""

    key: uuid.UUID
    """One key, one quote."""
    parts: tuple[OfferedPart, ...]
    """Their license IDs are loaded with customer and reseller, and all of one customer."""
    document: Document
    """All that the PDF shows, without number and check code: lines, days, amounts."""
    asked: Mapping[str, Any]
    """What the customer wants, as JSON; it is sealed and not read here."""
    explain: Callable[[], Sequence[Mapping[str, Any]]]
    """Every step of the calculation in both languages: `[{license_id, key, steps: [{rule, step, en, ja, result}]}]`.
    Only what is kept is asked for it, while its PDF is drawn.
    """
    acknowledged: Sequence[Mapping[str, Any]]
    """The warnings that were read (R17): `{license_id, code, rule, en, ja, by, by_name, at}`."""
    price_list: PriceList
    products: Mapping[str, Product]
    """Those of the lines, by code."""
    retain_until: date
    """The last day on which nobody may delete the record."""
    revises: Quote | None
    """The quote that it takes the place of, under the same number."""
    alternative: Alternative | None = None
    """Of a comparison, from which it is made; loaded with the comparison."""
    approval: Mapping[str, Any] | None = None
    """Who approved it, when, which thresholds it passes, and the rounds before: JSON for the log; None: not asked."""
    own_costs: Sequence[int | None] = ()
    """What one of each of the reseller's own lines costs it (R23), in their order: kept with the margin alone."""

    @property
    def customer(self) -> Customer:
        return self.parts[0].licenseid.customer

    @property
    def licenseids(self) -> list[LicenseID]:
        return [part.licenseid for part in self.parts]


def quote_row(offer: Offer, document: Document, *, check_code: str, by: User, now: datetime) -> Quote:
    """The record, not saved yet. `document` has its number."""
    number = str(document["number"])
    month, sequence, revision = number[1:].split("-")
    return Quote(
        key=offer.key,
        reseller=offer.customer.reseller,
        customer=offer.customer,
        price_list=offer.price_list,
        issued_by=by,
        month=month,
        sequence=int(sequence),
        revision=int(revision),
        number=number,
        revises=offer.revises,
        check_code=check_code,
        issued_at=now,
        issued_on=date.fromisoformat(document["issued_on"]),
        valid_until=date.fromisoformat(document["valid_until"]),
        retain_until=offer.retain_until,
        customer_name=offer.customer.name,
        license_codes=CODES_BETWEEN.join(one.code for one in offer.licenseids),
        issued_by_name=by.name,
        subject=document["subject"],
        is_sample=document["is_sample"],
        subtotal=document["subtotal"],
        tax=document["tax"],
        total=document["total"],
        asked=canonical_json(offer.asked),
        document=document,
        acknowledged=offer.acknowledged,
        trace=offer.explain(),
    )


def part_rows(quote: Quote, offer: Offer) -> list[QuotePart]:
    """Its license IDs."""
    return [
        QuotePart(
            quote=quote,
            position=position,
            licenseid=part.licenseid,
            license_code=part.licenseid.code,
            years=part.years,
            is_reduced=part.is_reduced,
            subtotal=part.subtotal,
        )
        for position, part in enumerate(offer.parts, start=1)
    ]


def line_rows(quote: Quote, offer: Offer, parts: Sequence[QuotePart]) -> list[QuoteLine]:
    """Its lines, once its license IDs are saved."""
    part_of = {part.license_code: part for part in parts}
    return [
        QuoteLine(
            quote=quote,
            part=part_of[line["license_id"]],
            position=position,
            kind=line["kind"],
            product=offer.products[line["product_code"]],
            product_code=line["product_code"],
            product_name=line["product_name"],
            unit=line["unit"],
            held_quantity=line["held_quantity"],
            quantity=line["quantity"],
            rank=line["rank"],
            renewal_price=line["renewal_price"],
            addition_price=line["addition_price"],
            years=line["years"],
            discount_percent=line["discount_percent"],
            amount=line["amount"],
            support_expires_on=line["support_expires_on"],
            term_from=line["term_from"],
            term_until=line["term_until"],
        )
        for position, line in enumerate(offer.document["lines"], start=1)
    ]


def holding_rows(quote: Quote, offer: Offer, parts: Sequence[QuotePart]) -> list[QuotedHolding]:
    """What it settles of the holdings (R22), once its license IDs are saved."""
    return [
        QuotedHolding(quote=quote, part=row, holding=one.holding, term_from=one.term_from, term_until=one.term_until)
        for row, part in zip(parts, offer.parts, strict=True)
        for one in part.holdings
    ]


def origin_row(quote: Quote, offer: Offer) -> QuoteOrigin | None:
    """From which alternative it is made, if from one; not saved yet."""
    if (alternative := offer.alternative) is None:
        return None
    is_as_compared = quote.asked == alternative.asked and quote.total == alternative.total
    return QuoteOrigin(quote=quote, alternative=alternative, is_as_compared=is_as_compared)


def told_of_origin(alternative: Alternative, *, is_as_compared: bool) -> dict[str, Any]:
    """What the log's entry of the issue says of it."""
    return {
        "comparison": alternative.comparison.number,
        "alternative": alternative.letter,
        "is_as_compared": is_as_compared,
    }
