"""(a) How many four-line license IDs the engine prices per second on one core, with the trace."""

import csv
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from time import thread_time

from pricing.engine.renewal import price_renewal
from pricing.engine.trace import explain
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

from .measure import time_in_turns, typical
from .results import Result

PRICES = Path(__file__).resolve().parents[2] / "sample" / "price_table.csv"
GOAL = 20_000
ON = date(2026, 11, 23)
SHARING = ("SMP-CC", "SMP-CS", "SMP-SW", "SMP-IM")
SINGLE = ("SMP-BS", "SMP-DS", "SMP-WM", "SMP-SL")
DISCOUNTS = {"SMP-WM": {2: Decimal(3), 3: Decimal(8), 4: Decimal(10), 5: Decimal(12), 6: Decimal(12)}}
PROGRAMMES = {
    "TRSL": Programme("TRSL", "TRSL", RankBasis.LARGEST_PRODUCT),
    "通常": Programme("通常", "通常", RankBasis.OWN_QUANTITY),
}
LICENSE_IDS = 250
"""How many different ones a round prices of each kind."""


def read_prices() -> tuple[dict[str, Product], PriceTables]:
    """The sample price list as engine values."""
    products, tables = {}, {}
    with PRICES.open(encoding="utf-8-sig", newline="") as file:
        for code, group in groupby(csv.DictReader(file), key=lambda row: row["product_code"]):
            rows = list(group)
            products[code] = Product(code, rows[0]["product_name"], PROGRAMMES[rows[0]["programme"]], code in DISCOUNTS)
            ranks = (
                PriceRank(
                    row["rank"], int(row["qty_from"]), int(row["renew_unit_price"]), int(row["add_unit_price"] or 0)
                )
                for row in rows
            )
            tables[code] = PriceTable(code, int(rows[0]["min_renew_qty"]), tuple(ranks), DISCOUNTS.get(code, {}))
    return products, PriceTables("Sample", tables, {"standard": Decimal(10)})


def trsl(dice: random.Random, products: Mapping[str, Product]) -> RenewalRequest:
    """Four products of one programme, which share one rank; all renewed."""
    return request_of(dice, [products[code] for code in SHARING])


def single(dice: random.Random, products: Mapping[str, Product]) -> RenewalRequest:
    """Four products, each by its own quantity, one of them with a multi-year discount."""
    return request_of(dice, [products[code] for code in SINGLE])


def mixed(dice: random.Random, products: Mapping[str, Product]) -> RenewalRequest:
    """Two products that share one rank and two others; warned of."""
    return request_of(dice, [products[code] for code in (*SHARING[:2], *SINGLE[:2])])


def reduced(dice: random.Random, products: Mapping[str, Product]) -> RenewalRequest:
    """Four products of one rank, two of them reduced; with the comparison with keeping everything."""
    return request_of(dice, [products[code] for code in SHARING], reduced=2)


def added(dice: random.Random, products: Mapping[str, Product]) -> RenewalRequest:
    """Two products of one rank renewed and two added, one held already and one new."""
    return request_of(dice, [products[code] for code in SHARING[:2]], [products[code] for code in SHARING[1:3]])


SHAPES: dict[str, Callable[[random.Random, Mapping[str, Product]], RenewalRequest]] = {
    "4 products of one programme, one rank": trsl,
    "4 products ranked singly": single,
    "2 of one rank + 2 others": mixed,
    "2 renewed + 2 added": added,
    "4 reduced, compared with keeping": reduced,
}


def request_of(
    dice: random.Random, renewed: Sequence[Product], added: Sequence[Product] = (), *, reduced: int = 0
) -> RenewalRequest:
    choices = []
    for position, product in enumerate(renewed):
        held = dice.randrange(40, 1500)
        expires_on = ON + timedelta(days=dice.randrange(90))
        quantity = held - dice.randrange(1, 30) if position < reduced else held
        choices.append(HoldingChoice(Holding(f"{position}", product, held, expires_on), quantity))
    additions = [Addition(f"+{position}", product, dice.randrange(10, 200)) for position, product in enumerate(added)]
    return RenewalRequest(
        license_id=f"LIC-{dice.randrange(10**6)}",
        on=ON,
        years=dice.choice((1, 1, 1, 2, 3, 5)),
        is_reduced=bool(reduced),
        holdings=tuple(choices),
        additions=tuple(additions),
    )


def price_all(requests: Sequence[RenewalRequest], tables: PriceTables) -> None:
    for request in requests:
        explain(price_renewal(request, tables))


def measure(*, rounds: int = 60, license_ids: int = LICENSE_IDS) -> list[Result]:
    """License IDs per second of each kind, one after the other on one core."""
    products, tables = read_prices()
    dice = random.Random(20261123)
    works = {}
    for name, make in SHAPES.items():
        requests = [make(dice, products) for _ in range(license_ids)]
        for request in requests:
            pricing = price_renewal(request, tables)
            if pricing.is_refused or len(pricing.lines) != 4:
                raise AssertionError(f"{name}: not four lines: {pricing.problems}")
        works[name] = lambda requests=requests: price_all(requests, tables)
    seconds = time_in_turns(works, rounds=rounds, clock=thread_time)
    return [
        Result(f"Engine: {name}", license_ids / typical(seconds[name]), "license IDs/s with trace", at_least=GOAL)
        for name in works
    ]
