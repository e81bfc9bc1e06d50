"""Small license IDs and price lists by the dozen, from a number: few quantities, so that all of them can be priced."""

import random
from datetime import date, timedelta
from decimal import Decimal
from itertools import product as every
from typing import NamedTuple

from pricing.advice.surface import Surface
from pricing.engine.renewal import price_renewal
from pricing.engine.values import (
    Addition,
    Holding,
    HoldingChoice,
    PriceRank,
    PriceTable,
    PriceTables,
    Product,
    Programme,
    RankBasis,
    RenewalRequest,
)

ON = date(2027, 1, 15)
EXPIRIES = [ON - timedelta(days=20), ON, ON + timedelta(days=30), ON + timedelta(days=60)]
LARGEST_STEP, MOST_HELD = 8, 5


class Case(NamedTuple):
    surface: Surface
    needed: dict[str, int]
    years: int


def random_case(number: int) -> Case:
    """One to three products of one or two programmes, with left-out, expired, discontinued, reduced and added ones."""
    dice = random.Random(number)
    is_tidy = dice.random() < 0.5
    programmes = [
        Programme(
            f"G{place}",
            f"G{place}",
            dice.choice([RankBasis.LARGEST_PRODUCT, RankBasis.LARGEST_PRODUCT, RankBasis.OWN_QUANTITY]),
            most_years=6 if is_tidy else dice.choice([6, 6, 3]),
            late_renewal_days=dice.choice([None, None, 10]),
        )
        for place in range(dice.choice([1, 1, 2]))
    ]
    products = [
        Product(f"P{place}", f"P{place}", dice.choice(programmes), dice.random() < 0.4)
        for place in range(dice.choice([1, 2, 2, 3]))
    ]
    tables = {one.code: _table(dice, one.code, is_tidy=is_tidy) for one in products if is_tidy or dice.random() < 0.95}
    choices, additions = [], []
    for one in products:
        for _ in range(dice.choice([0, 1, 1, 2])):
            held = dice.randint(1, MOST_HELD)
            wanted = dice.choice([held, held, dice.randint(0, held), 0, None])
            key = f"h{len(choices)}"
            expires_on = dice.choice(EXPIRIES[1:] if dice.random() < 0.7 else EXPIRIES)
            choices.append(HoldingChoice(Holding(key, one, held, expires_on), wanted))
        if dice.random() < 0.4:
            additions.append(Addition(f"a{len(additions)}", one, dice.randint(1, 4)))
    request = RenewalRequest("L", ON, 1, True, tuple(choices), tuple(additions))
    surface = Surface(request, PriceTables("list", tables, {"standard": Decimal(10)}))
    needed = dict(surface.asked)
    if dice.random() < 0.4:
        needed = {subject.code: dice.randint(0, subject.held + 2) for subject in surface.subjects}
    return Case(surface, needed, dice.choice([1, 1, 2, 3, 4]))


def _table(dice: random.Random, code: str, *, is_tidy: bool) -> PriceTable:
    starts = sorted(dice.sample(range(1, LARGEST_STEP + 1), dice.randint(1, 4)))
    if is_tidy:
        starts[0] = 1
    prices = [dice.randint(0, 60) for _ in starts]
    if is_tidy:
        prices.sort(reverse=True)
    names = "ABCD"[: len(starts)] if is_tidy or dice.random() < 0.7 else dice.sample("ABCD", len(starts))
    ranks = tuple(
        PriceRank(
            name, start, price, None if not is_tidy and dice.random() < 0.15 else price * dice.choice([0, 1, 2, 2])
        )
        for name, start, price in zip(names, starts, prices, strict=True)
    )
    return PriceTable(code, dice.choice([1, 1, 2, 4]), ranks, {2: Decimal(10), 3: Decimal("33.3"), 4: Decimal(100)})


def walk(surface: Surface, needed: dict[str, int], *, years: int, among: set[str] | None = None) -> int | None:
    """The least subtotal of all quantities from what is needed to beyond every step: each of them priced by itself."""
    tops = {subject.code: max(needed[subject.code], subject.held) for subject in surface.subjects}
    largest = max((tops[subject.code] + subject.left_out for subject in surface.subjects), default=0)
    left_out = sum(one.holding.quantity for one in surface.request.holdings if one.renewal_quantity is None)
    ranges = [
        range(needed[subject.code], max(tops[subject.code] + LARGEST_STEP, largest, left_out) + 2)
        if among is None or subject.code in among
        else [needed[subject.code]]
        for subject in surface.subjects
    ]
    codes = [subject.code for subject in surface.subjects]
    found = []
    for quantities in every(*ranges):
        request = surface.request_at(dict(zip(codes, quantities, strict=True)), years=years)
        pricing = price_renewal(request, surface.price_tables)
        if not pricing.is_refused:
            found.append(pricing.subtotal)
    return min(found, default=None)
