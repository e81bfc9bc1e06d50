"""What is left of a price after the reseller's own cost. Plain Python: no database, no clock.

How to use it, also before anything is issued:

    rates = rates_on(reseller=customer.reseller, codes=[...], on=day)     # pricing.costs.queries, one query
    margins = line_margins(document, rates)                               # of a document (an Offer's, a quote's)
    margins = margins_of(calculation.pricing, rates)                      # renewals.calculation.margins: not issued
    margins.margin, margins.percent, margins.uncovered                    # yen, Decimal("12.34"), lines without a rate
    [line.percent for line in margins.lines]                              # None where a line has no rate

A threshold asks `percent is not None and percent < least`; what is not covered has no margin, and is never guessed:
look at `uncovered` (or `is_covered`) too before saying that a quote is above a threshold.

Rounding (docs/decisions/0049): a cost is rounded up to the yen, line by line, and a percentage down to two decimals, so
no margin is shown higher than it is. Yen are `int`, without tax.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Literal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Rate:
    """A cost rate that is in force."""

    percent: Decimal
    """Of the list amount."""
    of: Literal["product", "programme"]
    effective_on: date


@dataclass(frozen=True, slots=True)
class SoldLine:
    """What a margin is worked out of. Yen, tax excluded."""

    product_code: str
    """Empty: a line of the reseller's own, which has a cost of its own instead of a rate."""
    list_amount: int
    """By the price list (R10, R11)."""
    amount: int
    """What it is offered at (R20)."""
    quantity: int = 1
    unit_cost: int | None = None
    """Of a line of the reseller's own (R23): what one costs; None: nobody has said."""


@dataclass(frozen=True, slots=True)
class LineMargin:
    """A line with its cost. Yen, tax excluded."""

    line: SoldLine
    rate: Rate | None
    """None: there is none, so there is neither a cost nor a margin, unless the line says its own."""

    @property
    def cost(self) -> int | None:
        if self.line.unit_cost is not None:
            return self.line.unit_cost * self.line.quantity
        return None if self.rate is None else cost_of(self.line.list_amount, self.rate.percent)

    @property
    def margin(self) -> int | None:
        """Below zero where it is sold at a loss."""
        return None if self.cost is None else self.line.amount - self.cost

    @property
    def percent(self) -> Decimal | None:
        """Of what it is offered at; None without a rate, and where it is given away."""
        return None if self.margin is None else percent_of_sales(self.margin, self.line.amount)


@dataclass(frozen=True, slots=True)
class MarginTotals:
    """The margins of all lines of a quote, in their order, and of the whole. Yen, tax excluded."""

    lines: tuple[LineMargin, ...]
    reduction: int = 0
    """値引き on the whole quote, beside what the lines are offered at (R20)."""

    @property
    def subtotal(self) -> int:
        """What the whole quote is offered at."""
        return sum(one.line.amount for one in self.lines) - self.reduction

    @property
    def covered(self) -> int:
        """What of it has a cost. A reduction on the whole falls on it in proportion, rounded up."""
        amount = sum(one.line.amount for one in self.lines if one.cost is not None)
        whole = sum(one.line.amount for one in self.lines)
        return amount - (-(-self.reduction * amount // whole) if whole else 0)

    @property
    def uncovered(self) -> tuple[int, ...]:
        """The numbers, from 1, of the lines without a rate or cost."""
        return tuple(number for number, one in enumerate(self.lines, start=1) if one.cost is None)

    @property
    def uncovered_lines(self) -> int:
        """How many they are."""
        return len(self.uncovered)

    @property
    def is_covered(self) -> bool:
        """Whether the margin is that of the whole quote."""
        return not self.uncovered

    @property
    def has_rates(self) -> bool:
        """Whether any line has a rate or cost: else there is nothing to say."""
        return any(one.cost is not None for one in self.lines)

    @property
    def cost(self) -> int | None:
        """Of what has a rate; None: nothing has."""
        return sum(one.cost or 0 for one in self.lines) if self.has_rates else None

    @property
    def margin(self) -> int | None:
        """Of what has a rate; None: nothing has."""
        return None if self.cost is None else self.covered - self.cost

    @property
    def percent(self) -> Decimal | None:
        """Of what it is offered at, as far as it has a rate; None: nothing has, or it is given away."""
        return None if self.margin is None else percent_of_sales(self.margin, self.covered)


def line_margins(
    document: Mapping[str, Any], rates: Mapping[str, Rate], costs: Sequence[int | None] = ()
) -> MarginTotals:
    """The margins of a document (`quotes.paper.document.Document`), issued or not. `rates` by product code; `costs` of
    one of each of the reseller's own lines, in their order.
    """
    reduction = (document.get("offers") or {}).get("reduction", 0)
    return sum_margins(sold_lines(document, costs), rates, reduction=int(reduction))


def sold_lines(document: Mapping[str, Any], costs: Sequence[int | None] = ()) -> list[SoldLine]:
    """The lines of a document, in their order; behind them the reseller's own (R23), each with what one of it costs."""
    sold = [
        SoldLine(
            line["product_code"], int((line.get("offer") or {}).get("list_amount", line["amount"])), line["amount"]
        )
        for line in document["lines"]
    ]
    own = document.get("free_lines", ())
    return sold + [
        free_line(line["amount"], line["quantity"], cost)
        for line, cost in zip(own, costs or [None] * len(own), strict=True)
    ]


def free_line(amount: int, quantity: int, unit_cost: int | None) -> SoldLine:
    """A line of the reseller's own."""
    return SoldLine("", amount, amount, quantity, unit_cost)


def sum_margins(lines: Iterable[SoldLine], rates: Mapping[str, Rate], *, reduction: int) -> MarginTotals:
    """The margins of these lines, each by the rate of its product."""
    return MarginTotals(tuple(LineMargin(line, rates.get(line.product_code)) for line in lines), reduction)


def cost_of(list_amount: int, percent: Decimal) -> int:
    """So many percent of the list amount, rounded up to the yen."""
    numerator, denominator = percent.as_integer_ratio()
    return -(-list_amount * numerator // (denominator * 100))


def percent_of_sales(margin: int, amount: int) -> Decimal | None:
    """A margin in percent of what is sold, two decimals, rounded down; None where nothing is asked for it."""
    if amount <= 0:
        return None
    return (Decimal(margin * 100) / amount).quantize(CENT, ROUND_FLOOR)


def codes_of(lines: Sequence[SoldLine]) -> set[str]:
    """The products whose rates are asked for."""
    return {line.product_code for line in lines} - {""}
