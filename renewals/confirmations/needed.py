"""What a customer answers that they need, as one value: stored with the answer, read when a quote is made of it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from pricing.engine.values import LEAST_YEARS, MOST_YEARS

from ..asked import STRICT, AskedAddition, AskedHolding, AskedPart, Code, NotReadable, Whole

MOST_NEEDED = 9_999_999
Quantity = Annotated[int, Field(ge=0, le=MOST_NEEDED)]


@dataclass(frozen=True, slots=True)
class NeededHolding:
    """A holding as the page showed it, and how many licenses of it are needed from its expiry on."""

    __pydantic_config__ = STRICT

    holding: Whole
    """The number of its row."""
    product: Code
    quantity: Whole
    """The held quantity that was shown."""
    support_expires_on: date
    needed: Quantity
    """As many as held: kept. Fewer, more; 0: not needed any more."""


@dataclass(frozen=True, slots=True)
class NeededPart:
    """What is needed of one license ID."""

    __pydantic_config__ = STRICT

    licenseid: Whole
    """The number of its row: a code may be corrected later."""
    holdings: Annotated[tuple[NeededHolding, ...], Field(max_length=1000)]
    years: Annotated[int, Field(ge=LEAST_YEARS, le=MOST_YEARS)] | None = None
    """None: the customer has not said."""


@dataclass(frozen=True, slots=True)
class Needed:
    """All that one answer says of quantities and terms."""

    __pydantic_config__ = STRICT

    parts: Annotated[tuple[NeededPart, ...], Field(min_length=1, max_length=100)]
    format: Literal[1] = 1


ADAPTER = TypeAdapter(Needed)


def to_json(needed: Needed) -> dict[str, Any]:
    """As it is stored: days as `2027-03-31`."""
    stored: dict[str, Any] = ADAPTER.dump_python(needed, mode="json")
    return stored


def from_json(stored: Any) -> Needed:
    """The value that `to_json` stored. Raises NotReadable."""
    try:
        return ADAPTER.validate_json(json.dumps(stored))
    except ValidationError as error:
        raise NotReadable(str(error)) from error


def still_meant(needed: NeededPart | None, *, held: Iterable[AskedHolding]) -> NeededPart | None:
    """What a customer answered, while something is held of which they spoke: an answer is about one expiry."""
    days = {(row.holding, row.support_expires_on) for row in held}
    spoken = needed and any((row.holding, row.support_expires_on) in days for row in needed.holdings)
    return needed if spoken else None


def wanted_part(needed: NeededPart | None, *, license_id: str, held: Iterable[AskedHolding]) -> AskedPart:
    """What is asked for of a license ID's holdings of today, as the customer answered; None: all as held, one year.

    Fewer is a reduced renewal (R12), more an addition of the same product (R11), 0 discontinues (R3). What was to be
    kept is kept as it is held by now; what is held since the answer, or expires on another day since, is left out until
    somebody chooses it.
    """
    held = tuple(held)
    if needed is None:
        kept = tuple(replace(row, renewal_quantity=row.quantity) for row in held)
        return AskedPart(license_id, years=LEAST_YEARS, is_reduced=False, holdings=kept)
    answered = {row.holding: row for row in needed.holdings}
    holdings: list[AskedHolding] = []
    added: dict[str, int] = {}
    for row in held:
        answer = answered.get(row.holding)
        if answer is None or answer.support_expires_on != row.support_expires_on:
            holdings.append(row)
            continue
        wanted = row.quantity if answer.needed == answer.quantity else answer.needed
        holdings.append(replace(row, renewal_quantity=min(wanted, row.quantity)))
        if wanted > row.quantity:
            added[row.product] = added.get(row.product, 0) + wanted - row.quantity
    return AskedPart(
        license_id,
        years=needed.years or LEAST_YEARS,
        is_reduced=any(row.renewal_quantity is not None and row.renewal_quantity < row.quantity for row in holdings),
        holdings=tuple(holdings),
        additions=tuple(AskedAddition(product, quantity) for product, quantity in added.items()),
    )
