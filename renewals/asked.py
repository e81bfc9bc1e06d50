"""What a customer wants of a quote, as one value: kept with drafts, sealed with quotes, priced part by part.

Nothing in it was calculated. Forms end here and prices begin here: whoever makes, revises, copies, compares or prices
a quote speaks `Asked`, and nobody reads what a form sent.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from licensing.models import Holding as HoldingRow
from pricing.engine.values import (
    Addition,
    Holding,
    HoldingChoice,
    OfferedPrice,
    Product,
    QuotedElsewhere,
    RenewalRequest,
    Segment,
    TaxRounding,
)

Whole = Annotated[int, Field(ge=-(2**53), le=2**53)]
"""A number as it was asked for, right or wrong: the rules refuse it, not its form. Every reader of JSON knows it."""
Code = Annotated[str, Field(min_length=1, max_length=40)]
Percent = Annotated[Decimal, Field(max_digits=9, decimal_places=4)]
"""Likewise, as text; the rules want two decimals."""
LONGEST_SUBJECT, LONGEST_NOTE, LONGEST_REASON = 200, 5000, 1000
"""Characters."""
RENEWED_TOGETHER = timedelta(days=90)
"""Holdings that expire within this many days from the day, or first of all, are proposed for renewal."""
STRICT = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True, slots=True)
class AskedOffer:
    """At what a line is offered instead of its list amount (R20): one of the two, right or wrong."""

    __pydantic_config__ = STRICT

    percent: Percent | None = None
    """How much less, in percent."""
    amount: Whole | None = None
    """What the line comes to, in yen, tax excluded."""

    def __post_init__(self) -> None:
        if (self.percent is None) is (self.amount is None):
            raise ValueError("a percentage or an amount, one of the two")


Offered = Annotated[AskedOffer | None, Field(exclude_if=lambda offered: offered is None)]
"""Not there where nothing was said: so it was stored before there were offers."""


@dataclass(frozen=True, slots=True)
class AskedHolding:
    """A holding as it was when it was asked for, and what is wanted of it (R3)."""

    __pydantic_config__ = STRICT

    holding: Whole
    """The number of its row. The row may be another by now, or gone: what counts stands beside."""
    product: Code
    """The product's code."""
    quantity: Whole
    """The held quantity."""
    support_expires_on: date
    """The last day of support, inclusive."""
    renewal_quantity: Whole | None = None
    """None: left out of the quote. 0: discontinued. Else renewed with so many."""
    offered: Offered = None
    """None: at the list amount."""

    @property
    def is_left_out(self) -> bool:
        """Whether it stays as it is; it may count in a rank all the same (R4)."""
        return self.renewal_quantity is None


@dataclass(frozen=True, slots=True)
class AskedAddition:
    """More licenses of a product, held already or not."""

    __pydantic_config__ = STRICT

    product: Code
    quantity: Whole
    offered: Offered = None
    """None: at the list amount."""


@dataclass(frozen=True, slots=True)
class AskedPart:
    """What is wanted of one license ID: it is priced by itself (R16, R18)."""

    __pydantic_config__ = STRICT

    license_id: Code
    """The license ID's code."""
    years: Whole
    is_reduced: bool
    holdings: Annotated[tuple[AskedHolding, ...], Field(max_length=1000)]
    """Every holding of the license ID, also those left out, in the order in which they are quoted."""
    additions: Annotated[tuple[AskedAddition, ...], Field(max_length=100)] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """All that makes a quote, besides prices, the day and the people."""

    __pydantic_config__ = STRICT

    parts: Annotated[tuple[AskedPart, ...], Field(min_length=1, max_length=100)]
    subject: Annotated[str, Field(max_length=LONGEST_SUBJECT)] = ""
    note: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""
    with_calculation: bool = False
    """Whether the PDF gets pages that show the calculation step by step."""
    tax_rounding: TaxRounding = TaxRounding.DOWN
    """The reseller's (R14)."""
    contact: Whole | None = None
    """The number (pk) of the customer's contact to whom the quote is addressed; None: as the customer's data says."""
    reduction: Annotated[Whole, Field(exclude_if=lambda reduction: not reduction)] = 0
    """値引き: yen off the whole quote, tax excluded, beside what the lines are offered at (R20)."""
    offer_reason: Annotated[str, Field(max_length=LONGEST_REASON, exclude_if=lambda reason: not reason)] = ""
    """Why so much is given away. Internal: it never stands in anything that a customer can get."""
    format: Annotated[Literal[1, 2], Field(repr=False)] = field(default=1, compare=False)
    """Of the JSON: whoever changes its shape gives a new number, and reads the old one too. 2 has something offered,
    and is stored only where there is: what is asked for at list prices is stored as it always was.
    """

    @property
    def has_offers(self) -> bool:
        """Whether anything is offered at another price than the list's, or a reason was given for it."""
        offered = [row.offered for part in self.parts for row in part.holdings]
        offered += [row.offered for part in self.parts for row in part.additions]
        return bool(self.reduction or self.offer_reason) or any(one is not None for one in offered)


ADAPTER = TypeAdapter(Asked)


class NotReadable(ValueError):
    """A stored text is no `Asked`. The message names each place and what is wrong there."""


def to_json(asked: Asked) -> dict[str, Any]:
    """As it is stored: days as `2027-03-31`, whole numbers, percentages as text; only offers are left out where there
    are none.
    """
    stored: dict[str, Any] = ADAPTER.dump_python(asked, mode="json")
    return {**stored, "format": 2 if asked.has_offers else 1}


def from_json(stored: Any) -> Asked:
    """The value that `to_json` stored. Raises NotReadable; nothing is guessed and nothing is left over."""
    try:
        text = json.dumps(stored, ensure_ascii=False).encode()
    except (TypeError, UnicodeError) as error:
        raise NotReadable("asked: not a text") from error
    try:
        asked = ADAPTER.validate_json(text)
    except ValidationError as error:
        found = [f"{'.'.join(map(str, one['loc'])) or 'asked'}: {one['msg']}" for one in error.errors()]
        raise NotReadable("; ".join(found)) from error
    if asked.has_offers and asked.format == 1:
        raise NotReadable("format: 1 has no offers")
    return asked


def schema() -> dict[str, Any]:
    """The JSON schema of what is stored."""
    return ADAPTER.json_schema(mode="serialization")


def product_codes(asked: Asked) -> set[str]:
    """The codes of every product that is held or added."""
    held = {row.product for part in asked.parts for row in part.holdings}
    return held | {row.product for part in asked.parts for row in part.additions}


def with_codes(asked: Asked, codes: Mapping[str, str]) -> Asked:
    """The same, where products have another code by now; `codes`: those of now by those of before."""

    def now(product: str) -> str:
        return codes.get(product, product)

    parts = (
        replace(
            part,
            holdings=tuple(replace(row, product=now(row.product)) for row in part.holdings),
            additions=tuple(replace(row, product=now(row.product)) for row in part.additions),
        )
        for part in asked.parts
    )
    return replace(asked, parts=tuple(parts))


def to_requests(
    asked: Asked,
    *,
    on: date,
    products: Mapping[str, Product],
    customer_segment: Segment | None,
    elsewhere: Mapping[int, tuple[QuotedElsewhere, ...]] = MappingProxyType({}),
) -> tuple[RenewalRequest, ...]:
    """What the engine prices, a request for each license ID.

    A holding's key is its row's number; an addition's is `added-0`, counted through all license IDs, so that each is
    there once in the whole quote. `on` is the quote's date in Japan; `products` are engine values by code; `elsewhere`
    are other quotes by holding (R22), none where only the price is asked. Raises KeyError for a code that is none of
    the products.
    """
    requests, first = [], 0
    for part in asked.parts:
        requests.append(_to_request(part, first, on, products, asked.tax_rounding, customer_segment, elsewhere))
        first += len(part.additions)
    return tuple(requests)


def _to_request(
    part: AskedPart,
    first_addition: int,
    on: date,
    products: Mapping[str, Product],
    tax_rounding: TaxRounding,
    customer_segment: Segment | None,
    elsewhere: Mapping[int, tuple[QuotedElsewhere, ...]],
) -> RenewalRequest:
    return RenewalRequest(
        license_id=part.license_id,
        on=on,
        years=part.years,
        is_reduced=part.is_reduced,
        holdings=tuple(
            HoldingChoice(
                Holding(str(row.holding), products[row.product], row.quantity, row.support_expires_on),
                row.renewal_quantity,
                elsewhere.get(row.holding, ()),
                _price_of(row.offered),
            )
            for row in part.holdings
        ),
        additions=tuple(
            Addition(f"added-{position}", products[row.product], row.quantity, _price_of(row.offered))
            for position, row in enumerate(part.additions, start=first_addition)
        ),
        tax_rounding=tax_rounding,
        customer_segment=customer_segment,
    )


def _price_of(offered: AskedOffer | None) -> OfferedPrice | None:
    return None if offered is None else OfferedPrice(offered.percent, offered.amount)


def held_of(rows: Iterable[HoldingRow]) -> list[AskedHolding]:
    """Holdings as they are now, with their products loaded; all are left out of the quote."""
    return [AskedHolding(row.pk, row.product.code, row.quantity, row.support_expires_on) for row in rows]


def first_part(license_id: str, held: Sequence[AskedHolding], *, on: date, years: int = 1) -> AskedPart:
    """What is proposed for a license ID: everything that expires now is renewed as held, nothing is reduced."""
    first = min((row.support_expires_on for row in held), default=on)
    last = max(first, on + RENEWED_TOGETHER)
    return AskedPart(
        license_id=license_id,
        years=years,
        is_reduced=False,
        holdings=tuple(
            replace(row, renewal_quantity=row.quantity if row.support_expires_on <= last else None) for row in held
        ),
    )


def fit(part: AskedPart, *, held: Iterable[AskedHolding]) -> AskedPart:
    """What was asked for, of the holdings of today: for a revision or a copy.

    Holdings that are gone are dropped; new ones are left out of the quote until somebody chooses them. What was renewed
    with all that was held is renewed with all that is held now; a quantity that was reduced stays, and so does at what
    it is offered.
    """
    before = {row.holding: row for row in part.holdings}
    return replace(part, holdings=tuple(_fit_holding(before.get(row.holding), row) for row in held))


def _fit_holding(before: AskedHolding | None, now: AskedHolding) -> AskedHolding:
    if before is None or before.renewal_quantity is None:
        return replace(now, renewal_quantity=None)
    is_whole = before.renewal_quantity == before.quantity
    quantity = now.quantity if is_whole else before.renewal_quantity
    return replace(now, renewal_quantity=quantity, offered=before.offered)
