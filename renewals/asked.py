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
    FreeLine,
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
LONGEST_SUBJECT, LONGEST_NOTE, LONGEST_REASON, LONGEST_TERM_TEXT, LONGEST_DESCRIPTION = 200, 5000, 1000, 200, 200
"""Characters."""
MOST_FREE_LINES = 50


def _unless(nothing: Any) -> Any:
    """Not there where nothing was said: so it was stored before there was such a thing."""
    return Field(exclude_if=lambda value: value == nothing)


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


Offered = Annotated[AskedOffer | None, _unless(None)]


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
class AskedFreeLine:
    """A line of the reseller's own, such as 設定作業費, right or wrong (R23)."""

    __pydantic_config__ = STRICT

    description: Annotated[str, Field(min_length=1, max_length=LONGEST_DESCRIPTION)]
    quantity: Whole
    unit: Annotated[str, Field(max_length=40)]
    """式, 回, 時間 …; may be empty."""
    price: Whole
    """Of one, in yen, tax excluded."""
    tax_category: Code
    unit_cost: Annotated[Whole | None, Field(exclude=True)] = field(default=None, compare=False, repr=False)
    """What one costs the reseller itself, in yen, tax excluded; None: not known. Never part of the JSON, so of no
    record, paper or file: see `renewals/calculation/own_costs.py`.
    """


@dataclass(frozen=True, slots=True)
class AskedTerms:
    """What a quote says instead of the reseller's standing texts; empty or None: what the reseller says."""

    __pydantic_config__ = STRICT

    payment_terms: Annotated[str, Field(max_length=LONGEST_TERM_TEXT)] = ""
    """お支払条件."""
    delivery: Annotated[str, Field(max_length=LONGEST_TERM_TEXT)] = ""
    """納期・納品方法."""
    remarks: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""
    """備考, in the place of the standing ones. The note to the customer stands beside it."""
    valid_until: date | None = None
    """The last day of its validity, which R15 may end earlier. One of the two is said, or none."""
    valid_days: Whole | None = None
    """The same in days after the issue."""

    def __post_init__(self) -> None:
        if self.valid_until is not None and self.valid_days is not None:
            raise ValueError("a last day or a number of days, one of the two")


NO_TERMS = AskedTerms()


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
    reduction: Annotated[Whole, _unless(0)] = 0
    """値引き: yen off the whole quote, tax excluded, beside what the lines are offered at (R20)."""
    offer_reason: Annotated[str, Field(max_length=LONGEST_REASON), _unless("")] = ""
    """Why so much is given away. Internal: it never stands in anything that a customer can get."""
    free_lines: Annotated[tuple[AskedFreeLine, ...], Field(max_length=MOST_FREE_LINES), _unless(())] = ()
    """Beside the licenses (R23)."""
    terms: Annotated[AskedTerms, _unless(NO_TERMS)] = NO_TERMS
    says_costs: Annotated[bool, Field(exclude=True)] = field(default=False, compare=False, repr=False)
    """Whether its free lines say all that is known of their costs. Not part of the JSON either."""
    format: Annotated[Literal[1, 2, 3], Field(repr=False)] = field(default=1, compare=False)
    """Of the JSON: whoever changes its shape gives a new number, and reads the old ones too. 2 has something offered, 3
    has free lines or terms of its own, perhaps beside offers; each is stored only where there is such a thing: what is
    asked for at list prices and in the standing words is stored as it always was.
    """

    @property
    def needed_format(self) -> Literal[1, 2, 3]:
        """The first format that can say this."""
        if self.free_lines or self.terms != NO_TERMS:
            return 3
        return 2 if self.has_offers else 1

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
    """As it is stored: days as `2027-03-31`, whole numbers, percentages as text; only offers, free lines and terms are
    left out where there are none.
    """
    stored: dict[str, Any] = ADAPTER.dump_python(asked, mode="json")
    return {**stored, "format": asked.needed_format}


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
    if asked.format < asked.needed_format:
        has_not = "offers" if asked.needed_format == 2 else "free lines or terms"
        raise NotReadable(f"format: {asked.format} has no {has_not}")
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


def free_lines_of(asked: Asked) -> tuple[FreeLine, ...]:
    """What the engine sums and taxes beside the licenses; a line's key is its position, from 0 (R23)."""
    return tuple(
        FreeLine(str(position), row.description, row.quantity, row.price, row.tax_category, row.unit_cost)
        for position, row in enumerate(asked.free_lines)
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
