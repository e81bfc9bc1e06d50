"""What is left of a price after the reseller's own cost: exact yen, and nothing where there is no rate."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pricing.costs.margins import MarginTotals, Rate, SoldLine, cost_of, line_margins, percent_of_sales, sum_margins

DAY = date(2026, 10, 1)


def rate(percent: str) -> Rate:
    return Rate(Decimal(percent), "product", DAY)


def told(totals: MarginTotals) -> tuple[Any, ...]:
    return totals.subtotal, totals.covered, totals.cost, totals.margin, totals.percent, totals.uncovered


@pytest.mark.parametrize(
    ("amount", "percent", "cost"),
    [
        (192_000, "80", 153_600),
        (192_000, "72.35", 138_912),
        (101, "80", 81),
        (1, "1", 1),
        (0, "80", 0),
        (999_999_999_999, "33.33", 333_299_999_999 + 1),
        (100, "100.00", 100),
    ],
)
def test_a_cost_is_rounded_up_to_the_yen(amount: int, percent: str, cost: int) -> None:
    assert cost_of(amount, Decimal(percent)) == cost


@pytest.mark.parametrize(
    ("margin", "amount", "percent"),
    [
        (20_000, 100_000, "20.00"),
        (1, 3, "33.33"),
        (2, 3, "66.66"),
        (-1, 3, "-33.34"),
        (-50, 100, "-50.00"),
        (0, 100, "0.00"),
    ],
)
def test_a_percentage_is_rounded_down(margin: int, amount: int, percent: str) -> None:
    assert percent_of_sales(margin, amount) == Decimal(percent)


@pytest.mark.parametrize("amount", [0, -1])
def test_of_what_is_given_away_there_is_no_percentage(amount: int) -> None:
    assert percent_of_sales(amount, amount) is None


def test_the_cost_is_of_the_list_amount_whatever_is_offered() -> None:
    """E15: list 192,000, offered 172,800, a further 2,800 on the whole."""
    totals = sum_margins([SoldLine("SMP-CC", 192_000, 172_800)], {"SMP-CC": rate("80")}, reduction=2_800)
    assert told(totals) == (170_000, 170_000, 153_600, 16_400, Decimal("9.64"), ())
    [line] = totals.lines
    assert (line.cost, line.margin, line.percent) == (153_600, 19_200, Decimal("11.11"))


def test_a_line_without_a_rate_has_no_margin_and_takes_its_share_of_the_reduction() -> None:
    lines = [SoldLine("A", 100_000, 90_000), SoldLine("B", 30_000, 30_000), SoldLine("", 50_000, 50_000)]
    totals = sum_margins(lines, {"A": rate("70")}, reduction=1_001)
    # of 1,001 yen 90/170 fall on the covered line: 529.94, rounded up
    assert told(totals) == (168_999, 89_470, 70_000, 19_470, Decimal("21.76"), (2, 3))
    assert [(line.cost, line.margin, line.percent) for line in totals.lines] == [
        (70_000, 20_000, Decimal("22.22")),
        (None, None, None),
        (None, None, None),
    ]
    assert (totals.has_rates, totals.is_covered) == (True, False)


def test_without_any_rate_there_is_nothing_to_say() -> None:
    totals = sum_margins([SoldLine("A", 100, 100)], {}, reduction=10)
    assert told(totals) == (90, 0, None, None, None, (1,))
    assert (totals.has_rates, totals.is_covered) == (False, False)


def test_what_is_given_away_costs_all_the_same() -> None:
    totals = sum_margins([SoldLine("A", 1_000, 0)], {"A": rate("80")}, reduction=0)
    assert told(totals) == (0, 0, 800, -800, None, ())


def test_a_document_says_all_that_is_needed() -> None:
    document: dict[str, Any] = {
        "lines": [
            {"product_code": "A", "amount": 172_800, "offer": {"list_amount": 192_000, "percent": "10"}},
            {"product_code": "B", "amount": 50_000},
        ],
        "offers": {"is_list_shown": False, "list_subtotal": 242_000, "lines_subtotal": 222_800, "reduction": 2_800},
    }
    totals = line_margins(document, {"A": rate("80"), "B": rate("50")})
    assert told(totals) == (220_000, 220_000, 178_600, 41_400, Decimal("18.81"), ())
    del document["offers"]
    assert line_margins(document, {}).subtotal == 222_800
