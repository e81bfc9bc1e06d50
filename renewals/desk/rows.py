"""Rows of the desk, made of what is known (`.facts`). Writes nothing."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from ..models import STAGES, DeskRow, Stage
from .amounts import Amounts
from .facts import Renewal, renewals_of
from .stages import alters_on, stage_of, step_of

MOST_HELD = 6
"""Products that a row names."""


class Row(NamedTuple):
    """What a `DeskRow` holds, column by column. Of a million no models are made: they take as long as all else."""

    licenseid_id: int
    expires_on: date
    reseller_id: int
    customer_id: int
    owner_id: int | None
    code: str
    customer_name: str
    customer_order: str
    stage: str
    stage_place: int
    amount: int | None
    amount_problem: str
    held: str
    held_count: int
    programmes: str
    search_key: str
    search_pairs: str
    step: str
    step_on: date | None
    moved_at: datetime | None
    movement: str
    quote_key: str
    quote_number: str
    draft_key: str
    follow_up_on: date | None
    note: str
    declined_reason: str
    alters_on: date | None


COLUMNS = Row._fields


def rows_of(numbers: Collection[int], *, on: date) -> list[DeskRow]:
    """The rows of license IDs, by their numbers, as they are to be on a day; unsaved. A fixed number of queries."""
    return [DeskRow(**row._asdict()) for row in values_of(numbers, on=on)]


def values_of(numbers: Collection[int], *, on: date) -> list[Row]:
    """The same, without a model."""
    renewals = renewals_of(numbers, on=on)
    amounts = Amounts(renewals)
    return [_row_of(one, amounts) for one in renewals]


def _row_of(one: Renewal, amounts: Amounts) -> Row:
    customer, facts, entry = one.licenseid.customer, one.facts, one.entry
    stage = stage_of(facts)
    step, step_on = step_of(facts, stage)
    amount, problem = amounts.of(one)
    quote = facts.ordered or (facts.carried_out if stage == Stage.DONE else None) or facts.best or facts.last
    held = [(row.product.pk, row.quantity) for row in one.held] or one.before
    programmes = sorted({row.product.programme_id for row in one.held} or one.programmes_before)
    return Row(
        licenseid_id=one.licenseid.pk,
        expires_on=one.expires_on,
        reseller_id=customer.reseller_id,
        customer_id=customer.pk,
        owner_id=customer.owner_id,
        code=one.licenseid.code,
        customer_name=customer.name,
        customer_order=f"{customer.kana or customer.name} {customer.name}"[:401],
        stage=stage,
        stage_place=STAGES.index(stage),
        amount=amount,
        amount_problem=problem,
        held=" ".join(f"{product}:{quantity}" for product, quantity in sorted(held, key=_largest)[:MOST_HELD]),
        held_count=len(held),
        programmes="".join(f" {number} " for number in programmes)[:300],
        search_key=one.search_key,
        search_pairs=" ".join(sorted(pairs_of(one.search_key))),
        step=step,
        step_on=step_on,
        moved_at=one.moved_at,
        movement=one.movement,
        quote_key=quote.key if quote else "",
        quote_number=quote.number if quote else "",
        draft_key=one.draft_key,
        follow_up_on=entry.follow_up_on if entry else None,
        note=entry.note if entry else "",
        declined_reason=entry.declined_reason if entry else "",
        alters_on=alters_on(facts, stage),
    )


def _largest(one: tuple[int, int]) -> tuple[int, int]:
    return -one[1], one[0]


def pairs_of(text: str) -> set[str]:
    """Every two characters that follow one another in a word: what is longer is found only where all its pairs are."""
    return {word[at : at + 2] for word in text.split() for at in range(len(word) - 1)}
